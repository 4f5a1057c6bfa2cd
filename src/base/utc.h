#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace advisor {

/// A time by the wall clock as our documents hold it, "2026-11-22T22:01:56Z", in seconds since
/// 1970; nothing if the text is no such time.
std::optional<int64_t> parse_utc(const std::string& text);

/// The other way round.
std::string utc_text(int64_t seconds);

}  // namespace advisor
