#pragma once

#include <cstddef>
#include <string>

namespace advisor {

/// How text for a person is set.
struct TextStyle {
  bool color = false;    ///< SGR sequences, on a terminal only
  bool verbose = false;  ///< also what is fine
  size_t width = 80;     ///< columns
};

/// The text between the SGR sequences of `code` ("1", "31"), if the style has colours.
std::string painted(const std::string& text, const char* code, const TextStyle& style);

/// "  Label     text", the text wrapped under itself; nothing if there is no text.
std::string labelled(const std::string& label, const std::string& text, const TextStyle& style);

}  // namespace advisor
