#include "load/toml_guard.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace advisor {
namespace {

constexpr size_t kLongestText = size_t{1} << 20;
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
constexpr std::string_view kEndOfWord = " \t\r\n]},#";
constexpr std::string_view kBesideWords = " \t\r\n]},#[{";

bool is_ascii(char c) {
  return static_cast<unsigned char>(c) < 0x80;
}

bool may_begin_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '"' || c == '\'';
}

/// Walks over the text once. It tells comments and strings from the rest, for as long as the text
/// is TOML; behind the first fault toml++ does not look.
class Guard {
 public:
  explicit Guard(const SourceText& source) : source_(source), text_(source.content()) {}

  std::optional<Diagnostic> run() {
    if (text_.size() > kLongestText) {
      return Diagnostic{DiagnosticSeverity::kError,
                        {source_.file, 0, 0},
                        fmt::format("longer than {} bytes", kLongestText),
                        {},
                        {}};
    }
    if (text_.starts_with(kByteOrderMark)) {
      refuse("a byte order mark has no place here", "save the file as UTF-8 without one");
    }
    while (!refused_ && at_ < text_.size()) step();
    return refused_;
  }

 private:
  char peek(size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  bool follows(std::string_view part) const { return text_.substr(at_, part.size()) == part; }

  void skip(std::string_view characters) {
    at_ = std::min(text_.find_first_not_of(characters, at_), text_.size());
  }

  void refuse(const char* message, const char* hint = "") {
    const SourceLocation where = source_.location_of(at_);
    refused_ =
        Diagnostic{DiagnosticSeverity::kError, where, message, hint, source_.line(where.line)};
  }

  void step() {
    const char c = peek();
    const bool at_line_start = at_line_start_;
    at_line_start_ = at_line_start && (c == ' ' || c == '\t');
    if (!is_ascii(c)) {
      refuse_character();
    } else if (c == '#') {
      at_ = std::min(text_.find('\n', at_), text_.size());
    } else if (c == '"' || c == '\'') {
      string(c);
    } else if (c == '[' && at_line_start && open_.empty()) {
      header();
    } else if (in_value_ && kBesideWords.find(c) == std::string_view::npos) {
      word();
    } else {
      punctuation(c);
      ++at_;
    }
  }

  void refuse_character() {
    refuse("only ASCII may stand outside of strings and comments", "put it in quotes");
  }

  /// A number or bool. toml++ takes quotes and brackets in the middle of it for a part of it, and
  /// looks behind the blank of a date.
  void word() {
    const size_t begin = at_;
    for (; at_ < text_.size() && kEndOfWord.find(peek()) == std::string_view::npos; ++at_) {
      if (!is_ascii(peek())) return refuse_character();
      const bool exponent = text_[at_ - 1] == 'e' || text_[at_ - 1] == 'E';
      if (at_ > begin && (peek() == ':' || (peek() == '-' && !exponent))) {
        at_ = begin;
        return refuse("dates and times have no place here", "write them as text, in quotes");
      }
    }
  }

  void punctuation(char c) {
    if (c == '\n') {
      at_line_start_ = true;
      if (open_.empty()) begin_name();
    } else if (c == '.') {
      if (++dots_ > kDeepestToml) refuse("a name of too many parts");
    } else if (c == '=') {
      in_value_ = true;
    } else if (c == '[' || c == '{') {
      open(c);
    } else if (c == ']' || c == '}') {
      close(c);
    } else if (c == ',' && open_.ends_with('{')) {
      begin_name();
    }
  }

  void begin_name() {
    in_value_ = false;
    dots_ = 0;
  }

  void open(char bracket) {
    if (open_.size() == size_t{kDeepestToml}) return refuse("nested too deeply");
    open_ += bracket;
    if (bracket == '{') begin_name();
  }

  void close(char bracket) {
    if (!open_.ends_with(bracket == ']' ? '[' : '{')) {
      return refuse("a closing bracket that nothing opened");
    }
    open_.pop_back();
    in_value_ = true;
  }

  /// Up to the name.
  void header() {
    begin_name();
    do {
      open_ += '[';
      ++at_;
    } while (peek() == '[' && open_.size() < 2);
    skip(" \t");
    if (at_ < text_.size() && peek() != ']' && !may_begin_name(peek())) {
      refuse("a table header needs a name",
             "a name holds letters, digits, \"_\" and \"-\"; put any other in quotes");
    }
  }

  void string(char quote) {
    const size_t begin = at_;
    const std::string triple(3, quote);
    const bool multi_line = follows(triple);
    at_ += multi_line ? 3 : 1;
    while (!refused_ && at_ < text_.size()) {
      if (multi_line ? follows(triple) : peek() == quote) {
        end_string(quote, multi_line);
        return;
      }
      if (peek() == '\n' && !multi_line) break;
      if (peek() == '\\' && quote == '"') {
        escape(multi_line);
      } else {
        ++at_;
      }
    }
    if (refused_) return;
    at_ = begin;
    refuse("the text has no closing quote",
           multi_line ? "close it with the same three quotes"
                      : "close it, or begin it with three quotes if it has several lines");
  }

  void end_string(char quote, bool multi_line) {
    at_ += multi_line ? 3 : 1;
    if (!multi_line) return;
    // Up to two more quotes belong to the string.
    for (int more = 0; more < 2 && peek() == quote; ++more) ++at_;
  }

  void escape(bool multi_line) {
    ++at_;
    if (multi_line) {
      const size_t after = at_;
      skip(" \t\r\n");
      if (!is_ascii(peek())) {
        refuse("toml++ cannot read this character right after a backslash",
               "let the line begin with another one, or leave the backslash out");
      }
      if (at_ > after) return;
    }
    if (peek() != '\n' || multi_line) at_ = std::min(at_ + 1, text_.size());
  }

  const SourceText& source_;
  std::string_view text_;
  size_t at_ = 0;
  bool at_line_start_ = true;
  std::string open_;       ///< the brackets and braces around what is next
  bool in_value_ = false;  ///< rather than in a name
  int dots_ = 0;           ///< in the name
  std::optional<Diagnostic> refused_;
};

}  // namespace

std::optional<Diagnostic> why_refused(const SourceText& source) {
  return Guard(source).run();
}

}  // namespace advisor
