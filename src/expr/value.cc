#include "expr/value.h"

#include <fmt/format.h>

#include <cmath>

#include "base/text.h"

namespace advisor::expr {
namespace {

std::string written(bool value) {
  return value ? "true" : "false";
}

std::string written(int64_t value) {
  return fmt::format("{}", value);
}

std::string written(double value) {
  // The sign of a NaN differs between processors.
  if (std::isnan(value)) return "nan";
  std::string text = fmt::format("{}", value);
  // `1` would be an int when read back.
  const bool whole = std::isfinite(value) && text.find_first_of(".e") == std::string::npos;
  return whole ? text + ".0" : text;
}

std::string written(const std::string& value) {
  std::string text = "\"";
  for (const char c : value) {
    if (c == '\n') {
      text += "\\n";
    } else if (c == '\t') {
      text += "\\t";
    } else {
      if (c == '"' || c == '\\') text += '\\';
      text += c;
    }
  }
  return text + '"';
}

template <typename Element>
std::string written(const std::vector<Element>& values) {
  std::vector<std::string> elements;
  for (const Element& value : values) elements.push_back(written(value));
  return "[" + join(elements, ", ") + "]";
}

std::string written(const Unknown& unknown) {
  return unknown.missing.empty() ? "unknown" : "unknown (" + join(unknown.missing, ", ") + ")";
}

std::string written(const Failure& failure) {
  return "error (" + failure.message + ")";
}

}  // namespace

std::string to_text(Type type) {
  switch (type) {
    case Type::kBool:
      return "bool";
    case Type::kInt:
      return "int";
    case Type::kDouble:
      return "double";
    case Type::kString:
      return "string";
    case Type::kIntList:
      return "list(int)";
    case Type::kDoubleList:
      return "list(double)";
    case Type::kStringList:
      return "list(string)";
  }
  return {};
}

std::string to_text(const Value& value) {
  return std::visit([](const auto& alternative) { return written(alternative); }, value);
}

}  // namespace advisor::expr
