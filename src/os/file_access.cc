#include "os/file_access.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

#include "os/retries.h"

namespace advisor {

Status check_is_file(const UniqueFd& file, const std::string& path) {
  struct stat status{};
  if (fstat(file.get(), &status) != 0) return os_failure("examine " + path, errno);
  const bool null_device = S_ISCHR(status.st_mode) && status.st_rdev == makedev(1, 3);
  if (null_device || S_ISREG(status.st_mode)) return {};
  return Error{ErrorKind::kRejected, "cannot read " + path + ": it is no regular file", 0};
}

UniqueFd open_below(const std::string& root, const std::string& path, int flags) {
  if (root.empty()) return UniqueFd(open(path.c_str(), flags));
  const UniqueFd top(open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!top) return UniqueFd();
  open_how how{};
  how.flags = uint64_t(flags);
  how.resolve = RESOLVE_IN_ROOT;
  const long fd = syscall(SYS_openat2, top.get(), path.c_str(), &how, sizeof how);
  // openat2(2) is missing before Linux 5.6, and under filters of system calls that lack it.
  if (fd < 0 && (errno == ENOSYS || errno == EPERM)) {
    return UniqueFd(open((root + path).c_str(), flags));
  }
  return UniqueFd(int(fd));
}

Result<UniqueFd> open_to_read(const std::string& root, const std::string& path) {
  if (!root.empty()) {
    const UniqueFd place = open_below(root, path, O_PATH | O_CLOEXEC);
    if (!place) return os_failure("read " + path, errno);
    if (const Status fit = check_is_file(place, path); !fit) return fit.error();
  }
  UniqueFd file = open_below(root, path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (!file) return os_failure("read " + path, errno);
  if (const Status fit = check_is_file(file, path); !fit) return fit.error();
  return file;
}

Result<std::string> read_whole(int file, const std::string& path, size_t most_bytes) {
  std::string text;
  Retries interruptions;
  for (;;) {
    char buffer[16384];
    const ssize_t size = ::read(file, buffer, sizeof buffer);
    if (size == 0) return text;
    if (size < 0 && errno == EINTR && interruptions.again()) continue;
    if (size < 0) return os_failure("read " + path, errno);
    text.append(buffer, size_t(size));
    if (text.size() > most_bytes) {
      return Error{ErrorKind::kCorrupt,
                   path + ": it is larger than " + std::to_string(most_bytes >> 20) + " MiB", 0};
    }
  }
}

Status write_whole(int file, std::string_view text, const std::string& path) {
  Retries interruptions;
  while (!text.empty()) {
    const ssize_t written = ::write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR && interruptions.again()) continue;
    if (written <= 0) return os_failure("write " + path, written < 0 ? errno : EIO);
    text.remove_prefix(size_t(written));
  }
  return {};
}

}  // namespace advisor
