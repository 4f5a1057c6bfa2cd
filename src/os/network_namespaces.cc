#include "os/network_namespaces.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <optional>
#include <tuple>

#include "base/text.h"
#include "os/directory.h"
#include "os/file_access.h"
#include "os/file_store.h"

namespace advisor {
namespace {

using Found = std::map<uint64_t, NetworkNamespace>;

/// Nothing if it is gone, or is of a process that this user may not look into.
Result<std::optional<uint64_t>> inode_of(const std::string& path) {
  using Inode = std::optional<uint64_t>;
  struct stat status{};
  if (stat(path.c_str(), &status) == 0) return Inode(uint64_t(status.st_ino));
  const int failure = errno;
  if (failure == ENOENT || failure == ESRCH || failure == EACCES || failure == EPERM) {
    return Inode();
  }
  return os_failure("examine " + path, failure);
}

/// The numbers of all processes, ascending.
Result<std::vector<int64_t>> processes(const FileStore& files) {
  const auto names = files.list("/proc");
  if (!names) return names.error();
  std::vector<int64_t> numbers;
  for (const std::string& name : *names) {
    if (const auto pid = parse_decimal(name)) numbers.push_back(*pid);
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

Status add_named(const FileStore& files, const std::string& place, Found& found) {
  const auto names = files.list(place);
  if (!names) return names.error().os_error == ENOENT ? Status() : Status(names.error());
  for (const std::string& name : *names) {
    const auto inode = inode_of(fmt::format("{}/{}", place, name));
    if (!inode) return inode.error();
    if (*inode && found[**inode].name.empty()) found[**inode].name = name;
  }
  return {};
}

Status add_process(const FileStore& files, int64_t pid, Found& found) {
  const std::string process = "/proc/" + std::to_string(pid);
  const auto inode = inode_of(process + "/ns/net");
  if (!inode) return inode.error();
  if (!*inode || found[**inode].pid != 0) return {};
  NetworkNamespace& one = found[**inode];
  one.pid = pid;
  if (const auto command = files.read(process + "/comm")) one.command = printable(trim(*command));
  if (const auto cgroup = files.read(process + "/cgroup")) {
    one.container = container_of_cgroup(*cgroup);
  }
  return {};
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

std::optional<int64_t> count_other_network_namespaces() {
  constexpr int kMostProcesses = 1000;
  const auto own = inode_of("/proc/self/ns/net");
  if (!own || !*own) return std::nullopt;
  Found found;
  for (const std::string& place : network_namespace_places()) {
    if (!add_named(PosixFileStore(""), place, found)) return std::nullopt;
  }
  const UniqueFd proc = open_below("", "/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (!proc) return std::nullopt;
  int processes = 0;
  const Status visited = visit_names(proc, "/proc", [&](const char* name) {
    if (!parse_decimal(name)) return true;
    const auto inode = inode_of(fmt::format("/proc/{}/ns/net", name));
    if (inode && *inode) found.try_emplace(**inode);
    return ++processes < kMostProcesses;
  });
  if (!visited) return std::nullopt;
  return int64_t(found.size()) - int64_t(found.contains(**own));
}

Result<std::vector<NetworkNamespace>> list_network_namespaces(
    const std::vector<std::string>& places) {
  const PosixFileStore files("");
  Found found;
  for (const std::string& place : places) {
    if (const Status added = add_named(files, place, found); !added) return added.error();
  }
  const auto pids = processes(files);
  if (!pids) return pids.error();
  for (const int64_t pid : *pids) {
    if (const Status added = add_process(files, pid, found); !added) return added.error();
  }
  const auto self = inode_of("/proc/self/ns/net");
  if (!self) return self.error();
  const uint64_t own = self->value_or(0);
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
