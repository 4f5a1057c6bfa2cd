#include "load/toml_node.h"

#include <toml++/toml.h>

#include <algorithm>

#include "base/text.h"
#include "load/toml_guard.h"

namespace advisor {
namespace {

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
    if (depth > kDeepestToml) {
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
      refuse(converted.where, "dates and times have no place here; write them as text");
    }
    return converted;
  }

  /// The first thing that we do not accept; its message is empty if all is accepted.
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

/// A part of what toml++ says, and the way out.
struct WayOut {
  std::string_view part;
  const char* hint;
};

constexpr WayOut kWaysOut[] = {
    {"could not determine value type", "text must stand in quotes"},
    {"expected comma or closing ']'", "close the list, or put a comma behind its last item"},
    {"expected key or closing '}'", "a table in braces stands on one line and is closed there"},
    {"dangling comma", "leave the last comma out"},
    {"leading zeroes", "leave the zeroes out"},
    {"expected a comment or whitespace, saw ','", "a fraction is written with a dot, as 0.5"},
    {"expected 'true'", "it is written true, in small letters"},
    {"expected 'false'", "it is written false, in small letters"},
    {"unknown escape sequence", "write the backslash twice, or the text in single quotes"},
    {"expected '='", "an entry is written as name = value"},
    {"expected value, saw", "the value must stand on the same line"},
    {"expected digit, saw", "a number has neither unit nor separator; text must stand in quotes"},
    {"expected ']'", "close it with as many brackets as open it"},
    {"expected keys, tables", "a comment begins with \"#\""}};

/// What toml++ says, in our words where its own are wrong.
void explain(std::string_view said, Diagnostic& diagnostic) {
  constexpr std::string_view kPreamble = "Error while parsing ";
  if (said.starts_with(kPreamble)) said.remove_prefix(kPreamble.size());
  if (said.find("cannot redefine") != std::string_view::npos) {
    // toml++ names something else than what was redefined.
    diagnostic.message = "this name was given a value before";
    diagnostic.hint = said.starts_with("table header")
                          ? "write it once; what there are several of begins with [[name]]"
                          : "write it once";
    return;
  }
  diagnostic.message = said;
  for (const WayOut& way : kWaysOut) {
    if (said.find(way.part) == std::string_view::npos) continue;
    diagnostic.hint = way.hint;
    return;
  }
}

/// How long the first piece of a string is as it is written, and as it is meant.
struct Written {
  size_t source_bytes;
  size_t text_bytes;
};

Written escape_at(std::string_view source) {
  if (source.size() < 2) return {1, 1};
  const size_t digits = source[1] == 'u' ? 4 : source[1] == 'U' ? 8 : 0;
  if (digits > 0) {
    const uint64_t code = parse_unsigned(source.substr(2, digits), 16).value_or(0);
    const size_t utf8_bytes = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    return {2 + digits, utf8_bytes};
  }
  // A backslash at the end of a line takes all blanks and line ends with it.
  const size_t blanks = std::min(source.find_first_not_of(" \t\r\n", 1), source.size());
  return blanks > 1 ? Written{blanks, 0} : Written{2, 1};
}

Written written_at(std::string_view source, bool escapes) {
  if (source[0] == '\\' && escapes) return escape_at(source);
  return source.starts_with("\r\n") ? Written{2, 1} : Written{1, 1};
}

}  // namespace

std::string SourceLines::shown(int line) const {
  constexpr size_t kLongestShown = 1000;
  if (line < 1 || size_t(line) > lines_.size()) return {};
  const std::string_view text = lines_[size_t(line) - 1];
  return text.size() > kLongestShown ? std::string() : std::string(text);
}

SourceLocation SourceText::location_of(size_t offset) const {
  const std::string_view before = content().substr(0, offset);
  const size_t line_begin = before.rfind('\n') + 1;  // 0 on the first line
  return {file, 1 + int(std::count(before.begin(), before.end(), '\n')),
          1 + int(count_characters(before.substr(line_begin)))};
}

size_t SourceText::offset_of(const SourceLocation& where) const {
  const std::string_view all = content();
  size_t line_begin = 0;
  for (int line = 1; line < where.line; ++line) {
    const size_t line_end = all.find('\n', line_begin);
    if (line_end == std::string::npos) return all.size();
    line_begin = line_end + 1;
  }
  const std::string_view from_line = all.substr(line_begin);
  const std::string_view line = from_line.substr(0, from_line.find('\n'));
  return line_begin + offset_of_character(line, size_t(where.column - 1));
}

const char* TomlNode::kind() const {
  constexpr const char* kKinds[] = {"true or false", "a whole number", "a number",
                                    "text",          "a list",         "a table"};
  return kKinds[value.index()];
}

std::variant<TomlNode, Diagnostic> parse_toml(const SourceText& source) {
  if (auto refused = why_refused(source)) return *std::move(refused);
  Diagnostic diagnostic;
  try {
    const toml::table root = toml::parse(source.content(), source.file);
    Converter converter(source);
    TomlNode node = converter.convert(root);
    if (converter.refused().message.empty()) return node;
    diagnostic = converter.refused();
  } catch (const toml::parse_error& failure) {
    // toml++ places the end of the text behind it.
    const SourceLocation where = location_of(failure.source(), source);
    diagnostic.where = source.location_of(source.offset_of(where));
    explain(failure.description(), diagnostic);
  }
  diagnostic.source_line = source.line(diagnostic.where.line);
  return diagnostic;
}

SourceLocation location_within(const TomlNode& node, size_t offset, const SourceText& source) {
  const std::string_view text = source.content();
  size_t at = source.offset_of(node.where);
  const std::string_view quotes = text.substr(at, 3);
  const bool multi_line = quotes == "\"\"\"" || quotes == "'''";
  const bool escapes = quotes.starts_with('"');
  at += multi_line ? 3 : 1;
  // The line end right after an opening triple quote is not part of the text.
  if (multi_line && text.substr(at).starts_with('\r')) ++at;
  if (multi_line && text.substr(at).starts_with('\n')) ++at;
  size_t meant = 0;
  while (at < text.size()) {
    const Written written = written_at(text.substr(at), escapes);
    if (meant + written.text_bytes > offset) break;
    at += written.source_bytes;
    meant += written.text_bytes;
  }
  return source.location_of(at);
}

}  // namespace advisor
