#include "base/digest.h"

#include <fmt/format.h>
#include <sha2.h>

#include <algorithm>

#include "base/text.h"

namespace advisor {
namespace {

constexpr size_t kIdBytes = 16;

/// What ids are hashed for: f76306fa-22a5-4e0c-a878-8bfd4ba14a97. Another one makes other hosts of
/// all that were ever seen.
constexpr std::string_view kApplication = "f76306fa22a54e0ca8788bfd4ba14a97";

/// The bytes of an id; nothing if the text is none.
std::optional<std::string> bytes_of_id(std::string_view text) {
  std::string digits(text);
  std::erase(digits, '-');
  if (digits.size() != 2 * kIdBytes) return std::nullopt;
  std::string bytes;
  for (size_t at = 0; at < digits.size(); at += 2) {
    const std::string_view pair = std::string_view(digits).substr(at, 2);
    const auto byte = parse_unsigned(pair, 16);
    if (!byte) return std::nullopt;
    bytes += char(*byte);
  }
  const bool is_null = std::ranges::all_of(bytes, [](char byte) { return byte == 0; });
  return is_null ? std::nullopt : std::optional(std::move(bytes));
}

std::string_view as_text(const Sha256& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

}  // namespace

Sha256 sha256(std::string_view bytes) {
  SHA2_CTX context;
  Sha256 digest;
  SHA256Init(&context);
  SHA256Update(&context, reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
  SHA256Final(digest.data(), &context);
  return digest;
}

Sha256 hmac_sha256(std::string_view key, std::string_view message) {
  std::string block(key.size() > SHA256_BLOCK_LENGTH ? as_text(sha256(key)) : key);
  block.resize(SHA256_BLOCK_LENGTH, '\0');
  const auto masked = [&](char mask) {
    std::string text = block;
    for (char& byte : text) byte = char(byte ^ mask);
    return text;
  };
  const Sha256 inner = sha256(masked(0x36).append(message));
  return sha256(masked(0x5c).append(as_text(inner)));
}

std::string hexadecimal(std::span<const uint8_t> bytes) {
  std::string text;
  for (const uint8_t byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

std::optional<std::string> hashed_id(std::string_view id) {
  const auto key = bytes_of_id(id);
  if (!key) return std::nullopt;
  Sha256 digest = hmac_sha256(*key, *bytes_of_id(kApplication));
  // As systemd makes a UUID of version 4 of it (RFC 9562).
  digest[6] = uint8_t((digest[6] & 0x0f) | 0x40);
  digest[8] = uint8_t((digest[8] & 0x3f) | 0x80);
  return hexadecimal(std::span(digest).first(kIdBytes));
}

}  // namespace advisor
