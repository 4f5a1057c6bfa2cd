#pragma once

#include <array>
#include <compare>
#include <optional>
#include <string_view>

namespace advisor {

/// The numbers that a kernel release begins with: "6.1.0-18-amd64" is 6.1.0.
struct KernelVersion {
  std::array<int, 3> numbers{};

  /// Nothing if the text does not begin with a number.
  static std::optional<KernelVersion> parse(std::string_view release);

  auto operator<=>(const KernelVersion&) const = default;
};

}  // namespace advisor
