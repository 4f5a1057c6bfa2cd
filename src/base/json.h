#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"
#include "base/shared_text.h"

namespace advisor {

/// A JSON value. Objects keep the order in which their members were added.
class Json {
 public:
  using Member = std::pair<SharedText, Json>;
  using Array = std::vector<Json>;
  struct Field;
  /// The members in their order: `Json::Object{{"name", "eth0"}, {"mtu", 1500}}`.
  struct Object : std::vector<Member> {
    Object() = default;
    Object(std::initializer_list<Field> fields);
  };

  Json() = default;
  Json(std::nullptr_t) {}
  Json(bool flag) : value_(flag) {}
  Json(int number) : value_(int64_t{number}) {}
  Json(int64_t number) : value_(number) {}
  Json(double number) : value_(number) {}
  Json(const char* text) : value_(std::string(text)) {}
  Json(std::string text) : value_(std::move(text)) {}
  Json(const SharedText& text) : Json(text.view()) {}
  Json(std::string_view text) : value_(std::string(text)) {}
  Json(Array items) : value_(std::move(items)) {}
  Json(Object members) : value_(std::move(members)) {}

  template <typename Text = std::string>
  static Json array_of(const std::vector<Text>& texts) {
    return Array(texts.begin(), texts.end());
  }
  /// What `convert` makes of each item.
  template <typename T, typename Convert>
  static Json each(const std::vector<T>& items, Convert convert) {
    Array converted;
    for (const T& item : items) converted.push_back(convert(item));
    return converted;
  }
  template <typename T>
  static Json or_null(const std::optional<T>& value) {
    return value ? Json(*value) : Json(nullptr);
  }
  /// Null for an empty text.
  static Json text_or_null(const std::string& text);

  template <typename T>
  const T* as() const {
    return std::get_if<T>(&value_);
  }
  /// A member of an object; null if this is no object, or lacks the member.
  const Json* find(std::string_view key) const;
  /// The text of a member; empty if there is none.
  std::string text_at(std::string_view key) const;

  /// This object with one more member at its end.
  Json with(std::string key, Json value) const;

  /// Indented by two blanks, one line end at the end. Bytes that are not UTF-8 are replaced.
  std::string dump() const;
  /// The same for a place that is indented by so many blanks, without the end of its last line.
  std::string dump_inside(size_t blanks) const;
  /// As dump(), but on one line.
  std::string line() const;

  bool operator==(const Json&) const = default;

 private:
  std::variant<std::monostate, bool, int64_t, double, std::string, Array, Object> value_;
};

/// A member as it is written down: its key is a literal, its value is moved from where that stands.
struct Json::Field {
  struct Key {
    consteval Key(const char* literal) : text(literal) {}
    std::string_view text;
  };

  Key key;
  mutable Json value;
};

/// Corrupt if the text is not exactly one JSON value, nests more than 32 deep, names a member of an
/// object twice, or holds millions of values. The message says where; it begins with the name of
/// the file, if there is one ("a.json:3:5: not a JSON document").
Result<Json> parse_json(const std::string& text, const std::string& file = {});

}  // namespace advisor
