#pragma once

#include <bit>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "base/shared_text.h"

// Values as bytes, for what the build works out and the program only has to read. What a struct
// consists of is said once, for writing and reading, by a function that is found beside it:
//
//   template <typename Archive>
//   void fields(Archive& archive, Point& point) { archive(point.x, point.y); }

namespace advisor {

/// Writes values one behind the other.
class PackedWriter {
 public:
  static constexpr bool kReads = false;

  template <typename... T>
  void operator()(T&... values) {
    (put(values), ...);
  }
  const std::string& bytes() const { return bytes_; }

  /// A value that may be left packed when the rest is read.
  template <typename T>
  void apart(T& value) {
    PackedWriter writer;
    writer(value);
    put(writer.bytes_);
  }

 private:
  void put_number(uint64_t number) {
    for (; number >= 0x80; number >>= 7) bytes_ += char(number | 0x80);
    bytes_ += char(number);
  }

  template <typename T>
  void put(T& value) {
    if constexpr (std::is_same_v<T, double>) {
      put_number(std::bit_cast<uint64_t>(value));
    } else if constexpr (std::is_arithmetic_v<T> || std::is_enum_v<T>) {
      put_number(uint64_t(value));
    } else {
      fields(*this, value);
    }
  }
  void put(std::string_view& text) {
    put_number(text.size());
    bytes_ += text;
  }
  void put(std::string& text) {
    std::string_view view = text;
    put(view);
  }
  void put(SharedText& text) {
    std::string_view view = text;
    put(view);
  }
  template <typename T>
  void put(std::vector<T>& items) {
    put_number(items.size());
    for (T& item : items) put(item);
  }
  template <typename T>
  void put(std::optional<T>& value) {
    put_number(value ? 1 : 0);
    if (value) put(*value);
  }
  template <typename T>
  void put(std::map<std::string, T>& entries) {
    put_number(entries.size());
    for (auto& [key, value] : entries) {
      std::string name = key;
      put(name);
      put(value);
    }
  }
  template <typename... T>
  void put(std::variant<T...>& value) {
    put_number(value.index());
    std::visit([this](auto& alternative) { this->put(alternative); }, value);
  }

  std::string bytes_;
};

/// Reads values in the order in which a PackedWriter wrote them. The bytes are trusted, and stay as
/// long as what was read.
class PackedReader {
 public:
  static constexpr bool kReads = true;

  explicit PackedReader(std::string_view bytes) : bytes_(bytes) {}
  /// `file` is what SourceLocations among the values are said to be in.
  PackedReader(std::string_view bytes, const SharedText& file) : bytes_(bytes), file_(&file) {}

  template <typename... T>
  void operator()(T&... values) {
    (get(values), ...);
  }
  const SharedText& file() const { return *file_; }

  /// The bytes of what was written apart, for a reader of its own.
  std::string_view skip_apart() {
    const size_t size = number();
    at_ += size;
    return bytes_.substr(at_ - size, size);
  }

 private:
  uint64_t number() {
    uint64_t number = 0;
    for (int shift = 0;; shift += 7) {
      const auto byte = static_cast<unsigned char>(bytes_[at_++]);
      number |= uint64_t(byte & 0x7f) << shift;
      if (byte < 0x80) return number;
    }
  }

  template <typename T>
  void get(T& value) {
    if constexpr (std::is_same_v<T, double>) {
      value = std::bit_cast<double>(number());
    } else if constexpr (std::is_arithmetic_v<T> || std::is_enum_v<T>) {
      value = T(number());
    } else {
      fields(*this, value);
    }
  }
  void get(std::string& text) { text.assign(skip_apart()); }
  /// Where it lies.
  void get(std::string_view& text) { text = skip_apart(); }
  void get(SharedText& text) { text = SharedText::lasting(skip_apart()); }
  template <typename T>
  void get(std::vector<T>& items) {
    items.resize(number());
    for (T& item : items) get(item);
  }
  template <typename T>
  void get(std::optional<T>& value) {
    if (number() != 0) get(value.emplace());
  }
  template <typename T>
  void get(std::map<std::string, T>& entries) {
    for (uint64_t left = number(); left > 0; --left) {
      std::string key;
      get(key);
      get(entries[key]);
    }
  }
  template <typename... T>
  void get(std::variant<T...>& value) {
    using Get = void (*)(PackedReader&, std::variant<T...>&);
    static constexpr Get kGet[] = {[](PackedReader& reader, std::variant<T...>& to) {
      reader.get(to.template emplace<T>());
    }...};
    kGet[number()](*this, value);
  }

  std::string_view bytes_;
  size_t at_ = 0;
  const SharedText* file_ = nullptr;
};

}  // namespace advisor
