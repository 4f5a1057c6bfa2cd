#include "os/sysctl_tree.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <fnmatch.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <span>
#include <string_view>

#include "os/directory.h"
#include "os/file_access.h"

namespace advisor {
namespace {

/// Nearly every value is shorter. The kernel takes and clears as much memory for each read as is
/// asked for, and one byte (proc_sys_call_handler() in fs/proc/proc_sysctl.c), and an audit reads a
/// hundred parameters.
constexpr size_t kUsualValue = 511;
/// ip_local_reserved_ports may be long.
constexpr size_t kLargestValue = 65536;

constexpr const char* kBase = "/proc/sys";

/// What one read(2) of the whole file gives, as a part of `buffer`: values are cut off silently
/// when read in pieces.
Result<std::string_view> read_at_once(const UniqueFd& file, const ParameterName& name,
                                      std::span<char> buffer) {
  const ssize_t size = ::read(file.get(), buffer.data(), buffer.size());
  if (size < 0) return os_failure(fmt::format("read {}", name.dotted()), errno);
  return std::string_view(buffer.data(), size_t(size));
}

/// Whether errno says that the file does not exist; a name that is too long says so as well.
bool is_absent(int os_error) {
  return os_error == ENOENT || os_error == ENOTDIR || os_error == ENAMETOOLONG;
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

Result<Presence> presence_at(int directory, const std::string& path, const std::string& shown) {
  struct stat status{};
  if (fstatat(directory, path.c_str(), &status, 0) == 0) {
    return S_ISREG(status.st_mode) ? Presence::kThere : Presence::kAbsent;
  }
  if (is_absent(errno)) return Presence::kAbsent;
  return os_failure("tell whether this kernel has " + shown, errno);
}

/// Adds the files below `path` that match `start` and, behind it, the glob(7) pattern. `directory`
/// is that of the path. Unlike glob(3) it asks once for each, not twice, and from nearby: of an
/// interface there are dozens of parameters, and of a host of containers hundreds of interfaces.
Status find_matching(int directory, const std::string& path, const std::string& start,
                     const std::string& pattern, std::vector<std::string>& found) {
  const size_t special = pattern.find_first_of(kSpecialInPatterns);
  if (special == std::string::npos) {
    const auto presence = presence_at(directory, start + pattern, path + start + pattern);
    if (!presence) return presence.error();
    if (*presence == Presence::kThere) found.push_back(path + start + pattern);
    return {};
  }
  const size_t before = pattern.rfind('/', special);
  const size_t first = before == std::string::npos ? 0 : before + 1;
  const size_t end = std::min(pattern.find('/', special), pattern.size());
  const std::string segment = pattern.substr(first, end - first);
  const std::string above = start + pattern.substr(0, first);
  const UniqueFd opened(
      openat(directory, above.empty() ? "." : above.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!opened && is_absent(errno)) return {};
  if (!opened) return os_failure("list /proc/sys/" + path + above, errno);
  Status all;
  const Status listed = visit_names(opened, "/proc/sys/" + path + above, [&](const char* name) {
    if (fnmatch(segment.c_str(), name, FNM_PERIOD) != 0) return true;
    all = find_matching(opened.get(), path + above, name, pattern.substr(end), found);
    return bool(all);
  });
  // An interface may go meanwhile, and its directory with it.
  if (!listed && is_absent(listed.error().os_error)) return all;
  return listed ? all : listed;
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
  if (statvfs(path.c_str(), &mount) != 0) return errno;
  return (mount.f_flag & ST_RDONLY) != 0 ? EROFS : 0;
}

}  // namespace

std::map<ParameterName, Reading> SysctlTree::read_all(const std::set<ParameterName>& names) const {
  std::map<ParameterName, Reading> readings;
  for (const ParameterName& name : names) readings.emplace(name, read(name));
  return readings;
}

Result<int> ProcSysctlTree::directory() const {
  if (directory_) return directory_.get();
  const std::string shown = root_ + kBase;
  const auto untold = [&](const std::string& why) {
    return Error{ErrorKind::kIo,
                 "cannot read the parameters of this kernel: " + shown + why +
                     (root_.empty() ? "; mount /proc (mount -t proc proc /proc)"
                                    : "; record it from a host with its /proc/sys"),
                 0};
  };
  UniqueFd opened = open_below(root_, kBase, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (!opened && is_absent(errno)) return untold(" is not there");
  if (!opened) return os_failure("read the parameters of this kernel: open " + shown, errno);
  struct statfs system{};
  if (fstatfs(opened.get(), &system) != 0) return os_failure("examine " + shown, errno);
  if (root_.empty() && system.f_type != PROC_SUPER_MAGIC) return untold(" is not of procfs");
  if (!root_.empty()) {
    const auto names = names_in(opened, shown);
    if (!names) return names.error();
    if (names->empty()) return untold(" is empty");
  }
  directory_ = std::move(opened);
  return directory_.get();
}

Status ProcSysctlTree::check_there() const {
  const auto tree = directory();
  return tree ? Status() : Status(tree.error());
}

Result<Presence> ProcSysctlTree::presence_of(const ParameterName& name) const {
  const auto tree = directory();
  if (!tree) return tree.error();
  return presence_at(*tree, name.path(), std::string(name.dotted()));
}

Result<std::vector<ParameterName>> ProcSysctlTree::matching(const std::string& pattern) const {
  const auto tree = directory();
  if (!tree) return tree.error();
  std::vector<std::string> paths;
  if (const Status all = find_matching(*tree, "", "", pattern, paths); !all) return all.error();
  std::vector<ParameterName> names;
  for (const std::string& path : paths) {
    if (const auto name = ParameterName::parse(path)) names.push_back(*name);
  }
  // Directories are in an order of their own.
  std::sort(names.begin(), names.end());
  return names;
}

Status ProcSysctlTree::check_writable(const ParameterName& name) const {
  const auto tree = directory();
  if (!tree) return tree.error();
  const int why = why_closed_to_root(root_ + kBase + "/" + name.path());
  if (why == 0) return {};
  Error error = os_failure(fmt::format("write {}", name.dotted()), why);
  if (error.kind == ErrorKind::kReadOnly) {
    error.message += " (/proc/sys is mounted read-only here, as in a container)";
  } else if (error.kind == ErrorKind::kDenied) {
    error.message += " (the kernel lets nobody change it in this namespace)";
  }
  return error;
}

Reading ProcSysctlTree::read_at(int directory, const std::string& path,
                                const ParameterName& name) const {
  const auto attempt = [&](std::span<char> buffer) -> Result<std::string_view> {
    if (!root_.empty()) {  // a copy, in which anything may stand
      const auto file = open_to_read(root_, std::string(kBase) + "/" + name.path());
      if (!file) return file.error();
      return read_at_once(*file, name, buffer);
    }
    const UniqueFd file(openat(directory, path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file) return os_failure(fmt::format("read {}", name.dotted()), errno);
    return read_at_once(file, name, buffer);
  };
  char usual[kUsualValue];
  std::vector<char> large;
  auto text = attempt(usual);
  if (text && text->size() == sizeof usual) {
    large.resize(kLargestValue);
    text = attempt(large);
  }
  if (text && text->size() == kLargestValue) {
    return Error{ErrorKind::kRejected,
                 fmt::format("cannot read {}: it is longer than {} KiB", name.dotted(),
                             kLargestValue / 1024),
                 0};
  }
  if (text) return ParameterValue(*text);
  Error error = text.error();
  if (error.kind == ErrorKind::kNotFound) error.message = absent_parameter(name).message;
  return error;
}

Reading ProcSysctlTree::read(const ParameterName& name) const {
  const auto tree = directory();
  if (!tree) return tree.error();
  return read_at(*tree, name.path(), name);
}

std::map<ParameterName, Reading> ProcSysctlTree::read_all(
    const std::set<ParameterName>& names) const {
  std::map<ParameterName, Reading> readings;
  const auto tree = directory();
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
      opened = UniqueFd(openat(*tree, folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    }
    readings.emplace_hint(
        readings.end(), name,
        inside > 0 && opened ? read_at(opened.get(), path.substr(inside), name) : read(name));
  }
  return readings;
}

Status ProcSysctlTree::write(const ParameterName& name, const ParameterValue& value) {
  if (value.text().size() > kLongestValueBytes) {
    return Error{ErrorKind::kRejected,
                 fmt::format("{} is too long to be written at once", name.dotted()), 0};
  }
  const auto tree = directory();
  if (!tree) return tree.error();
  const UniqueFd file = open_below(root_, std::string(kBase) + "/" + name.path(),
                                   O_WRONLY | O_TRUNC | O_NOFOLLOW | O_CLOEXEC);
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

StandingValues standing_values(const SysctlTree& tree) {
  return [&tree](const ParameterName& name) -> std::optional<ParameterValue> {
    const Reading now = tree.read(name);
    return now ? std::optional(*now) : std::nullopt;
  };
}

}  // namespace advisor
