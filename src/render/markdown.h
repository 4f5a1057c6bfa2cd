#pragma once

#include <string>
#include <string_view>

namespace advisor {

/// Any bytes as a part of a line in GitHub-flavoured Markdown, in which nothing is markup: control
/// characters are `?`, line ends are blanks. What sites make of it beyond that, such as links of
/// @names, is theirs.
std::string markdown_text(std::string_view bytes);

/// The same as code: a name, a value, a command.
std::string markdown_code(std::string_view bytes);

/// A sentence of ours, in which commands stand between backticks: these are code, and all else is
/// as in markdown_text().
std::string markdown_prose(std::string_view sentence);

/// A link to an address of the web, or the text alone if that is none.
std::string markdown_link(std::string_view text, std::string_view address);

/// Several lines of code.
std::string markdown_code_block(std::string_view lines);

}  // namespace advisor
