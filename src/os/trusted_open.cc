#include "os/trusted_open.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "base/text.h"
#include "os/file_access.h"

namespace advisor {
namespace {

/// Whom files and directories may belong to.
enum class Owners { kRoot, kAnybody };

/// What is wanted of a path.
struct Purpose {
  const char* attempt;  ///< "read"
  const char* rule;     ///< what root does, and what it does not; and the way out
  Owners owners = Owners::kRoot;
};

constexpr Purpose kReading{"read",
                           "root reads only what nobody else can change (chown root, chmod go-w)"};
constexpr Purpose kWriting{"write in",
                           "root writes only where nobody else can (chown root, chmod go-w)"};
constexpr Purpose kPlacing{
    "write in",
    "root writes only in the very directory that was named (name it without links; chmod o-w)",
    Owners::kAnybody};

Error untrusted(const Purpose& purpose, const std::string& path, const std::string& at,
                const std::string& why) {
  return {ErrorKind::kRejected,
          std::string("will not ") + purpose.attempt + " " + path + " as root: " + at + " " + why +
              "; " + purpose.rule,
          0};
}

/// Where in a path something stands.
enum class Place {
  kAboveDirectory,  ///< of a directory, to which nobody can put another name
  kElsewhere,       ///< at the end, or of a file
};

Status check(const UniqueFd& fd, const Purpose& purpose, const std::string& path,
             const std::string& at, Place place) {
  struct stat status{};
  if (fstat(fd.get(), &status) != 0) return os_failure("examine " + at, errno);
  if (S_ISLNK(status.st_mode)) return untrusted(purpose, path, at, "is a symbolic link");
  if (purpose.owners == Owners::kAnybody) {
    const bool by_everybody = (status.st_mode & S_IWOTH) && !(status.st_mode & S_ISVTX);
    return by_everybody ? untrusted(purpose, path, at, "can be written by everybody") : Status();
  }
  if (status.st_uid != 0) return untrusted(purpose, path, at, "does not belong to root");
  const bool keeps_directories =
      place == Place::kAboveDirectory && S_ISDIR(status.st_mode) && (status.st_mode & S_ISVTX);
  if ((status.st_mode & (S_IWGRP | S_IWOTH)) && !keeps_directories) {
    return untrusted(purpose, path, at, "can be written by others");
  }
  return {};
}

bool is_directory(const UniqueFd& fd) {
  struct stat status{};
  return fstat(fd.get(), &status) == 0 && S_ISDIR(status.st_mode);
}

/// The checked file or directory, opened as a place only (O_PATH).
Result<UniqueFd> walk(const std::string& path, const Purpose& purpose) {
  const std::string attempt = std::string(purpose.attempt) + " " + path;
  if (!path.starts_with('/')) {
    // The directories above the working directory count as well.
    std::string here(4096, '\0');
    if (!getcwd(here.data(), here.size())) return os_failure("find the working directory", errno);
    return walk(std::string(here.c_str()) + "/" + path, purpose);
  }
  std::string at = "/";
  UniqueFd fd(open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!fd) return os_failure(attempt, errno);
  for (const std::string& part : split(path, '/')) {
    if (part.empty() || part == ".") continue;
    UniqueFd next(openat(fd.get(), part.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
    const int failure = errno;
    const bool above_directory = next && is_directory(next);
    const Status trusted =
        check(fd, purpose, path, at, above_directory ? Place::kAboveDirectory : Place::kElsewhere);
    if (!trusted) return trusted.error();
    if (!next) return os_failure(attempt, failure);
    fd = std::move(next);
    at += at.ends_with('/') ? part : "/" + part;
  }
  const Status trusted = check(fd, purpose, path, at, Place::kElsewhere);
  if (!trusted) return trusted.error();
  return fd;
}

/// Through /proc/self/fd, so that what is opened is the very file that was checked.
Result<UniqueFd> open_checked(const UniqueFd& place, const std::string& path,
                              const Purpose& purpose, int flags) {
  const std::string checked = "/proc/self/fd/" + std::to_string(place.get());
  UniqueFd file(open(checked.c_str(), flags | O_CLOEXEC));
  if (!file) return os_failure(std::string(purpose.attempt) + " " + path, errno);
  return file;
}

Result<UniqueFd> open_checked_directory(const std::string& path, const Purpose& purpose) {
  const Result<UniqueFd> place = walk(path, purpose);
  if (!place) return place.error();
  return open_checked(*place, path, purpose, O_RDONLY | O_DIRECTORY);
}

}  // namespace

Result<UniqueFd> open_trusted(const std::string& path) {
  const Result<UniqueFd> place = walk(path, kReading);
  if (!place) return place.error();
  if (const Status fit = check_is_file(*place, path); !fit) return fit.error();
  return open_checked(*place, path, kReading, O_RDONLY | O_NONBLOCK);
}

Result<UniqueFd> open_trusted_directory(const std::string& path) {
  return open_checked_directory(path, kWriting);
}

Result<UniqueFd> open_named_directory(const std::string& path) {
  return open_checked_directory(path, kPlacing);
}

}  // namespace advisor
