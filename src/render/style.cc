#include "render/style.h"

#include <fmt/format.h>

#include "base/text.h"

namespace advisor {
namespace {

constexpr size_t kLabelWidth = 10;

}  // namespace

std::string shown(std::string_view value) {
  return std::string(value.empty() ? "(empty)" : value);
}

std::string painted(std::string_view text, const char* code, const TextStyle& style) {
  if (!style.color) return std::string(text);
  return fmt::format("\033[{}m{}\033[0m", code, text);
}

std::string labelled(std::string_view label, std::string_view text, const TextStyle& style) {
  if (text.empty()) return {};
  const std::string indent(kLabelWidth + 2, ' ');
  std::string block = wrapped(text, style.width, indent);
  block.replace(0, indent.size(), fmt::format("  {:<{}}", label, kLabelWidth));
  return block;
}

}  // namespace advisor
