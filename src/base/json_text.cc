#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

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

constexpr std::array<bool, 256> kPlainBytes = plain_bytes();

/// Eight bytes of a text.
using Word = uint64_t;

constexpr Word eight_times(unsigned char byte) {
  return ~Word{0} / 0xff * byte;
}

/// Copies eight bytes at once if all are plain, as most are. False: nothing was copied.
bool copy_if_plain(const char* from, char* to) {
  Word word;
  std::memcpy(&word, from, sizeof(word));
  // Each term has the highest bit of a byte set: in one that is above 0x7f, in 0x7f, in one below
  // the blank, in a quote, in a backslash. What is carried into the next byte comes from such a
  // one.
  const Word special = word | (word + eight_times(1)) | (word - eight_times(' ')) |
                       ((word ^ eight_times('"')) - eight_times(1)) |
                       ((word ^ eight_times('\\')) - eight_times(1));
  if (special & eight_times(0x80)) return false;
  std::memcpy(to, &word, sizeof(word));
  return true;
}

/// What stands between two items, as far as the depth makes it: enough for all that can be parsed.
constexpr std::string_view kBetween =
    ",\n                                                                              ";

/// Writes a value as text (RFC 8259).
class Writer {
 public:
  /// Members and items stand on lines of their own unless `one_line`.
  explicit Writer(bool one_line, size_t blanks = 0)
      : one_line_(one_line), between_(one_line ? 1 : 2 + blanks) {}

  void put(const Json& json) {
    if (const auto* text = json.as<std::string>()) return put_text(*text);
    if (const auto* members = json.as<Json::Object>()) return put_object(*members);
    if (const auto* items = json.as<Json::Array>()) return put_array(*items);
    if (const auto* flag = json.as<bool>()) return *flag ? write("true") : write("false");
    if (const auto* real = json.as<double>()) return put_real(*real);
    if (const auto* whole = json.as<int64_t>()) {
      const fmt::format_int digits(*whole);
      return write(std::string_view(digits.data(), digits.size()));
    }
    write("null");
  }

  /// What was written.
  std::string_view written() const { return {out_.data(), used_}; }

 private:
  void put_object(const Json::Object& members) {
    if (members.empty()) return write("{}");
    open('{');
    for (const auto& [key, value] : members) {
      begin_item(&key == &members.front().first);
      put_text(key);
      put_byte(':');
      if (!one_line_) put_byte(' ');
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
    put_byte(bracket);
    if (!one_line_) between_ += 2;
  }
  void begin_item(bool first) {
    // All of it is copied, since a copy of fixed length takes few instructions.
    std::memcpy(room_for(kBetween.size()), kBetween.data() + first, kBetween.size() - 1);
    used_ += std::min(between_, kBetween.size()) - first;
  }
  void close(char bracket) {
    if (!one_line_) between_ -= 2;
    begin_item(true);
    put_byte(bracket);
  }

  /// A real number is written so that it is read back as one; JSON lacks infinities and NaN.
  void put_real(double real) {
    if (!std::isfinite(real)) return write("null");
    const std::string digits = fmt::format("{}", real);
    write(digits);
    if (digits.find_first_of(".e") == std::string::npos) write(".0");
  }

  void put_text(std::string_view text) {
    put_byte('"');
    for (;;) {
      text.remove_prefix(put_plain(text));
      if (text.empty()) break;
      text.remove_prefix(put_character(text));
    }
    put_byte('"');
  }

  /// Writes the plain bytes with which `text` begins; returns how many there are.
  size_t put_plain(std::string_view text) {
    char* const out = room_for(text.size());
    size_t length = 0;
    while (text.size() - length >= sizeof(Word) &&
           copy_if_plain(text.data() + length, out + length)) {
      length += sizeof(Word);
    }
    // The last few along with some that have been copied.
    const size_t rest = text.size() - length;
    const size_t again = text.size() - sizeof(Word);
    if (length > 0 && rest < sizeof(Word) && copy_if_plain(text.data() + again, out + again)) {
      length = text.size();
    }
    while (length < text.size() && kPlainBytes[static_cast<unsigned char>(text[length])]) {
      out[length] = text[length];
      ++length;
    }
    used_ += length;
    return length;
  }

  /// Writes the character with which `rest` begins; returns how many bytes it takes.
  size_t put_character(std::string_view rest) {
    constexpr std::string_view kEscaped = "\"\\\b\f\n\r\t";
    constexpr std::string_view kLetters = "\"\\bfnrt";
    if (const size_t which = kEscaped.find(rest[0]); which != std::string_view::npos) {
      put_byte('\\');
      put_byte(kLetters[which]);
      return 1;
    }
    const LeadingCharacter leading = leading_character(rest);
    const std::string_view character = rest.substr(0, leading.bytes);
    if (leading.steers) {
      write(fmt::format("\\u{:04x}", code_of(character)));
    } else {
      write(character.empty() ? std::string_view("\ufffd") : character);
    }
    return std::max<size_t>(character.size(), 1);
  }

  /// Writes a literal; its length is known, so the copy takes few instructions.
  template <size_t Size>
  void write(const char (&text)[Size]) {
    std::memcpy(room_for(Size), text, Size);
    used_ += Size - 1;
  }
  void write(std::string_view text) {
    std::memcpy(room_for(text.size()), text.data(), text.size());
    used_ += text.size();
  }
  void put_byte(char byte) {
    *room_for(1) = byte;
    ++used_;
  }

  /// Where the next `size` bytes go.
  char* room_for(size_t size) {
    if (out_.size() - used_ < size) out_.resize(2 * (out_.size() + size));
    return out_.data() + used_;
  }

  fmt::memory_buffer out_;  ///< longer than what is written: growing it is what takes time
  size_t used_ = 0;         ///< the bytes of it that are written
  bool one_line_;
  size_t between_;  ///< how much of kBetween stands before an item of this depth
};

std::string text_of(const Json& json, Writer writer, std::string_view end) {
  writer.put(json);
  std::string text(writer.written());
  return text.append(end);
}

}  // namespace

std::string Json::dump() const {
  return text_of(*this, Writer(false), "\n");
}

std::string Json::dump_inside(size_t blanks) const {
  return text_of(*this, Writer(false, blanks), "");
}

std::string Json::line() const {
  return text_of(*this, Writer(true), "\n");
}

}  // namespace advisor
