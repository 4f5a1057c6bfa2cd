#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace advisor {

/// A whole number as the kernel reads one (proc_get_long in kernel/sysctl.c): a sign of its own, so
/// that 2^64-1 and -2^63 both fit.
struct KernelNumber {
  bool negative = false;
  uint64_t magnitude = 0;

  /// 0x20 is 32 and 010 is 8; the only sign is a minus. Nothing for any other text, and for one of
  /// more than 20 characters, which the kernel refuses whatever it means.
  static std::optional<KernelNumber> parse(std::string_view word);
  static KernelNumber of(int64_t number);

  /// Nothing if an int64_t does not hold it.
  std::optional<int64_t> small() const;
  std::string text() const;

  bool operator==(const KernelNumber& other) const { return (*this <=> other) == 0; }
  std::strong_ordering operator<=>(const KernelNumber& other) const;
};

}  // namespace advisor
