#include "os/file_store.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <thread>

#include "base/text.h"
#include "os/directory.h"
#include "os/file_access.h"
#include "os/trusted_open.h"
#include "os/unique_fd.h"

namespace advisor {
namespace {

constexpr int kParentMode = 0755;
constexpr mode_t kLockMode = 0600;
constexpr mode_t kPrivateDirectoryMode = 0700;

class FlockLock : public Lock {
 public:
  explicit FlockLock(UniqueFd fd) : fd_(std::move(fd)) {}

 private:
  UniqueFd fd_;
};

/// A copied tree has a link to /dev/null, but seldom the device.
bool is_link_to_null(const std::string& path) {
  char target[16];
  const ssize_t size = readlink(path.c_str(), target, sizeof target);
  return size > 0 && std::string_view(target, size_t(size)) == "/dev/null";
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

Status write_synced(const UniqueFd& file, const std::string& path, const std::string& text,
                    int mode) {
  if (const Status written = write_whole(file.get(), text, path); !written) return written;
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

/// Writes the new file `unfinished`, and gives it the name of the other in its directory.
Status put(const UniqueFd& directory, const std::string& path, const std::string& unfinished,
           const std::string& text, int mode) {
  const std::string beside = name_of(unfinished);
  const UniqueFd file(openat(directory.get(), beside.c_str(),
                             O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode_t(mode)));
  if (!file) return os_failure("create " + unfinished, errno);
  Status done = write_synced(file, unfinished, text, mode);
  if (done &&
      renameat(directory.get(), beside.c_str(), directory.get(), name_of(path).c_str()) != 0) {
    done = os_failure("replace " + path, errno);
  }
  if (done) return sync_names(directory, directory_of(path));
  unlinkat(directory.get(), beside.c_str(), 0);
  return done;
}

/// The lock file, which nobody else may open: whoever can could hold the lock for ever.
Result<UniqueFd> open_lock(const UniqueFd& directory, const std::string& path, bool checked) {
  UniqueFd file(openat(directory.get(), name_of(path).c_str(),
                       O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, kLockMode));
  // A lock on what became read-only will do: what was changed must be undone all the same.
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
  const Result<UniqueFd> file = open_to_read(root_, path);
  if (file) return read_whole(file->get(), path);
  if (file.error().os_error == ENOENT && is_link_to_null(root_ + path)) return std::string();
  return file.error();
}

Result<std::string> PosixFileStore::read_trusted(const std::string& path) const {
  if (!checks()) return read(path);
  const Result<UniqueFd> file = open_trusted(root_ + path);
  if (!file) return file.error();
  return read_whole(file->get(), path);
}

Result<std::vector<std::string>> PosixFileStore::list(const std::string& path) const {
  const UniqueFd directory = open_below(root_, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (!directory) return os_failure("list " + path, errno);
  return names_in(directory, path);
}

bool PosixFileStore::checks() const {
  return trust_ == Trust::kChecked && geteuid() == 0;
}

Result<UniqueFd> PosixFileStore::open_directory(const std::string& path) const {
  if (checks()) return open_trusted_directory(root_ + path);
  if (trust_ == Trust::kNamed && geteuid() == 0) return open_named_directory(root_ + path);
  UniqueFd directory = open_below(root_, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (!directory) return os_failure("write in " + path, errno);
  return directory;
}

Status PosixFileStore::replace(const std::string& path, const std::string& text, int mode) {
  const auto directory = open_directory(directory_of(path));
  if (!directory) return directory.error();
  if (const Status removed = remove_unfinished(*directory, path); !removed) return removed;
  return put(*directory, path, path + kUnfinished, text, mode);
}

Status PosixFileStore::replace_among_others(const std::string& path, const std::string& text,
                                            int mode) {
  const auto directory = open_directory(directory_of(path));
  if (!directory) return directory.error();
  // A process of the same number, as of a container, may have been killed while it wrote.
  constexpr int kMostLeftOver = 32;
  std::string beside = path + "." + std::to_string(getpid());
  Status done = put(*directory, path, beside + kUnfinished, text, mode);
  for (int i = 1; !done && done.error().os_error == EEXIST && i < kMostLeftOver; ++i) {
    done = put(*directory, path, beside + "-" + std::to_string(i) + kUnfinished, text, mode);
  }
  return done;
}

Status PosixFileStore::append(const std::string& path, const std::string& text) {
  const auto directory = open_directory(directory_of(path));
  if (!directory) return directory.error();
  const UniqueFd file(openat(directory->get(), name_of(path).c_str(),
                             O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file) return os_failure("open " + path, errno);
  return write_whole(file.get(), text, path);
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
  const Status created = create_directory(path, mode);
  if (!created && created.error().os_error == EEXIST) return {};  // somebody was faster
  return created;
}

Status PosixFileStore::create_directory(const std::string& path, int mode) {
  const std::string above = directory_of(path);
  const auto directory = open_directory(above);
  if (!directory) return directory.error();
  const std::string name = name_of(path);
  if (mkdirat(directory->get(), name.c_str(), mode_t(mode)) != 0) {
    return os_failure("make " + path, errno);
  }
  // mkdir(2) takes the umask off the mode.
  if (fchmodat(directory->get(), name.c_str(), mode_t(mode), 0) != 0) {
    return os_failure("set the mode of " + path, errno);
  }
  return sync_names(*directory, above);
}

Result<bool> PosixFileStore::make_private(const std::string& path) {
  if (!checks()) return false;
  const auto directory = open_directory(path);
  if (!directory) return directory.error();
  struct stat status{};
  if (fstat(directory->get(), &status) != 0) return os_failure("examine " + path, errno);
  if ((status.st_mode & 07777) == kPrivateDirectoryMode) return false;
  if (fchmod(directory->get(), kPrivateDirectoryMode) != 0) {
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
      const auto holder = read_whole(file.get(), path);
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
  if (ftruncate(file.get(), 0) == 0) (void)write_whole(file.get(), me, path);
  return std::unique_ptr<Lock>(std::make_unique<FlockLock>(std::move(file)));
}

}  // namespace advisor
