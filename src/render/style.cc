#include "render/style.h"

#include <fmt/format.h>

#include "base/text.h"

namespace advisor {
namespace {

constexpr size_t kLabelWidth = 10;

}  // namespace

std::string painted(const std::string& text, const char* code, const TextStyle& style) {
  if (!style.color) return text;
  return std::string("\033[") + code + "m" + text + "\033[0m";
}

std::string labelled(const std::string& label, const std::string& text, const TextStyle& style) {
  if (text.empty()) return {};
  const std::string indent(kLabelWidth + 2, ' ');
  std::string block = wrapped(text, style.width, indent);
  block.replace(0, indent.size(), fmt::format("  {:<{}}", label, kLabelWidth));
  return block;
}

}  // namespace advisor
