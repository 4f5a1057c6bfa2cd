#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace advisor {

/// A JSON object with one more member at its end, "checksum": 16 hexadecimal digits, the FNV-1a
/// hash (64 bit) of every byte that stands before that member and its comma. Any one byte that is
/// changed changes the hash; so do all but one in 2^64 of larger damages.
std::string sealed(std::string_view object);

/// The object without its seal; nothing if one byte of the whole is not as it was sealed.
std::optional<std::string> unsealed(std::string_view text);

}  // namespace advisor
