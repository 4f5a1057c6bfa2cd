#pragma once

#include <array>
#include <bit>
#include <compare>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>

namespace advisor {

/// An IPv4 or IPv6 address. IPv4-mapped IPv6 addresses (::ffff:10.0.0.1) are kept as IPv4, since
/// the kernel takes their ports from the same space.
class IpAddress {
 public:
  IpAddress() = default;
  /// Both from bytes in network order. Inline, as what each of a million rows asks for.
  static IpAddress v4(const uint8_t* bytes) {
    std::array<uint64_t, 2> halves{};
    std::memcpy(halves.data(), bytes, 4);
    IpAddress address;
    address.bytes_ = std::bit_cast<std::array<uint8_t, 16>>(halves);
    return address;
  }
  static IpAddress v6(const uint8_t* bytes) {
    constexpr std::array<uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    if (std::memcmp(bytes, kMapped.data(), kMapped.size()) == 0) return v4(bytes + kMapped.size());
    IpAddress address;
    address.is_v4_ = false;
    std::memcpy(address.bytes_.data(), bytes, address.bytes_.size());
    return address;
  }

  /// As text() writes it; nothing if it is no address.
  static std::optional<IpAddress> parse(const std::string& text);

  bool is_v4() const { return is_v4_; }
  /// 0.0.0.0 or ::, of a socket that has no address of its own
  bool is_unspecified() const { return halves() == std::array<uint64_t, 2>{}; }
  /// 127.0.0.0/8 or ::1
  bool is_loopback() const { return is_v4_ ? bytes_[0] == 127 : halves() == kLoopback; }
  const std::array<uint8_t, 16>& bytes() const { return bytes_; }

  /// As inet_ntop(3) writes it.
  std::string text() const;

  auto operator<=>(const IpAddress&) const = default;
  bool operator==(const IpAddress& other) const {
    return is_v4_ == other.is_v4_ && halves() == other.halves();
  }
  /// The bytes as two numbers in the host's byte order: cheap to compare and to hash.
  std::array<uint64_t, 2> halves() const { return std::bit_cast<std::array<uint64_t, 2>>(bytes_); }

 private:
  static constexpr std::array<uint64_t, 2> kLoopback = std::bit_cast<std::array<uint64_t, 2>>(
      std::array<uint8_t, 16>{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});

  std::array<uint8_t, 16> bytes_{};
  bool is_v4_ = true;
};

/// "10.0.0.5:8080", "[2001:db8::1]:443".
std::string endpoint_text(const IpAddress& address, uint16_t port);

}  // namespace advisor
