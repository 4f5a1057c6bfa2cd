#include "os/own_path.h"

#include <sys/stat.h>
#include <unistd.h>

#include <climits>

namespace advisor {

bool same_file(const std::string& a, const std::string& b) {
  struct stat left{}, right{};
  return stat(a.c_str(), &left) == 0 && stat(b.c_str(), &right) == 0 &&
         left.st_dev == right.st_dev && left.st_ino == right.st_ino;
}

std::optional<std::string> own_path() {
  std::string path(PATH_MAX, '\0');
  const ssize_t size = readlink("/proc/self/exe", path.data(), path.size());
  if (size <= 0) return std::nullopt;
  path.resize(size_t(size));
  return same_file(path, "/proc/self/exe") ? std::optional(path) : std::nullopt;
}

}  // namespace advisor
