#include "rules/toml_node.h"

#include <toml++/toml.h>

#include <algorithm>

#include "base/text.h"
#include "rules/preparsed.h"

namespace advisor {
namespace {

/// Nothing we read is nested deeper; keys with thousands of dots are not what they seem.
constexpr int kDeepest = 32;

SourceLocation location_of(const toml::source_region& region, const SourceText& source) {
  return {source.file, int(region.begin.line), int(region.begin.column)};
}

/// Turns toml++'s tree into ours. What we do not accept is reported once.
class Converter {
 public:
  explicit Converter(const SourceText& source) : source_(source) {}

  TomlNode convert(const toml::node& node, int depth = 0) {
    TomlNode converted;
    converted.where = location_of(node.source(), source_);
    if (depth > kDeepest) {
      refuse(converted.where, "nested too deeply");
    } else if (const auto* table = node.as_table()) {
      converted.value = convert_table(*table, depth);
    } else if (const auto* array = node.as_array()) {
      TomlArray items;
      for (const toml::node& item : *array) items.push_back(convert(item, depth + 1));
      converted.value = std::move(items);
    } else if (const auto* text = node.as_string()) {
      converted.value = text->get();
    } else if (const auto* flag = node.as_boolean()) {
      converted.value = flag->get();
    } else if (const auto* whole = node.as_integer()) {
      converted.value = whole->get();
    } else if (const auto* real = node.as_floating_point()) {
      converted.value = real->get();
    } else {
      refuse(converted.where, "dates and times have no place here");
    }
    return converted;
  }

  /// The first thing that we do not accept; without a message if there is none.
  const Diagnostic& refused() const { return refused_; }

 private:
  void refuse(const SourceLocation& where, const char* why) {
    if (!refused_.message.empty()) return;
    refused_.where = where;
    refused_.message = why;
  }

  TomlTable convert_table(const toml::table& table, int depth) {
    TomlTable entries;
    for (const auto& [key, value] : table) {
      entries.push_back(
          {std::string(key.str()), location_of(key.source(), source_), convert(value, depth + 1)});
    }
    return entries;
  }

  const SourceText& source_;
  Diagnostic refused_;
};

/// How long the first character of a basic string is as it is written, and as it is meant.
struct Written {
  size_t source_bytes;
  size_t text_bytes;
};

Written written_at(std::string_view source) {
  if (source[0] != '\\' || source.size() < 2) return {1, 1};
  const size_t digits = source[1] == 'u' ? 4 : source[1] == 'U' ? 8 : 0;
  if (digits == 0) return {2, 1};
  const uint64_t code = parse_unsigned(source.substr(2, digits), 16).value_or(0);
  const size_t utf8_bytes = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  return {2 + digits, utf8_bytes};
}

}  // namespace

std::string SourceText::line(int number) const {
  const auto lines = split_lines(text);
  if (number < 1 || size_t(number) > lines.size()) return {};
  return std::string(lines[size_t(number) - 1]);
}

const char* TomlNode::kind() const {
  constexpr const char* kKinds[] = {"true or false", "a whole number", "a number",
                                    "text",          "a list",         "a table"};
  return kKinds[value.index()];
}

std::variant<TomlNode, Diagnostic> parse_toml(const SourceText& source) {
  if (source.preparsed) return source.preparsed->tree(source.file);
  Diagnostic diagnostic;
  try {
    const toml::table root = toml::parse(source.text, source.file);
    Converter converter(source);
    TomlNode node = converter.convert(root);
    if (converter.refused().message.empty()) return node;
    diagnostic = converter.refused();
  } catch (const toml::parse_error& failure) {
    diagnostic.where = location_of(failure.source(), source);
    diagnostic.message = std::string(failure.description());
  }
  diagnostic.source_line = source.line(diagnostic.where.line);
  return diagnostic;
}

SourceLocation location_within(const TomlNode& node, size_t offset, const SourceText& source) {
  SourceLocation where = node.where;
  const auto lines = split_lines(source.text);
  if (where.line < 1 || size_t(where.line) > lines.size()) return where;
  std::string_view line = lines[size_t(where.line) - 1];
  size_t at = size_t(where.column - 1);
  const std::string_view quotes = line.substr(std::min(at, line.size()), 3);
  const bool multi_line = quotes == "\"\"\"" || quotes == "'''";
  const bool escapes = quotes.starts_with('"');
  at += multi_line ? 3 : 1;
  // The line end right after an opening triple quote is not part of the text.
  bool first_line_end = multi_line && at >= line.size();
  for (ptrdiff_t remaining = ptrdiff_t(offset); remaining > 0 || first_line_end;) {
    if (at >= line.size()) {
      if (size_t(where.line) >= lines.size()) break;
      line = lines[size_t(where.line++)];
      at = 0;
      if (first_line_end) {
        first_line_end = false;
        continue;
      }
    } else {
      const Written written = escapes ? written_at(line.substr(at)) : Written{1, 1};
      at += written.source_bytes;
      remaining -= ptrdiff_t(written.text_bytes);
      continue;
    }
    --remaining;
  }
  where.column = int(at) + 1;
  return where;
}

}  // namespace advisor
