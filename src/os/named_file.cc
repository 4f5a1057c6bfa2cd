#include "os/named_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "os/file_access.h"
#include "os/file_store.h"

namespace advisor {
namespace {

constexpr int kPrivateFileMode = 0600;

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
  struct stat status{};
  const bool is_there = lstat(path.c_str(), &status) == 0;
  if (!is_there && errno != ENOENT) return os_failure("write " + path, errno);
  if (is_there && !S_ISREG(status.st_mode)) {
    return Error{ErrorKind::kRejected,
                 "will not write " + path + ": it is no regular file; `-` is standard output", 0};
  }
  // In the directory of a user as well, root or not: whoever names it answers for it.
  PosixFileStore files("", Trust::kTaken);
  return files.replace_among_others(path.find('/') == std::string::npos ? "./" + path : path, text,
                                    kPrivateFileMode);
}

}  // namespace advisor
