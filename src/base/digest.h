#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace advisor {

/// FIPS 180-4.
using Sha256 = std::array<uint8_t, 32>;
Sha256 sha256(std::string_view bytes);

/// RFC 2104, with SHA-256.
Sha256 hmac_sha256(std::string_view key, std::string_view message);

/// Two digits for each byte.
std::string hexadecimal(std::span<const uint8_t> bytes);

/// What `systemd-id128 machine-id --app-specific=` prints of this id for this program: it tells one
/// machine, or boot, from another, and the id cannot be told from it. Takes 32 hexadecimal digits
/// with or without dashes; nothing for another text, or if all of them are 0.
std::optional<std::string> hashed_id(std::string_view id);

}  // namespace advisor
