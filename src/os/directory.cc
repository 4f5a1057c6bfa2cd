#include "os/directory.h"

#include <dirent.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>

namespace advisor {

// The system call itself: readdir(3) says the end and a failure in the same way.
Status visit_names(const UniqueFd& directory, const std::string& path,
                   const std::function<bool(const char*)>& visit) {
  alignas(dirent64) std::array<char, 32768> buffer;
  for (;;) {
    const ssize_t size = getdents64(directory.get(), buffer.data(), buffer.size());
    if (size < 0) return os_failure("list " + path, errno);
    if (size == 0) return {};
    for (ssize_t at = 0; at < size;) {
      const auto* entry = reinterpret_cast<const dirent64*>(buffer.data() + at);
      at += entry->d_reclen;
      const std::string_view name = entry->d_name;
      if (name != "." && name != ".." && !visit(entry->d_name)) return {};
    }
  }
}

Result<std::vector<std::string>> names_in(const UniqueFd& directory, const std::string& path) {
  std::vector<std::string> names;
  const Status listed = visit_names(directory, path, [&](const char* name) {
    names.emplace_back(name);
    return true;
  });
  if (!listed) return listed.error();
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace advisor
