#include "os/host_identity.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/text.h"
#include "os/file_store.h"
#include "os/unique_fd.h"

namespace advisor {

namespace {

/// SO_NETNS_COOKIE of include/uapi/asm-generic/socket.h, which older headers do not have.
constexpr int kNamespaceCookie = 71;

uint64_t namespace_cookie() {
  const UniqueFd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  uint64_t cookie = 0;
  socklen_t size = sizeof cookie;
  const bool told =
      socket && getsockopt(socket.get(), SOL_SOCKET, kNamespaceCookie, &cookie, &size) == 0;
  return told ? cookie : 0;
}

}  // namespace

Result<HostIdentity> identify_host(const std::string& named) {
  const auto boot_id = PosixFileStore("").read("/proc/sys/kernel/random/boot_id");
  if (!boot_id) return boot_id.error();
  struct stat status{};
  if (stat("/proc/self/ns/net", &status) != 0) {
    return os_failure("tell which network namespace this is", errno);
  }
  return HostIdentity{std::string(trim(*boot_id)),
                      std::to_string(status.st_ino) + ":" + std::to_string(namespace_cookie()),
                      named};
}

bool is_root() {
  return geteuid() == 0;
}

int64_t page_bytes() {
  return sysconf(_SC_PAGESIZE);
}

}  // namespace advisor
