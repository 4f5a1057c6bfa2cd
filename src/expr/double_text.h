#pragma once

#include <optional>
#include <string_view>

namespace advisor::expr {

/// A double as CEL writes one, also "inf" and "nan". What is too small to tell from 0 is 0; nothing
/// for what is too large, and for any other text.
std::optional<double> parse_double(std::string_view text);

}  // namespace advisor::expr
