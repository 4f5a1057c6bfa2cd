#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace advisor {

/// One `key = value` of a file with `[sections]`.
struct IniEntry {
  std::string section;  ///< empty before the first heading
  std::string key;
  std::string value;  ///< without the blanks and one pair of quotes around it
  int line = 0;       ///< from 1
};

/// How the reader of a file takes what stands behind a value.
enum class InlineComments {
  kNone,
  kAfterBlank,  ///< ` #` begins one, as TuneD has it
};

/// The entries in the order in which they stand. Lines that begin with `#` or `;`, and those that
/// are neither a heading nor an entry, are passed over.
std::vector<IniEntry> parse_ini(std::string_view text, InlineComments comments);

}  // namespace advisor
