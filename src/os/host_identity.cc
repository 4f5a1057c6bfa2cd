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

/// 0 where the kernel has none.
Result<uint64_t> namespace_cookie() {
  const char* const attempt = "tell which network namespace this is";
  const UniqueFd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!socket) return os_failure(attempt, errno);
  uint64_t cookie = 0;
  socklen_t size = sizeof cookie;
  if (getsockopt(socket.get(), SOL_SOCKET, kNamespaceCookie, &cookie, &size) == 0) return cookie;
  // There is no cookie before Linux 5.14. A 0 for any other failure would be taken for another
  // namespace later.
  if (errno == ENOPROTOOPT) return uint64_t{0};
  return os_failure(attempt, errno);
}

}  // namespace

Result<HostIdentity> identify_host(const std::string& named, Identity wanted) {
  const auto boot_id = PosixFileStore("").read("/proc/sys/kernel/random/boot_id");
  if (!boot_id) return boot_id.error();
  struct stat status{};
  if (stat("/proc/self/ns/net", &status) != 0) {
    return os_failure("tell which network namespace this is", errno);
  }
  const auto cookie = namespace_cookie();
  if (!cookie && wanted == Identity::kWhole) return cookie.error();
  return HostIdentity{
      std::string(trim(*boot_id)),
      std::to_string(status.st_ino) + ":" + std::to_string(cookie ? *cookie : uint64_t{0}), named};
}

bool is_root() {
  return geteuid() == 0;
}

int64_t page_bytes() {
  return sysconf(_SC_PAGESIZE);
}

std::optional<bool> is_in_made_pid_namespace() {
  constexpr ino_t kFirst = 0xEFFFFFFC;  // PROC_PID_INIT_INO, include/linux/proc_ns.h
  struct stat status{};
  if (stat("/proc/self/ns/pid", &status) != 0) return std::nullopt;
  return status.st_ino != kFirst;
}

}  // namespace advisor
