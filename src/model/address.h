#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>

namespace advisor {

/// An IPv4 or IPv6 address. IPv4-mapped IPv6 addresses (::ffff:10.0.0.1) are kept as IPv4, since
/// the kernel takes their ports from the same space.
class IpAddress {
 public:
  IpAddress() = default;
  /// Both from bytes in network order.
  static IpAddress v4(const uint8_t* bytes);
  static IpAddress v6(const uint8_t* bytes);

  /// As text() writes it; nothing if it is no address.
  static std::optional<IpAddress> parse(const std::string& text);

  bool is_v4() const { return is_v4_; }
  /// 127.0.0.0/8 or ::1
  bool is_loopback() const;
  const std::array<uint8_t, 16>& bytes() const { return bytes_; }

  /// As inet_ntop(3) writes it.
  std::string text() const;

  auto operator<=>(const IpAddress&) const = default;

 private:
  std::array<uint8_t, 16> bytes_{};
  bool is_v4_ = true;
};

/// "10.0.0.5:8080", "[2001:db8::1]:443".
std::string endpoint_text(const IpAddress& address, uint16_t port);

}  // namespace advisor
