#include "model/address.h"

#include <arpa/inet.h>

namespace advisor {

std::optional<IpAddress> IpAddress::parse(const std::string& text) {
  std::array<uint8_t, 16> bytes{};
  if (text.find('\0') != std::string::npos) return std::nullopt;
  if (inet_pton(AF_INET, text.c_str(), bytes.data()) == 1) return v4(bytes.data());
  if (inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1) return v6(bytes.data());
  return std::nullopt;
}

std::string IpAddress::text() const {
  char text[INET6_ADDRSTRLEN] = {};
  inet_ntop(is_v4_ ? AF_INET : AF_INET6, bytes_.data(), text, sizeof text);
  return text;
}

std::string endpoint_text(const IpAddress& address, uint16_t port) {
  const std::string host = address.is_v4() ? address.text() : "[" + address.text() + "]";
  return host + ":" + std::to_string(port);
}

}  // namespace advisor
