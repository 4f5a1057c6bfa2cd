#include "expr/message.h"

#include <fmt/format.h>

#include <array>
#include <optional>

#include "base/text.h"
#include "expr/format.h"
#include "expr/packed_expression.h"
#include "expr/types.h"

namespace advisor::expr {
namespace {

constexpr std::array<StyleName, 4> kStyles = {
    {{"percent", Style::kPercent, "a share of 1, with two significant digits"},
     {"duration", Style::kDuration, "seconds, in the unit that fits"},
     {"bytes", Style::kBytes, "bytes, in the unit that fits"},
     {"raw", Style::kRaw, "digits only; for what goes into a parameter or a command"}}};

/// What stands between two braces, by offsets into the message.
struct Hole {
  size_t begin;
  size_t end;
  std::optional<size_t> bar;  ///< the last lone `|` outside of strings
};

/// The end of the string that begins at `quote`, after its closing quote.
std::optional<size_t> string_end(std::string_view text, size_t quote) {
  for (size_t at = quote + 1; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == text[quote]) {
      return at + 1;
    }
  }
  return std::nullopt;
}

/// The hole that begins after the brace at `brace`.
std::variant<Hole, CompileError> find_hole(std::string_view text, size_t brace) {
  Hole hole{brace + 1, 0, std::nullopt};
  for (size_t at = brace + 1; at < text.size();) {
    const char c = text[at];
    if (c == '\'' || c == '"') {
      const std::optional<size_t> end = string_end(text, at);
      if (!end) return CompileError{at, "the string has no closing quote", {}};
      at = *end;
    } else if (c == '}') {
      hole.end = at;
      return hole;
    } else if (c == '{') {
      return CompileError{at, "unexpected \"{\" inside braces", "close the first brace before it"};
    } else if (text.substr(at, 2) == "||") {
      at += 2;
    } else {
      if (c == '|') hole.bar = at;
      ++at;
    }
  }
  return CompileError{brace, "unmatched \"{\"",
                      "close it with \"}\", or write {{ for the brace itself"};
}

std::string known_styles() {
  std::vector<std::string> names;
  for (const StyleName& style : kStyles) names.emplace_back(style.name);
  return "the styles are " + join(names, ", ");
}

std::variant<Style, CompileError> read_style(std::string_view text, const Hole& hole, Type type) {
  if (!hole.bar) return Style::kPlain;
  const std::string_view written = text.substr(*hole.bar + 1, hole.end - *hole.bar - 1);
  const std::string_view name = trim(written);
  const size_t offset =
      name.empty() ? *hole.bar : *hole.bar + 1 + static_cast<size_t>(name.data() - written.data());
  for (const StyleName& style : kStyles) {
    if (style.name != name) continue;
    if (style.style == Style::kRaw || is_numeric(type)) return style.style;
    return CompileError{
        offset, fmt::format("style \"{}\" needs a number, not {}", name, to_text(type)), {}};
  }
  return CompileError{offset, fmt::format("unknown style \"{}\"", name), known_styles()};
}

}  // namespace

std::span<const StyleName> styles() {
  return kStyles;
}

std::variant<Message, CompileError> Message::compile(std::string_view text, const Scope& scope,
                                                     Guesses guesses) {
  std::vector<Part> parts;
  std::string plain;
  for (size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c != '{' && c != '}') {
      plain += c;
    } else if (at + 1 < text.size() && text[at + 1] == c) {
      plain += c;
      ++at;
    } else if (c == '}') {
      return CompileError{at, "unmatched \"}\"", "write }} for the brace itself"};
    } else {
      const auto found = find_hole(text, at);
      if (const auto* error = std::get_if<CompileError>(&found)) return *error;
      const Hole& hole = *std::get_if<Hole>(&found);
      const size_t length = hole.bar.value_or(hole.end) - hole.begin;
      auto compiled = Expression::compile(text.substr(hole.begin, length), scope, guesses);
      if (auto* error = std::get_if<CompileError>(&compiled)) {
        error->offset += hole.begin;
        return *error;
      }
      Expression& expression = *std::get_if<Expression>(&compiled);
      const auto style = read_style(text, hole, expression.type());
      if (const auto* error = std::get_if<CompileError>(&style)) return *error;
      parts.push_back({std::move(plain), {expression}, *std::get_if<Style>(&style)});
      plain.clear();
      at = hole.end;
    }
  }
  parts.push_back({std::move(plain), {}, Style::kPlain});
  PackedWriter writer;
  writer(parts);
  Message message;
  message.packed_ = SharedText(writer.bytes());
  return message;
}

std::vector<Message::Part> Message::parts() const {
  std::vector<Part> parts;
  // An empty message has no parts.
  if (!packed_.view().empty()) PackedReader(packed_.view())(parts);
  return parts;
}

std::string Message::fill(const Bindings& bindings) const {
  std::string filled;
  for (const Part& part : parts()) {
    filled += part.text;
    for (const Expression& expression : part.expression) {
      filled += format(expression.value(bindings), part.style);
    }
  }
  return filled;
}

std::vector<std::string> Message::names() const {
  std::vector<std::string> names;
  for (const Part& part : parts()) {
    for (const Expression& expression : part.expression) {
      for (std::string& name : expression.names()) names.push_back(std::move(name));
    }
  }
  return names;
}

}  // namespace advisor::expr
