#include "base/json.h"

#include <limits>
#include <nlohmann/json.hpp>

namespace advisor {
namespace {

using Library = nlohmann::ordered_json;

Library to_library(const Json& json) {
  if (const auto* flag = json.as<bool>()) return *flag;
  if (const auto* whole = json.as<int64_t>()) return *whole;
  if (const auto* real = json.as<double>()) return *real;
  if (const auto* text = json.as<std::string>()) return *text;
  if (const auto* items = json.as<Json::Array>()) {
    Library array = Library::array();
    for (const Json& item : *items) array.push_back(to_library(item));
    return array;
  }
  if (const auto* members = json.as<Json::Object>()) {
    Library object = Library::object();
    for (const auto& [key, value] : *members) object[key] = to_library(value);
    return object;
  }
  return nullptr;
}

Json from_library(const Library& library) {
  if (library.is_boolean()) return library.get<bool>();
  constexpr auto kLargest = uint64_t(std::numeric_limits<int64_t>::max());
  if (library.is_number_unsigned() && library.get<uint64_t>() > kLargest) {
    return library.get<double>();
  }
  if (library.is_number_integer()) return library.get<int64_t>();
  if (library.is_number_float()) return library.get<double>();
  if (library.is_string()) return library.get<std::string>();
  if (library.is_array()) {
    Json::Array items;
    for (const Library& item : library) items.push_back(from_library(item));
    return items;
  }
  if (library.is_object()) {
    Json::Object members;
    for (const auto& [key, value] : library.items()) members.emplace_back(key, from_library(value));
    return members;
  }
  return nullptr;
}

}  // namespace

Json Json::array_of(const std::vector<std::string>& texts) {
  return Array(texts.begin(), texts.end());
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

std::string Json::dump() const {
  return to_library(*this).dump(2, ' ', false, Library::error_handler_t::replace) + "\n";
}

Result<Json> parse_json(const std::string& text) {
  constexpr int kDeepest = 32;
  bool too_deep = false;
  const auto within_depth = [&too_deep](int depth, Library::parse_event_t, const Library&) {
    too_deep = too_deep || depth > kDeepest;
    return depth <= kDeepest;
  };
  const Library library = Library::parse(text, within_depth, /*allow_exceptions=*/false);
  if (too_deep) return Error{ErrorKind::kCorrupt, "nested too deeply", 0};
  if (library.is_discarded()) return Error{ErrorKind::kCorrupt, "not a JSON document", 0};
  return from_library(library);
}

}  // namespace advisor
