#include "os/trusted_open.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/text.h"

namespace advisor {
namespace {

Error untrusted(const std::string& path, const std::string& at, const std::string& why) {
  return {ErrorKind::kRejected,
          "will not read " + path + " as root: " + at + " " + why +
              "; root reads only what nobody else can change (chown root, chmod go-w)",
          0};
}

Status check(const UniqueFd& fd, const std::string& path, const std::string& at) {
  struct stat status{};
  if (fstat(fd.get(), &status) != 0) return os_failure("examine " + at, errno);
  if (S_ISLNK(status.st_mode)) return untrusted(path, at, "is a symbolic link");
  if (status.st_uid != 0) return untrusted(path, at, "does not belong to root");
  const bool sticky = S_ISDIR(status.st_mode) && (status.st_mode & S_ISVTX);
  if ((status.st_mode & (S_IWGRP | S_IWOTH)) && !sticky) {
    return untrusted(path, at, "can be written by others");
  }
  return {};
}

}  // namespace

Result<UniqueFd> open_trusted(const std::string& path) {
  std::string at = path.starts_with('/') ? "/" : ".";
  std::vector<std::string> parts;
  for (std::string& part : split(path, '/')) {
    if (!part.empty() && part != ".") parts.push_back(std::move(part));
  }
  if (at == ".") {
    // The directories above the working directory count as well.
    std::string here(4096, '\0');
    if (!getcwd(here.data(), here.size())) return os_failure("find the working directory", errno);
    return open_trusted(std::string(here.c_str()) + "/" + path);
  }
  UniqueFd fd(open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!fd) return os_failure("read " + path, errno);
  for (const std::string& part : parts) {
    if (const Status trusted = check(fd, path, at); !trusted) return trusted.error();
    fd = UniqueFd(openat(fd.get(), part.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
    if (!fd) return os_failure("read " + path, errno);
    at += at.ends_with('/') ? part : "/" + part;
  }
  if (const Status trusted = check(fd, path, at); !trusted) return trusted.error();
  // Through /proc/self/fd, so that what is read is the very file that was checked.
  const std::string checked = "/proc/self/fd/" + std::to_string(fd.get());
  UniqueFd file(open(checked.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!file) return os_failure("read " + path, errno);
  return file;
}

}  // namespace advisor
