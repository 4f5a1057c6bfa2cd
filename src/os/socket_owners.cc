#include "os/socket_owners.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>

#include "base/text.h"
#include "os/directory.h"
#include "os/unique_fd.h"

namespace advisor {
namespace {

constexpr int64_t kMostDescriptors = 1'000'000;

/// The inode of a link such as "socket:[4711]"; 0 of what is none, or was closed meanwhile.
Result<uint32_t> socket_inode(int directory, const char* name) {
  std::array<char, 64> target{};
  const ssize_t size = readlinkat(directory, name, target.data(), target.size());
  if (size < 0 && errno != ENOENT && errno != ESRCH) return os_failure("look at sockets", errno);
  const std::string_view text(target.data(), size > 0 ? size_t(size) : 0);
  if (!text.starts_with("socket:[") || !text.ends_with(']')) return uint32_t{0};
  return uint32_t(parse_decimal(text.substr(8, text.size() - 9)).value_or(0));
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
    const UniqueFd processes(open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    const Status all = processes ? visit_names(processes, "/proc",
                                               [&](const char* name) {
                                                 const auto pid = parse_decimal(name);
                                                 if (pid) look_into(*pid);
                                                 return !is_done();
                                               })
                                 : Status(os_failure("list /proc", errno));
    if (!all) note(all.error());
    if (!found_all()) found_.missing = why_missing();
    return std::move(found_);
  }

 private:
  bool found_all() const { return found_.by_inode.size() == wanted_.size(); }
  bool is_done() const { return found_all() || looked_ >= kMostDescriptors; }

  std::string why_missing() const {
    if (!failure_.empty()) return failure_;
    if (looked_ >= kMostDescriptors) return "there are more descriptors than were looked at";
    if (refused_ == 0) return "";
    return std::to_string(refused_) +
           " processes of other users could not be looked into; root can";
  }

  /// A process that ended meanwhile holds nothing.
  void note(const Error& error) {
    if (error.os_error == ENOENT || error.os_error == ESRCH) return;
    if (error.kind == ErrorKind::kDenied) {
      ++refused_;
    } else if (failure_.empty()) {
      failure_ = error.message;
    }
  }

  void look_into(int64_t pid) {
    const std::string process = "/proc/" + std::to_string(pid);
    const std::string path = process + "/fd";
    const UniqueFd descriptors(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!descriptors) return note(os_failure("list " + path, errno));
    std::set<uint32_t> held;
    const Status all = visit_names(descriptors, path, [&](const char* name) {
      ++looked_;
      const auto inode = socket_inode(descriptors.get(), name);
      if (!inode) note(inode.error());
      if (inode && wanted_.contains(*inode)) held.insert(*inode);
      return true;
    });
    if (!all) note(all.error());
    if (held.empty()) return;
    const SocketOwner owner{pid, command_of(process)};
    for (const uint32_t inode : held) found_.by_inode[inode].push_back(owner);
  }

  const std::set<uint32_t>& wanted_;
  FoundOwners found_;
  int64_t looked_ = 0;
  int64_t refused_ = 0;  ///< processes
  std::string failure_;  ///< the first that is no refusal
};

}  // namespace

FoundOwners find_socket_owners(const std::set<uint32_t>& inodes) {
  return Search(inodes).run();
}

}  // namespace advisor
