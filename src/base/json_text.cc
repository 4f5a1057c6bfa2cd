#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/json.h"
#include "base/text.h"

namespace advisor {
namespace {

/// The code point of a character in UTF-8 of at most three bytes, as all are that steer a terminal.
unsigned code_of(std::string_view character) {
  const auto low = [&](size_t i, unsigned mask) {
    return static_cast<unsigned char>(character[i]) & mask;
  };
  switch (character.size()) {
    case 1:
      return low(0, 0x7f);
    case 2:
      return low(0, 0x1f) << 6 | low(1, 0x3f);
    default:
      return low(0, 0x0f) << 12 | low(1, 0x3f) << 6 | low(2, 0x3f);
  }
}

/// The bytes that stand in a string as they are: printable ASCII but for quote and backslash.
constexpr std::array<bool, 256> plain_bytes() {
  std::array<bool, 256> plain{};
  for (size_t i = 0; i < plain.size(); ++i) {
    const char c = char(i);
    plain[i] = is_printable_ascii(c) && c != '"' && c != '\\';
  }
  return plain;
}

/// How many bytes of those a text begins with.
size_t plain_length(std::string_view text) {
  static constexpr std::array<bool, 256> kPlain = plain_bytes();
  size_t length = 0;
  while (length < text.size() && kPlain[static_cast<unsigned char>(text[length])]) ++length;
  return length;
}

/// Writes a value as text (RFC 8259).
class Writer {
 public:
  /// Members and items stand on lines of their own unless `one_line`.
  explicit Writer(bool one_line) : one_line_(one_line) {}

  void put(const Json& json) {
    if (const auto* text = json.as<std::string>()) return put_text(*text);
    if (const auto* members = json.as<Json::Object>()) return put_object(*members);
    if (const auto* items = json.as<Json::Array>()) return put_array(*items);
    if (const auto* flag = json.as<bool>()) return write(*flag ? "true" : "false");
    if (const auto* real = json.as<double>()) return put_real(*real);
    if (const auto* whole = json.as<int64_t>()) return write(fmt::format_int(*whole).c_str());
    write("null");
  }

  std::string take() { return fmt::to_string(out_); }

 private:
  void put_object(const Json::Object& members) {
    if (members.empty()) return write("{}");
    open('{');
    for (const auto& [key, value] : members) {
      begin_item(&key == &members.front().first);
      put_text(key);
      write(one_line_ ? ":" : ": ");
      put(value);
    }
    close('}');
  }

  void put_array(const Json::Array& items) {
    if (items.empty()) return write("[]");
    open('[');
    for (const Json& item : items) {
      begin_item(&item == &items.front());
      put(item);
    }
    close(']');
  }

  void open(char bracket) {
    out_.push_back(bracket);
    indent_ += "  ";
  }
  void begin_item(bool first) {
    if (!first) out_.push_back(',');
    begin_line();
  }
  void close(char bracket) {
    indent_.resize(indent_.size() - 2);
    begin_line();
    out_.push_back(bracket);
  }
  void begin_line() {
    if (!one_line_) write(indent_);
  }

  /// A real number is written so that it is read back as one; JSON lacks infinities and NaN.
  void put_real(double real) {
    if (!std::isfinite(real)) return write("null");
    const std::string digits = fmt::format("{}", real);
    write(digits);
    if (digits.find_first_of(".e") == std::string::npos) write(".0");
  }

  void put_text(std::string_view text) {
    out_.push_back('"');
    for (;;) {
      const size_t plain = plain_length(text);
      write(text.substr(0, plain));
      text.remove_prefix(plain);
      if (text.empty()) break;
      text.remove_prefix(put_character(text));
    }
    out_.push_back('"');
  }

  /// Writes the character with which `rest` begins; returns how many bytes it takes.
  size_t put_character(std::string_view rest) {
    constexpr std::string_view kEscaped = "\"\\\b\f\n\r\t";
    constexpr std::string_view kLetters = "\"\\bfnrt";
    if (const size_t which = kEscaped.find(rest[0]); which != std::string_view::npos) {
      out_.push_back('\\');
      out_.push_back(kLetters[which]);
      return 1;
    }
    const LeadingCharacter leading = leading_character(rest);
    const std::string_view character = rest.substr(0, leading.bytes);
    if (leading.steers) {
      write(fmt::format("\\u{:04x}", code_of(character)));
    } else {
      write(character.empty() ? "\ufffd" : character);
    }
    return std::max<size_t>(character.size(), 1);
  }

  void write(std::string_view text) { out_.append(text.begin(), text.end()); }

  fmt::memory_buffer out_;
  std::string indent_ = "\n";  ///< a line end, and what stands before the items of this depth
  bool one_line_;
};

std::string text_of(const Json& json, bool one_line) {
  Writer writer(one_line);
  writer.put(json);
  return writer.take() + "\n";
}

}  // namespace

std::string Json::dump() const {
  return text_of(*this, false);
}

std::string Json::line() const {
  return text_of(*this, true);
}

}  // namespace advisor
