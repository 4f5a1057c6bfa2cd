#include "os/socket_owners.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <string_view>

#include "base/text.h"
#include "os/process_descriptors.h"
#include "os/unique_fd.h"

namespace advisor {
namespace {

constexpr int64_t kMostDescriptors = 1'000'000;

/// The inode of a target such as "socket:[4711]"; 0 of any other.
uint32_t socket_inode(std::string_view target) {
  constexpr std::string_view kHead = "socket:[";
  if (!target.starts_with(kHead) || !target.ends_with(']')) return 0;
  target = target.substr(kHead.size(), target.size() - kHead.size() - 1);
  return uint32_t(parse_decimal(target).value_or(0));
}

std::string command_of(int64_t pid) {
  const std::string path = "/proc/" + std::to_string(pid) + "/comm";
  const UniqueFd file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::array<char, 64> text{};
  const ssize_t size = file ? read(file.get(), text.data(), text.size()) : 0;
  return printable(trim({text.data(), size > 0 ? size_t(size) : 0}));
}

}  // namespace

FoundOwners find_socket_owners(const std::set<uint32_t>& inodes) {
  FoundOwners found;
  const auto found_all = [&] { return found.by_inode.size() == inodes.size(); };
  const std::string missing =
      visit_descriptors(kMostDescriptors, [&](const ProcessDescriptor& descriptor) -> Result<bool> {
        const auto target = target_of(descriptor);
        if (!target) return target.error();
        const uint32_t inode = socket_inode(*target);
        if (inode == 0 || !inodes.contains(inode)) return true;
        std::vector<SocketOwner>& owners = found.by_inode[inode];
        // A process may hold it twice.
        if (owners.empty() || owners.back().pid != descriptor.pid) {
          owners.push_back({descriptor.pid, command_of(descriptor.pid)});
        }
        return !found_all();
      });
  if (!found_all()) found.missing = missing;
  return found;
}

}  // namespace advisor
