#include "os/socket_owners.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>
#include <optional>
#include <string_view>

#include "base/text.h"
#include "os/unique_fd.h"

namespace advisor {
namespace {

constexpr int64_t kMostDescriptors = 1'000'000;

using Directory = std::unique_ptr<DIR, int (*)(DIR*)>;

Directory open_directory(const std::string& path) {
  return {opendir(path.c_str()), closedir};
}

/// The inode of a link such as "socket:[4711]".
std::optional<uint32_t> socket_inode(int directory, const char* name) {
  std::array<char, 64> target{};
  const ssize_t size = readlinkat(directory, name, target.data(), target.size());
  const std::string_view text(target.data(), size > 0 ? size_t(size) : 0);
  if (!text.starts_with("socket:[") || !text.ends_with(']')) return std::nullopt;
  const auto inode = parse_decimal(text.substr(8, text.size() - 9));
  return inode ? std::optional(uint32_t(*inode)) : std::nullopt;
}

std::string command_of(const std::string& process) {
  const UniqueFd file(open((process + "/comm").c_str(), O_RDONLY | O_CLOEXEC));
  std::array<char, 64> text{};
  const ssize_t size = file ? read(file.get(), text.data(), text.size()) : 0;
  return printable(trim({text.data(), size > 0 ? size_t(size) : 0}));
}

class Search {
 public:
  explicit Search(const std::set<uint32_t>& wanted) : wanted_(wanted) {}

  FoundOwners run() {
    const Directory processes = open_directory("/proc");
    while (const dirent* entry = processes ? readdir(processes.get()) : nullptr) {
      const auto pid = parse_decimal(entry->d_name);
      if (!pid) continue;
      look_into(*pid);
      if (found_.by_inode.size() == wanted_.size() || looked_ >= kMostDescriptors) break;
    }
    const bool all = found_.by_inode.size() == wanted_.size();
    if (!all && refused_ > 0) {
      found_.missing =
          std::to_string(refused_) + " processes of other users could not be looked into; root can";
    }
    return std::move(found_);
  }

 private:
  void look_into(int64_t pid) {
    const std::string process = "/proc/" + std::to_string(pid);
    const Directory descriptors = open_directory(process + "/fd");
    if (!descriptors) {
      refused_ += errno == EACCES || errno == EPERM ? 1 : 0;
      return;
    }
    std::set<uint32_t> held;
    while (const dirent* entry = readdir(descriptors.get())) {
      ++looked_;
      const auto inode = socket_inode(dirfd(descriptors.get()), entry->d_name);
      if (inode && wanted_.contains(*inode)) held.insert(*inode);
    }
    if (held.empty()) return;
    const SocketOwner owner{pid, command_of(process)};
    for (const uint32_t inode : held) found_.by_inode[inode].push_back(owner);
  }

  const std::set<uint32_t>& wanted_;
  FoundOwners found_;
  int64_t looked_ = 0;
  int64_t refused_ = 0;
};

}  // namespace

FoundOwners find_socket_owners(const std::set<uint32_t>& inodes) {
  return Search(inodes).run();
}

}  // namespace advisor
