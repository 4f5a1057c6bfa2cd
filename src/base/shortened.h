#pragma once

#include <cstdint>
#include <string>

namespace advisor {

/// The text, if it has at most `most` bytes (at least 3); else its beginning with "..." behind it,
/// of as many bytes at most. No character in UTF-8 is cut through.
inline std::string shortened(std::string text, size_t most) {
  constexpr const char* kCut = "...";
  constexpr size_t kCutSize = 3;
  if (text.size() <= most) return text;
  size_t size = most - kCutSize;
  while (size > 0 && (uint8_t(text[size]) & 0xc0) == 0x80) --size;
  text.resize(size);
  return text.append(kCut);
}

}  // namespace advisor
