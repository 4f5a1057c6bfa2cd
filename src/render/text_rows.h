#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "render/style.h"

namespace advisor {

/// A row of a list: "  label  text", the text wrapped under itself.
struct TextRow {
  std::string label;
  std::string text;
};

/// The first `most` rows, whose texts stand below each other, and how many more of `all` there are,
/// with the words for how to see them.
std::string text_rows(const std::vector<TextRow>& rows, size_t most, size_t all,
                      std::string_view way_to_see, const TextStyle& style);

/// A part of an answer under its title; nothing if there is no text.
std::string text_section(std::string_view title, const std::string& text, const TextStyle& style);

}  // namespace advisor
