#include "model/kernel_version.h"

#include <charconv>
#include <system_error>

namespace advisor {

std::optional<KernelVersion> KernelVersion::parse(std::string_view release) {
  KernelVersion version;
  const char* at = release.data();
  const char* const end = at + release.size();
  for (size_t i = 0; i < version.numbers.size(); ++i) {
    const auto [after, failure] = std::from_chars(at, end, version.numbers[i]);
    if (failure != std::errc()) return i == 0 ? std::nullopt : std::optional(version);
    if (after == end || *after != '.') return version;
    at = after + 1;
  }
  return version;
}

}  // namespace advisor
