#include "sysctld/reading_order.h"

#include <utility>

namespace advisor {
namespace {

constexpr const char* kDirectories[] = {"/etc/sysctl.d", "/run/sysctl.d", "/usr/local/lib/sysctl.d",
                                        "/usr/lib/sysctl.d", "/lib/sysctl.d"};

std::string_view name_of(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

/// What decides when a loader comes to a file.
std::pair<bool, std::string_view> place_of(std::string_view path, SysctlLoader loader) {
  return {loader == SysctlLoader::kProcps && path == kLastOfProcps, name_of(path)};
}

}  // namespace

std::span<const char* const> sysctl_directories() {
  return kDirectories;
}

SysctlLoaders readers_of(std::string_view path) {
  return {.systemd = path != kLastOfProcps && !name_of(path).starts_with('.'), .procps = true};
}

bool comes_after(const SourceLocation& one, const SourceLocation& other, SysctlLoader loader) {
  if (one.file == other.file) return one.line > other.line;
  return place_of(one.file, loader) > place_of(other.file, loader);
}

bool may_come_after(std::string_view path, std::string_view ours) {
  return !path.ends_with(".conf") ||
         place_of(path, SysctlLoader::kProcps) > place_of(ours, SysctlLoader::kProcps);
}

bool is_of_package(std::string_view path) {
  return path.find("/lib/sysctl.d/") != std::string_view::npos;
}

}  // namespace advisor
