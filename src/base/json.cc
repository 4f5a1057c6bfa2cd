#include "base/json.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

#include "base/diagnostic.h"

namespace advisor {
namespace {

using Library = nlohmann::ordered_json;

/// The place of what was read up to `position`.
SourceLocation place_of(const std::string& file, const std::string& text, size_t position) {
  const std::string_view before = std::string_view(text).substr(0, position);
  const auto lines = std::count(before.begin(), before.end(), '\n');
  const size_t begin = before.rfind('\n') + 1;  // 0 on the first line
  return {file, int(lines) + 1, int(std::max<size_t>(before.size() - begin, 1))};
}

/// Makes a Json of what the library reads, as it reads it, so that a hostile text costs no more
/// than its values.
class Builder : public nlohmann::json_sax<Library> {
 public:
  Builder(const std::string& text, const std::string& file) : text_(text), file_(file) {}

  bool null() override { return add(nullptr); }
  bool boolean(bool flag) override { return add(flag); }
  bool number_integer(int64_t number) override { return add(number); }
  bool number_unsigned(uint64_t number) override {
    constexpr auto kLargest = uint64_t(std::numeric_limits<int64_t>::max());
    return number > kLargest ? add(double(number)) : add(int64_t(number));
  }
  bool number_float(double number, const std::string& /*written*/) override { return add(number); }
  bool string(std::string& text) override { return add(std::move(text)); }
  bool binary(Library::binary_t& /*bytes*/) override { return fail("it holds binary values"); }
  bool key(std::string& name) override {
    open_.back().key = std::move(name);
    return true;
  }
  bool start_object(size_t /*size*/) override { return begin(true); }
  bool start_array(size_t /*size*/) override { return begin(false); }
  bool end_array() override {
    Json::Array items = std::move(open_.back().items);
    open_.pop_back();
    return add(std::move(items));
  }
  bool end_object() override {
    Json::Object members = std::move(open_.back().members);
    open_.pop_back();
    std::vector<std::string_view> names;
    for (const auto& [name, value] : members) names.push_back(name);
    std::sort(names.begin(), names.end());
    const auto twice = std::adjacent_find(names.begin(), names.end());
    if (twice != names.end())
      return fail("the member \"" + std::string(*twice) + "\" is there twice");
    return add(std::move(members));
  }
  bool parse_error(size_t position, const std::string& /*token*/,
                   const Library::exception& /*why*/) override {
    const SourceLocation where = place_of(file_, text_, position);
    std::string why = "not a JSON document";
    if (text_.empty()) why += ": it is empty";
    if (!text_.empty() && position > text_.size()) why += ": it ends before it is complete";
    wrong_ = file_.empty() ? fmt::format("{} (line {}, column {})", why, where.line, where.column)
                           : to_text(where) + ": " + why;
    return false;
  }

  Result<Json> take() {
    if (wrong_.empty()) return std::move(whole_);
    return Error{ErrorKind::kCorrupt, wrong_, 0};
  }

 private:
  /// An array or object that is not yet closed.
  struct Open {
    bool is_object = false;
    Json::Array items;
    Json::Object members;
    std::string key;
  };

  bool begin(bool is_object) {
    constexpr size_t kDeepest = 32;
    if (open_.size() >= kDeepest) return fail("nested too deeply");
    open_.emplace_back().is_object = is_object;
    return true;
  }
  bool add(Json value) {
    constexpr size_t kMostValues = 8'000'000;
    if (++values_ > kMostValues) return fail("it holds too many values");
    if (open_.empty()) {
      whole_ = std::move(value);
    } else if (open_.back().is_object) {
      open_.back().members.emplace_back(std::move(open_.back().key), std::move(value));
    } else {
      open_.back().items.push_back(std::move(value));
    }
    return true;
  }
  bool fail(const std::string& why) {
    wrong_ = (file_.empty() ? "" : file_ + ": ") + why;
    return false;
  }

  const std::string& text_;
  const std::string& file_;
  std::vector<Open> open_;
  Json whole_;
  size_t values_ = 0;
  std::string wrong_;
};

}  // namespace

Json::Object::Object(std::initializer_list<Field> fields) {
  reserve(fields.size());
  for (const Field& field : fields) {
    emplace_back(SharedText::lasting(field.key.text), std::move(field.value));
  }
}

Json Json::text_or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

const Json* Json::find(std::string_view key) const {
  const auto* members = as<Object>();
  if (!members) return nullptr;
  for (const auto& [name, value] : *members) {
    if (name == key) return &value;
  }
  return nullptr;
}

std::string Json::text_at(std::string_view key) const {
  const Json* member = find(key);
  const auto* text = member ? member->as<std::string>() : nullptr;
  return text ? *text : std::string();
}

Json Json::with(std::string key, Json value) const {
  Object members = as<Object>() ? *as<Object>() : Object();
  members.emplace_back(std::move(key), std::move(value));
  return members;
}

Result<Json> parse_json(const std::string& text, const std::string& file) {
  Builder builder(text, file);
  Library::sax_parse(text, &builder);
  return builder.take();
}

}  // namespace advisor
