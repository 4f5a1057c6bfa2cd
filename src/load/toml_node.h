#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/diagnostic.h"
#include "base/text.h"

namespace advisor {

/// The lines of a text, split once for many who ask for one. The text must outlive it.
class SourceLines {
 public:
  explicit SourceLines(std::string_view text) : lines_(split_lines(text)) {}
  /// Line `line`, counted from 1, without its end; empty if there is none, or if it is too long to
  /// find a place in.
  std::string shown(int line) const;

 private:
  std::vector<std::string_view> lines_;
};

/// A text that somebody wrote, and where it came from.
struct SourceText {
  SharedText file;
  std::string text;
  /// What the build made of it, where it did (load/packed_files.h): it was found right then.
  std::string_view packed = {};
  /// In place of `text` where that is a part of the program: it is seldom looked at.
  std::string_view embedded = {};

  std::string_view content() const { return embedded.empty() ? std::string_view(text) : embedded; }

  /// As SourceLines::shown().
  std::string line(int line) const { return SourceLines(content()).shown(line); }
  /// Where byte `offset` stands.
  SourceLocation location_of(size_t offset) const;
  /// The first byte of what stands there; the end of the line, or of the text, if nothing does.
  size_t offset_of(const SourceLocation& where) const;
};

struct TomlEntry;
using TomlArray = std::vector<struct TomlNode>;
using TomlTable = std::vector<TomlEntry>;  ///< sorted by key

/// A TOML value and the place it stands at. Dates and times are not accepted.
struct TomlNode {
  std::variant<bool, int64_t, double, std::string, TomlArray, TomlTable> value;
  SourceLocation where;

  template <typename T>
  const T* as() const {
    return std::get_if<T>(&value);
  }
  /// "text", "a whole number", "a table" ...
  const char* kind() const;
};

struct TomlEntry {
  std::string key;
  SourceLocation key_where;
  TomlNode value;
};

/// Reads a TOML document; the root is a table. One that is not TOML is one diagnostic.
std::variant<TomlNode, Diagnostic> parse_toml(const SourceText& source);

/// Where byte `offset` of the string `node` stands in its source; escapes and the quotes are
/// accounted for.
SourceLocation location_within(const TomlNode& node, size_t offset, const SourceText& source);

}  // namespace advisor
