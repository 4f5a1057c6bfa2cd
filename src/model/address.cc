#include "model/address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>

namespace advisor {

IpAddress IpAddress::v4(const uint8_t* bytes) {
  IpAddress address;
  std::copy_n(bytes, 4, address.bytes_.begin());
  return address;
}

IpAddress IpAddress::v6(const uint8_t* bytes) {
  constexpr std::array<uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (std::memcmp(bytes, kMapped.data(), kMapped.size()) == 0) return v4(bytes + kMapped.size());
  IpAddress address;
  address.is_v4_ = false;
  std::copy_n(bytes, 16, address.bytes_.begin());
  return address;
}

std::optional<IpAddress> IpAddress::parse(const std::string& text) {
  std::array<uint8_t, 16> bytes{};
  if (text.find('\0') != std::string::npos) return std::nullopt;
  if (inet_pton(AF_INET, text.c_str(), bytes.data()) == 1) return v4(bytes.data());
  if (inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1) return v6(bytes.data());
  return std::nullopt;
}

bool IpAddress::is_loopback() const {
  if (is_v4_) return bytes_[0] == 127;
  return bytes_[15] == 1 &&
         std::all_of(bytes_.begin(), bytes_.end() - 1, [](uint8_t byte) { return byte == 0; });
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
