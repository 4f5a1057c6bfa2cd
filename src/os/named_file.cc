#include "os/named_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>

#include "os/file_access.h"
#include "os/file_store.h"

namespace advisor {
namespace {

constexpr int kPrivateFileMode = 0600;
constexpr int kPublicFileMode = 0644;

/// Whether a symbolic link is as good as a regular file.
enum class Links { kRefused, kReplaced };

/// /dev/stdout and its like: what is asked for is not that this link be replaced.
bool leads_to_descriptor(const std::string& link) {
  char target[16];
  const ssize_t size = readlink(link.c_str(), target, sizeof target);
  return size > 0 && std::string_view(target, size_t(size)).starts_with("/proc/self/fd");
}

/// An Error if something stands there whose place a file must not take.
Status check_replaceable(const std::string& path, Links links) {
  struct stat status{};
  const bool is_there = lstat(path.c_str(), &status) == 0;
  if (!is_there) return errno == ENOENT ? Status() : os_failure("write " + path, errno);
  if (S_ISREG(status.st_mode)) return {};
  if (S_ISLNK(status.st_mode) && links == Links::kReplaced && !leads_to_descriptor(path)) return {};
  const char* what = S_ISDIR(status.st_mode) ? "it is a directory; name a file in it"
                                             : "it is no regular file; `-` is standard output";
  return Error{ErrorKind::kRejected, "will not write " + path + ": " + what, 0};
}

/// With the directory in which the file of a bare name stands.
std::string in_directory(const std::string& path) {
  return path.find('/') == std::string::npos ? "./" + path : path;
}

}  // namespace

Result<UniqueFd> open_named_file(const std::string& path) {
  UniqueFd file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return os_failure("read " + path, errno);
  return file;
}

Result<std::string> read_named_file(const std::string& path, size_t most_bytes) {
  if (path == kStandardStream) return read_whole(STDIN_FILENO, "standard input", most_bytes);
  const auto file = open_named_file(path);
  if (!file) return file.error();
  return read_whole(file->get(), path, most_bytes);
}

Status write_named_file(const std::string& path, const std::string& text) {
  if (Status fit = check_replaceable(path, Links::kRefused); !fit) return fit;
  // In the directory of a user as well, root or not: whoever names it answers for it.
  PosixFileStore files("", Trust::kTaken);
  return files.replace_among_others(in_directory(path), text, kPrivateFileMode);
}

Status replace_named_file(const std::string& path, const std::string& text) {
  if (Status fit = check_replaceable(path, Links::kReplaced); !fit) return fit;
  PosixFileStore files("", Trust::kNamed);
  return files.replace_among_others(in_directory(path), text, kPublicFileMode);
}

}  // namespace advisor
