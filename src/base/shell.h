#pragma once

#include <string>
#include <string_view>

namespace advisor {

/// The text as a shell takes it for one word, whatever is in it: "it's" -> "'it'\''s'".
std::string shell_quoted(std::string_view text);

/// The same, but without quotes where a shell needs none.
std::string shell_word(std::string_view text);

}  // namespace advisor
