#include "os/file_store.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <thread>

#include "base/text.h"
#include "os/trusted_open.h"
#include "os/unique_fd.h"

namespace advisor {
namespace {

constexpr int kParentMode = 0755;
constexpr mode_t kLockMode = 0600;
constexpr mode_t kPrivateMode = 0700;

class FlockLock : public Lock {
 public:
  explicit FlockLock(UniqueFd fd) : fd_(std::move(fd)) {}

 private:
  UniqueFd fd_;
};

/// As open(2) of an existing file, but the links of a copied tree are followed within it.
UniqueFd open_below(const std::string& root, const std::string& path, int flags) {
  if (root.empty()) return UniqueFd(open(path.c_str(), flags));
  const UniqueFd top(open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!top) return UniqueFd();
  open_how how{};
  how.flags = uint64_t(flags);
  how.resolve = RESOLVE_IN_ROOT;
  const long fd = syscall(SYS_openat2, top.get(), path.c_str(), &how, sizeof how);
  // Before Linux 5.6, and under filters of system calls that do not know it.
  if (fd < 0 && (errno == ENOSYS || errno == EPERM)) {
    return UniqueFd(open((root + path).c_str(), flags));
  }
  return UniqueFd(int(fd));
}

bool is_null_device(const struct stat& status) {
  return S_ISCHR(status.st_mode) && status.st_rdev == makedev(1, 3);
}

/// A copied tree has a link to /dev/null, but seldom the device.
bool is_link_to_null(const std::string& path) {
  char target[16];
  const ssize_t size = readlink(path.c_str(), target, sizeof target);
  return size > 0 && std::string_view(target, size_t(size)) == "/dev/null";
}

Result<std::string> read_all(const UniqueFd& file, const std::string& path) {
  struct stat status{};
  if (fstat(file.get(), &status) != 0) return os_failure("read " + path, errno);
  if (is_null_device(status)) return std::string();
  if (!S_ISREG(status.st_mode)) {
    return Error{ErrorKind::kRejected, "cannot read " + path + ": it is no regular file", 0};
  }
  std::string text;
  for (;;) {
    char buffer[16384];
    const ssize_t size = ::read(file.get(), buffer, sizeof buffer);
    if (size == 0) return text;
    if (size < 0 && errno != EINTR) return os_failure("read " + path, errno);
    if (size > 0) text.append(buffer, size_t(size));
  }
}

Status write_all(const UniqueFd& file, std::string_view text, const std::string& path) {
  while (!text.empty()) {
    const ssize_t written = ::write(file.get(), text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return os_failure("write " + path, errno);
    text.remove_prefix(size_t(written));
  }
  return {};
}

std::string directory_of(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == 0 ? "/" : path.substr(0, slash);
}

std::string name_of(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

/// Makes the names in a directory durable, so that a rename or removal survives a power cut.
Status sync_names(const UniqueFd& directory, const std::string& path) {
  if (fsync(directory.get()) != 0) return os_failure("sync " + path, errno);
  return {};
}

Status write_synced(const UniqueFd& directory, const std::string& name, const std::string& path,
                    const std::string& text, int mode) {
  const UniqueFd file(openat(directory.get(), name.c_str(),
                             O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode_t(mode)));
  if (!file) return os_failure("create " + path, errno);
  if (const Status written = write_all(file, text, path); !written) return written;
  // open(2) takes the umask off the mode; a drop-in must be readable by all whatever it is.
  if (fchmod(file.get(), mode_t(mode)) != 0) return os_failure("set the mode of " + path, errno);
  if (fsync(file.get()) != 0) return os_failure("sync " + path, errno);
  return {};
}

/// Left over by a run that was cut off; we hold the lock, so nobody is writing it.
Status remove_unfinished(const UniqueFd& directory, const std::string& path) {
  const std::string name = name_of(path) + kUnfinished;
  if (unlinkat(directory.get(), name.c_str(), 0) == 0 || errno == ENOENT) return {};
  return os_failure("remove " + path + kUnfinished, errno);
}

/// The lock file, which nobody else may open: whoever can could hold the lock for ever.
Result<UniqueFd> open_lock(const UniqueFd& directory, const std::string& path, bool checked) {
  UniqueFd file(openat(directory.get(), name_of(path).c_str(),
                       O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, kLockMode));
  // What was changed must be undone although nothing can be written there any more.
  if (!file && errno == EROFS) {
    file = UniqueFd(openat(directory.get(), name_of(path).c_str(),
                           O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (!file && errno == ENOENT) errno = EROFS;
  }
  if (!file) return os_failure("open the lock " + path, errno);
  struct stat status{};
  if (fstat(file.get(), &status) != 0) return os_failure("examine the lock " + path, errno);
  const bool foreign = checked && status.st_uid != 0;
  if (foreign || !S_ISREG(status.st_mode)) {
    return Error{ErrorKind::kRejected,
                 "will not use the lock " + path + ": it is " +
                     (foreign ? "somebody else's" : "no regular file") + "; remove it",
                 0};
  }
  if ((status.st_mode & 07777) != kLockMode && fchmod(file.get(), kLockMode) != 0) {
    return os_failure("set the mode of " + path, errno);
  }
  return file;
}

}  // namespace

Result<std::string> PosixFileStore::read(const std::string& path) const {
  // Not waiting for the other end, should it be a named pipe.
  const UniqueFd file = open_below(root_, path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (!file) {
    const int failure = errno;
    if (failure == ENOENT && is_link_to_null(root_ + path)) return std::string();
    return os_failure("read " + path, failure);
  }
  return read_all(file, path);
}

Result<std::string> PosixFileStore::read_trusted(const std::string& path) const {
  if (!checks()) return read(path);
  const Result<UniqueFd> file = open_trusted(root_ + path);
  if (!file) return file.error();
  return read_all(*file, path);
}

Result<std::vector<std::string>> PosixFileStore::list(const std::string& path) const {
  UniqueFd opened = open_below(root_, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (!opened) return os_failure("list " + path, errno);
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(fdopendir(opened.get()), closedir);
  if (!directory) return os_failure("list " + path, errno);
  opened.release();
  std::vector<std::string> names;
  while (const dirent* entry = readdir(directory.get())) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

bool PosixFileStore::checks() const {
  return trust_ == Trust::kChecked && geteuid() == 0;
}

Result<UniqueFd> PosixFileStore::open_directory(const std::string& path) const {
  if (checks()) return open_trusted_directory(root_ + path);
  UniqueFd directory = open_below(root_, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (!directory) return os_failure("write in " + path, errno);
  return directory;
}

Status PosixFileStore::replace(const std::string& path, const std::string& text, int mode) {
  const auto directory = open_directory(directory_of(path));
  if (!directory) return directory.error();
  if (const Status removed = remove_unfinished(*directory, path); !removed) return removed;
  const std::string name = name_of(path);
  const std::string unfinished = name + kUnfinished;
  Status done = write_synced(*directory, unfinished, path + kUnfinished, text, mode);
  if (done && renameat(directory->get(), unfinished.c_str(), directory->get(), name.c_str()) != 0) {
    done = os_failure("replace " + path, errno);
  }
  if (!done) {
    unlinkat(directory->get(), unfinished.c_str(), 0);
    return done;
  }
  return sync_names(*directory, directory_of(path));
}

Status PosixFileStore::append(const std::string& path, const std::string& text) {
  const auto directory = open_directory(directory_of(path));
  if (!directory) return directory.error();
  const UniqueFd file(openat(directory->get(), name_of(path).c_str(),
                             O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file) return os_failure("open " + path, errno);
  return write_all(file, text, path);
}

Status PosixFileStore::remove(const std::string& path) {
  const auto directory = open_directory(directory_of(path));
  if (!directory && directory.error().kind == ErrorKind::kNotFound) return {};
  if (!directory) return directory.error();
  if (const Status removed = remove_unfinished(*directory, path); !removed) return removed;
  if (unlinkat(directory->get(), name_of(path).c_str(), 0) != 0) {
    if (errno == ENOENT) return {};
    return os_failure("remove " + path, errno);
  }
  return sync_names(*directory, directory_of(path));
}

Status PosixFileStore::make_directory(const std::string& path, int mode) {
  const auto existing = open_directory(path);
  if (existing) return {};
  if (existing.error().os_error == ENOTDIR) {
    return Error{ErrorKind::kRejected, "cannot make " + path + ": a file stands in its place", 0};
  }
  if (existing.error().kind != ErrorKind::kNotFound) return existing.error();
  const std::string parent = directory_of(path);
  if (parent != path) {
    if (const Status made = make_directory(parent, kParentMode); !made) return made;
  }
  const auto above = open_directory(parent);
  if (!above) return above.error();
  const std::string name = name_of(path);
  if (mkdirat(above->get(), name.c_str(), mode_t(mode)) != 0) {
    if (errno == EEXIST) return {};  // somebody was faster
    return os_failure("make " + path, errno);
  }
  // mkdir(2) takes the umask off the mode.
  if (fchmodat(above->get(), name.c_str(), mode_t(mode), 0) != 0) {
    return os_failure("set the mode of " + path, errno);
  }
  return sync_names(*above, parent);
}

Result<bool> PosixFileStore::make_private(const std::string& path) {
  if (!checks()) return false;
  const auto directory = open_directory(path);
  if (!directory) return directory.error();
  struct stat status{};
  if (fstat(directory->get(), &status) != 0) return os_failure("examine " + path, errno);
  if ((status.st_mode & 07777) == kPrivateMode) return false;
  if (fchmod(directory->get(), kPrivateMode) != 0) {
    return os_failure("set the mode of " + path, errno);
  }
  return true;
}

Result<std::unique_ptr<Lock>> PosixFileStore::lock(const std::string& path,
                                                   std::chrono::milliseconds patience) {
  const auto directory = open_directory(directory_of(path));
  if (!directory) return directory.error();
  auto opened = open_lock(*directory, path, checks());
  if (!opened) return opened.error();
  UniqueFd file = std::move(*opened);
  const auto give_up = std::chrono::steady_clock::now() + patience;
  while (flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) return os_failure("lock " + path, errno);
    if (std::chrono::steady_clock::now() >= give_up) {
      const auto holder = read_all(file, path);
      const std::string who = holder ? std::string(trim(*holder)) : "";
      return Error{ErrorKind::kBusy,
                   "another sysctl-advisor is changing this host" +
                       (who.empty() ? "" : " (process " + who + ")") +
                       "; try again when it is done",
                   0};
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  // Only for the message above; the lock itself is the kernel's, and holds on a full disk as well.
  const std::string me = std::to_string(getpid()) + "\n";
  if (ftruncate(file.get(), 0) == 0) (void)write_all(file, me, path);
  return std::unique_ptr<Lock>(std::make_unique<FlockLock>(std::move(file)));
}

}  // namespace advisor
