#include "model/proc_endpoint.h"

#include <array>
#include <cstring>

#include "base/text.h"

namespace advisor {
namespace {

constexpr int kHexadecimal = 16;
constexpr size_t kWordDigits = 8;

std::optional<IpAddress> parse_words(std::string_view hex) {
  std::array<uint8_t, 16> bytes{};
  if (hex.size() != kWordDigits && hex.size() != 4 * kWordDigits) return std::nullopt;
  for (size_t word = 0; word * kWordDigits < hex.size(); ++word) {
    const auto number = parse_unsigned(hex.substr(word * kWordDigits, kWordDigits), kHexadecimal);
    if (!number) return std::nullopt;
    const auto in_host_order = uint32_t(*number);
    std::memcpy(bytes.data() + word * sizeof in_host_order, &in_host_order, sizeof in_host_order);
  }
  return hex.size() == kWordDigits ? IpAddress::v4(bytes.data()) : IpAddress::v6(bytes.data());
}

}  // namespace

std::optional<Endpoint> parse_proc_endpoint(std::string_view text) {
  const size_t colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto port = parse_unsigned(text.substr(colon + 1), kHexadecimal);
  const auto address = parse_words(text.substr(0, colon));
  if (!port || *port > UINT16_MAX || !address) return std::nullopt;
  return Endpoint{*address, uint16_t(*port)};
}

}  // namespace advisor
