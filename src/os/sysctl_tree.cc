#include "os/sysctl_tree.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <fnmatch.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <span>
#include <string_view>

#include "os/unique_fd.h"

namespace advisor {
namespace {

/// Nearly every value is shorter. The kernel takes and clears as much memory for each read as is
/// asked for, and one byte (proc_sys_call_handler() in fs/proc/proc_sysctl.c), and an audit reads a
/// hundred parameters.
constexpr size_t kUsualValue = 511;
/// ip_local_reserved_ports may be long.
constexpr size_t kLargestValue = 65536;

/// What one read(2) of the whole file gives, as a part of `buffer`: values are cut off silently
/// when read in pieces.
Result<std::string_view> read_at_once(const UniqueFd& file, const ParameterName& name,
                                      std::span<char> buffer) {
  const auto failure = [&] { return os_failure(fmt::format("read {}", name.dotted()), errno); };
  if (!file) return failure();
  const ssize_t size = ::read(file.get(), buffer.data(), buffer.size());
  if (size < 0) return failure();
  return std::string_view(buffer.data(), size_t(size));
}

Error refused_write(const ParameterName& name, const ParameterValue& value, int os_error) {
  Error error = os_failure(fmt::format("write {} = {}", name.dotted(), value.text()), os_error);
  if (error.kind == ErrorKind::kRejected) {
    error.message += " (the kernel does not take this value)";
  } else if (error.kind == ErrorKind::kNotFound) {
    // The kernel also answers "no such file" to a value that names a module it cannot load.
    error.kind = ErrorKind::kRejected;
    error.message += " (the value names something this kernel does not have)";
  } else if (error.kind == ErrorKind::kDenied || error.kind == ErrorKind::kReadOnly) {
    error.message += " (needs root, and a parameter that this namespace may change)";
  }
  return error;
}

constexpr const char* kSpecialInPatterns = "*?[\\";

bool is_file(int directory, const std::string& path) {
  struct stat status{};
  return fstatat(directory, path.c_str(), &status, 0) == 0 && S_ISREG(status.st_mode);
}

/// Adds the files below `path` that match `start` and, behind it, the glob(7) pattern. `directory`
/// is that of the path. Unlike glob(3) it asks once for each, not twice, and from nearby: of an
/// interface there are dozens of parameters, and of a host of containers hundreds of interfaces.
void find_matching(int directory, const std::string& path, const std::string& start,
                   const std::string& pattern, std::vector<std::string>& found) {
  const size_t special = pattern.find_first_of(kSpecialInPatterns);
  if (special == std::string::npos) {
    if (is_file(directory, start + pattern)) found.push_back(path + start + pattern);
    return;
  }
  const size_t before = pattern.rfind('/', special);
  const size_t first = before == std::string::npos ? 0 : before + 1;
  const size_t end = std::min(pattern.find('/', special), pattern.size());
  const std::string segment = pattern.substr(first, end - first);
  const std::string above = start + pattern.substr(0, first);
  UniqueFd opened(
      openat(directory, above.empty() ? "." : above.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  const std::unique_ptr<DIR, int (*)(DIR*)> names(fdopendir(opened.get()), closedir);
  if (!names) return;
  opened.release();
  while (const dirent* entry = readdir(names.get())) {
    if (fnmatch(segment.c_str(), entry->d_name, FNM_PERIOD) != 0) continue;
    find_matching(dirfd(names.get()), path + above, entry->d_name, pattern.substr(end), found);
  }
}

/// The errno with which root would be refused to write it; 0 if it would not.
int why_closed_to_root(const std::string& path) {
  if (access(path.c_str(), W_OK) == 0) return 0;
  if (errno != EACCES || geteuid() == 0) return errno;
  // Others are refused before the kernel looks what else is in the way.
  struct stat status{};
  if (stat(path.c_str(), &status) != 0) return errno == EACCES ? 0 : errno;
  const mode_t mine = status.st_uid == 0 ? S_IWUSR : status.st_gid == 0 ? S_IWGRP : S_IWOTH;
  if ((status.st_mode & mine) == 0) return EACCES;
  struct statvfs mount{};
  const bool read_only = statvfs(path.c_str(), &mount) == 0 && (mount.f_flag & ST_RDONLY) != 0;
  return read_only ? EROFS : 0;
}

/// The value of the file at `path` from `directory` on.
Reading read_file(int directory, const std::string& path, const ParameterName& name) {
  const auto opened = [&] {
    return UniqueFd(openat(directory, path.c_str(), O_RDONLY | O_CLOEXEC));
  };
  char usual[kUsualValue];
  std::vector<char> large;
  auto text = read_at_once(opened(), name, usual);
  if (text && text->size() == sizeof usual) {
    large.resize(kLargestValue);
    text = read_at_once(opened(), name, large);
  }
  if (text) return ParameterValue(*text);
  Error error = text.error();
  if (error.kind == ErrorKind::kNotFound) {
    error.message = fmt::format("cannot read {}: this kernel, or this namespace, does not have it",
                                name.dotted());
  }
  return error;
}

}  // namespace

std::map<ParameterName, Reading> SysctlTree::read_all(const std::set<ParameterName>& names) const {
  std::map<ParameterName, Reading> readings;
  for (const ParameterName& name : names) readings.emplace(name, read(name));
  return readings;
}

const UniqueFd& ProcSysctlTree::directory() const {
  if (!directory_) directory_ = UniqueFd(open(base_.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  return directory_;
}

bool ProcSysctlTree::exists(const ParameterName& name) const {
  struct stat status{};
  return stat((base_ + name.path()).c_str(), &status) == 0 && S_ISREG(status.st_mode);
}

std::vector<ParameterName> ProcSysctlTree::matching(const std::string& pattern) const {
  std::vector<std::string> paths;
  if (const UniqueFd& tree = directory()) find_matching(tree.get(), "", "", pattern, paths);
  std::vector<ParameterName> names;
  for (const std::string& path : paths) {
    if (const auto name = ParameterName::parse(path)) names.push_back(*name);
  }
  return names;
}

Status ProcSysctlTree::check_writable(const ParameterName& name) const {
  const int why = why_closed_to_root(base_ + name.path());
  if (why == 0) return {};
  Error error = os_failure(fmt::format("write {}", name.dotted()), why);
  if (error.kind == ErrorKind::kReadOnly) {
    error.message += " (/proc/sys is mounted read-only here, as in a container)";
  } else if (error.kind == ErrorKind::kDenied) {
    error.message += " (the kernel lets nobody change it in this namespace)";
  }
  return error;
}

Reading ProcSysctlTree::read(const ParameterName& name) const {
  const UniqueFd& tree = directory();
  return tree ? read_file(tree.get(), name.path(), name)
              : read_file(AT_FDCWD, base_ + name.path(), name);
}

std::map<ParameterName, Reading> ProcSysctlTree::read_all(
    const std::set<ParameterName>& names) const {
  std::map<ParameterName, Reading> readings;
  const UniqueFd& tree = directory();
  // To walk the path of a file takes the kernel longer than to read it, and most have the first two
  // parts in common with the one before, as net/ipv4.
  std::string folder;
  UniqueFd opened;
  for (const ParameterName& name : names) {
    const std::string path = name.path();
    const size_t second = path.find('/', path.find('/') + 1);
    const size_t inside = second == std::string::npos ? 0 : second + 1;
    if (tree && inside > 0 && path.substr(0, inside) != folder) {
      folder = path.substr(0, inside);
      opened = UniqueFd(openat(tree.get(), folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    }
    readings.emplace_hint(
        readings.end(), name,
        inside > 0 && opened ? read_file(opened.get(), path.substr(inside), name) : read(name));
  }
  return readings;
}

Status ProcSysctlTree::write(const ParameterName& name, const ParameterValue& value) {
  if (value.text().size() > kLongestValueBytes) {
    return Error{ErrorKind::kRejected,
                 fmt::format("{} is too long to be written at once", name.dotted()), 0};
  }
  const UniqueFd file(
      open((base_ + name.path()).c_str(), O_WRONLY | O_TRUNC | O_NOFOLLOW | O_CLOEXEC));
  if (!file) return refused_write(name, value, errno);
  const std::string text = value.text() + "\n";
  // Never a second write on this descriptor: the kernel answers success and ignores it.
  const ssize_t written = ::write(file.get(), text.data(), text.size());
  if (written < 0) return refused_write(name, value, errno);
  if (size_t(written) != text.size()) {
    return Error{ErrorKind::kRejected,
                 fmt::format("cannot write {} = {}: the kernel took only a part of it",
                             name.dotted(), value.text()),
                 0};
  }
  return {};
}

}  // namespace advisor
