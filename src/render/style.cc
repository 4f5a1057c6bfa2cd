#include "render/style.h"

namespace advisor {

std::string painted(const std::string& text, const char* code, const TextStyle& style) {
  if (!style.color) return text;
  return std::string("\033[") + code + "m" + text + "\033[0m";
}

}  // namespace advisor
