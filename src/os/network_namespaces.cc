#include "os/network_namespaces.h"

#include <dirent.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <tuple>

#include "base/text.h"
#include "os/file_store.h"

namespace advisor {
namespace {

std::optional<uint64_t> inode_of(const std::string& path) {
  struct stat status{};
  if (stat(path.c_str(), &status) != 0) return std::nullopt;
  return uint64_t(status.st_ino);
}

/// The numbers of all processes, ascending.
std::vector<int64_t> processes() {
  std::vector<int64_t> numbers;
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(opendir("/proc"), closedir);
  while (const dirent* entry = directory ? readdir(directory.get()) : nullptr) {
    if (const auto pid = parse_decimal(entry->d_name)) numbers.push_back(*pid);
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

}  // namespace

std::string container_of_cgroup(std::string_view cgroup) {
  constexpr size_t kIdDigits = 64;
  constexpr size_t kShortDigits = 12;
  size_t digits = 0;
  for (size_t i = 0; i < cgroup.size(); ++i) {
    const char c = cgroup[i];
    const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    digits = hex ? digits + 1 : 0;
    const bool ends = i + 1 == cgroup.size() || cgroup[i + 1] == '.' || cgroup[i + 1] == '\n' ||
                      cgroup[i + 1] == '/';
    if (digits == kIdDigits && ends) {
      return std::string(cgroup.substr(i + 1 - kIdDigits, kShortDigits));
    }
  }
  return {};
}

std::vector<NetworkNamespace> list_network_namespaces(const std::vector<std::string>& places) {
  const PosixFileStore files("");
  std::map<uint64_t, NetworkNamespace> found;
  for (const std::string& place : places) {
    const auto names = files.list(place);
    for (const std::string& name : names ? *names : std::vector<std::string>()) {
      const auto inode = inode_of(fmt::format("{}/{}", place, name));
      if (inode && found[*inode].name.empty()) found[*inode].name = name;
    }
  }
  for (const int64_t pid : processes()) {
    const std::string process = "/proc/" + std::to_string(pid);
    const auto inode = inode_of(process + "/ns/net");
    if (!inode || found[*inode].pid != 0) continue;
    NetworkNamespace& one = found[*inode];
    one.pid = pid;
    if (const auto command = files.read(process + "/comm")) one.command = printable(trim(*command));
    if (const auto cgroup = files.read(process + "/cgroup")) {
      one.container = container_of_cgroup(*cgroup);
    }
  }
  const uint64_t own = inode_of("/proc/self/ns/net").value_or(0);
  std::vector<NetworkNamespace> namespaces;
  for (auto& [inode, one] : found) {
    one.inode = inode;
    namespaces.push_back(std::move(one));
  }
  std::sort(namespaces.begin(), namespaces.end(),
            [own](const NetworkNamespace& a, const NetworkNamespace& b) {
              return std::tuple(a.inode != own, a.name.empty(), a.name, a.pid) <
                     std::tuple(b.inode != own, b.name.empty(), b.name, b.pid);
            });
  return namespaces;
}

}  // namespace advisor
