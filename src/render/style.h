#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace advisor {

/// How text for a person is set.
struct TextStyle {
  bool color = false;    ///< SGR sequences, on a terminal only
  bool verbose = false;  ///< also what is fine
  size_t width = 80;     ///< columns
};

/// The text of a value, or "(empty)".
std::string shown(std::string_view value);

/// The text between the SGR sequences of `code` ("1", "31"), if the style has colours.
std::string painted(std::string_view text, const char* code, const TextStyle& style);

/// "  Label     text", the text wrapped under itself; nothing if there is no text.
std::string labelled(std::string_view label, std::string_view text, const TextStyle& style);

}  // namespace advisor
