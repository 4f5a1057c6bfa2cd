#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/result.h"

// Values as JSON, for what people and other programs read as well. What a struct consists of is
// said once, for writing and reading, by a function that is found beside it:
//
//   template <typename Archive>
//   void json_fields(Archive& archive, Point& point) {
//     archive("x", point.x);
//     archive("y", point.y);
//   }
//
// A type that is written as one JSON value has two functions instead: `json_fields(JsonWriter&,
// T&)`, which calls `set`, and `json_fields(JsonReader&, T&)`, which looks at `json`. A key of a
// map that is no text has `key_text(const K&)` and `parse_key(std::string_view,
// std::optional<K>&)`.

namespace advisor {

/// A value whose whole numbers, however deep, lie in [least, most].
template <typename T>
struct Within {
  T& value;
  int64_t least;
  int64_t most;
};

template <typename T>
Within<T> within(T& value, int64_t least, int64_t most) {
  return {value, least, most};
}

inline std::string key_text(const std::string& key) {
  return key;
}
inline void parse_key(std::string_view text, std::optional<std::string>& key) {
  key = std::string(text);
}
inline std::string key_text(const SharedText& key) {
  return std::string(key);
}
inline void parse_key(std::string_view text, std::optional<SharedText>& key) {
  key = std::string(text);
}

/// Makes JSON of values.
class JsonWriter {
 public:
  static constexpr bool kReads = false;

  /// One member of what is written.
  template <typename T>
  void operator()(const char* key, T&& value) {
    members_.emplace_back(SharedText::lasting(key), json_of(value));
  }
  /// What is written is this, and has no members.
  void set(Json json) { whole_ = std::move(json); }

  template <typename T>
  static Json json_of(T& value) {
    if constexpr (std::is_same_v<T, bool> || std::is_same_v<T, double>) {
      return Json(value);
    } else if constexpr (std::is_integral_v<T>) {
      return Json(int64_t(value));
    } else {
      JsonWriter writer;
      json_fields(writer, value);
      return writer.whole_ ? std::move(*writer.whole_) : Json(std::move(writer.members_));
    }
  }
  static Json json_of(std::string& text) { return Json(text); }
  static Json json_of(SharedText& text) { return Json(text); }
  template <typename T>
  static Json json_of(Within<T>& limited) {
    return json_of(limited.value);
  }
  template <typename T>
  static Json json_of(std::vector<T>& items) {
    Json::Array array;
    for (T& item : items) array.push_back(json_of(item));
    return array;
  }
  template <typename T>
  static Json json_of(std::optional<T>& value) {
    return value ? json_of(*value) : Json(nullptr);
  }
  template <typename K, typename T>
  static Json json_of(std::map<K, T>& entries) {
    Json::Object object;
    for (auto& [key, value] : entries) object.emplace_back(key_text(key), json_of(value));
    return object;
  }
  /// The value, or the error; the other one is null.
  template <typename T>
  static Json json_of(Result<T>& result) {
    if (result) return Json::Object{{"value", json_of(*result)}, {"error", nullptr}};
    Error error = result.error();
    return Json::Object{{"value", nullptr}, {"error", json_of(error)}};
  }

 private:
  Json::Object members_;
  std::optional<Json> whole_;
};

/// Reads values out of JSON, and remembers what is wrong first, and where. Unknown members are
/// refused unless they are left, and numbers must be from 0 to kMostByDefault unless `within` says
/// otherwise. A member may be missing if its type can say "not known" (an optional, a Result),
/// which it then says: older versions lack the members that came later. Any other member must be
/// there.
class JsonReader {
 public:
  static constexpr bool kReads = true;
  /// Above what anything counts, and low enough that sums of many do not overflow.
  static constexpr int64_t kMostByDefault = int64_t{1} << 40;

  /// The whole document. `wrong` becomes "$.sockets.listeners[3].port: must be ...", and stays
  /// empty if all is right.
  JsonReader(const Json& json, std::string& wrong) : json_(json), wrong_(wrong) {}

  /// One member.
  template <typename T>
  void operator()(const char* key, T&& value) {
    has_members_ = true;
    const Json* member = json_.find(key);
    if (!member) {
      const std::string missing = std::string("the member \"") + key + "\" is missing";
      if (!leave_unknown(missing, value)) fail(missing);
      return;
    }
    found_.emplace_back(key);
    JsonReader(*member, *this, key, 0).read(value);
  }

  const Json& json() const { return json_; }
  /// Refuses what is here; `why` says what must be here instead.
  void fail(const std::string& why) {
    if (wrong_.empty()) wrong_ = path() + ": " + why;
  }
  /// Takes an object that has other members than those that are asked for.
  void leave_others() { leaves_others_ = true; }
  /// The text that must be here.
  const std::string* text() {
    const auto* text = json_.as<std::string>();
    if (!text) fail("must be a text");
    return text;
  }
  /// One of several words; `parse` gives a value or nothing.
  template <typename Parse>
  auto word(Parse parse, const char* expected) {
    const std::string* written = text();
    auto value = written ? parse(*written) : decltype(parse(*written))();
    if (written && !value) fail(std::string("must be ") + expected);
    return value;
  }

  /// The value that is here.
  template <typename T>
  void read(T& value) {
    if constexpr (std::is_same_v<T, bool>) {
      const auto* flag = json_.as<bool>();
      if (!flag) return fail("must be true or false");
      value = *flag;
    } else if constexpr (std::is_integral_v<T>) {
      read_whole(value);
    } else {
      json_fields(*this, value);
      refuse_unknown();
    }
  }
  void read(double& value);
  void read(SharedText& value) {
    if (const std::string* written = text()) value = *written;
  }
  void read(std::string& value) {
    if (const std::string* written = text()) value = *written;
  }
  template <typename T>
  void read(Within<T>& limited) {
    least_ = limited.least;
    most_ = limited.most;
    read(limited.value);
  }
  template <typename T>
  void read(std::vector<T>& items) {
    const auto* array = json_.as<Json::Array>();
    if (!array) return fail("must be an array");
    items.resize(array->size());
    for (size_t i = 0; i < items.size() && wrong_.empty(); ++i) {
      JsonReader((*array)[i], *this, {}, i).read(items[i]);
    }
  }
  template <typename T>
  void read(std::optional<T>& value) {
    value.reset();
    if (json_ == Json(nullptr)) return;
    read(value.emplace());
  }
  template <typename K, typename T>
  void read(std::map<K, T>& entries) {
    const auto* object = json_.as<Json::Object>();
    if (!object) return fail("must be an object");
    for (const auto& [text, member] : *object) {
      if (!wrong_.empty()) return;
      std::optional<K> key;
      parse_key(text, key);
      if (!key) return fail("the name of a member is none that can be");
      read_entry(JsonReader(member, *this, text, 0), std::move(*key), entries);
    }
  }
  /// Takes the value itself as well, and {"error": ...} in its place, as older versions wrote it.
  template <typename T>
  void read(Result<T>& result) {
    if (!json_.find("error")) {
      T value{};
      read(value);
      result = std::move(value);
      return;
    }
    std::optional<T> value;
    (*this)("value", value);
    std::optional<Error> error;
    (*this)("error", error);
    refuse_unknown();
    if (value.has_value() == error.has_value()) fail("must have either a value or an error");
    if (error) result = *std::move(error);
    if (value) result = *std::move(value);
  }

 private:
  JsonReader(const Json& json, const JsonReader& above, std::string_view key, size_t index)
      : json_(json),
        wrong_(above.wrong_),
        above_(&above),
        key_(key),
        index_(index),
        least_(above.least_),
        most_(above.most_) {}

  /// Makes the value say that it is not known; false if its type cannot.
  template <typename T>
  static bool leave_unknown(const std::string& /*missing*/, T& /*value*/) {
    return false;
  }
  template <typename T>
  static bool leave_unknown(const std::string& /*missing*/, std::optional<T>& value) {
    value.reset();
    return true;
  }
  template <typename T>
  static bool leave_unknown(const std::string& missing, Result<T>& value) {
    value = Error{ErrorKind::kIo, "it is not known: " + missing, 0};
    return true;
  }
  template <typename T>
  static bool leave_unknown(const std::string& missing, Within<T>& limited) {
    return leave_unknown(missing, limited.value);
  }

  template <typename K, typename T>
  static void read_entry(JsonReader reader, K key, std::map<K, T>& entries) {
    T value{};
    reader.read(value);
    entries.emplace(std::move(key), std::move(value));
  }
  template <typename K, typename T>
  static void read_entry(JsonReader reader, K key, std::map<K, Result<T>>& entries) {
    Result<T> value = Error{};
    reader.read(value);
    entries.emplace(std::move(key), std::move(value));
  }
  template <typename T>
  void read_whole(T& value) {
    const int64_t most = sizeof(T) < sizeof(int64_t)
                             ? std::min(most_, int64_t(std::numeric_limits<T>::max()))
                             : most_;
    const auto* number = json_.as<int64_t>();
    if (!number || *number < least_ || *number > most) {
      return fail("must be a whole number from " + std::to_string(least_) + " to " +
                  std::to_string(most));
    }
    value = T(*number);
  }
  /// Refuses the members of an object that nobody asked for.
  void refuse_unknown();
  std::string path() const;

  const Json& json_;
  std::string& wrong_;
  const JsonReader* above_ = nullptr;
  std::string_view key_;  ///< in the object above; none: its place in the array above counts
  size_t index_ = 0;
  int64_t least_ = 0;
  int64_t most_ = kMostByDefault;
  bool leaves_others_ = false;
  bool has_members_ = false;             ///< some were asked for, so that this is an object
  std::vector<std::string_view> found_;  ///< those of them that are there
};

void json_fields(JsonWriter& writer, ErrorKind& kind);
void json_fields(JsonReader& reader, ErrorKind& kind);

template <typename Archive>
void json_fields(Archive& archive, Error& error) {
  archive("kind", error.kind);
  archive("message", error.message);
  archive("os_error", error.os_error);
}

}  // namespace advisor
