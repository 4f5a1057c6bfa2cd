#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace advisor {

/// A JSON object with one more member at its end, "checksum": 16 hexadecimal digits, the FNV-1a
/// hash (64 bit) of every byte that stands before that member and its comma. Changing any one byte
/// changes the hash; of larger damages one in 2^64 goes unnoticed.
std::string sealed(std::string_view object);

/// The object without its seal; nothing if any byte of the whole was changed.
std::optional<std::string> unsealed(std::string_view text);

}  // namespace advisor
