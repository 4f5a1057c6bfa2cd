#include "apply/seal.h"

#include <fmt/format.h>

#include <cstdint>

namespace advisor {
namespace {

constexpr std::string_view kEnd = "\n}\n";
constexpr std::string_view kMember = ",\n  \"checksum\": \"";

uint64_t fnv1a(std::string_view bytes) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const char byte : bytes) {
    hash ^= uint8_t(byte);
    hash *= 0x100000001b3;
  }
  return hash;
}

}  // namespace

std::string sealed(std::string_view object) {
  if (object.ends_with(kEnd)) object.remove_suffix(kEnd.size());
  return fmt::format("{}{}{:016x}\"{}", object, kMember, fnv1a(object), kEnd);
}

std::optional<std::string> unsealed(std::string_view text) {
  const size_t member = text.rfind(kMember);
  if (member == std::string_view::npos) return std::nullopt;
  std::string object(text.substr(0, member));
  object += kEnd;
  // The end is compared as well, so that even a missing line end is noticed.
  if (sealed(object) != text) return std::nullopt;
  return object;
}

}  // namespace advisor
