#include "os/host_identity.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/text.h"
#include "os/file_store.h"

namespace advisor {

Result<HostIdentity> identify_host() {
  const auto boot_id = PosixFileStore("").read("/proc/sys/kernel/random/boot_id");
  if (!boot_id) return boot_id.error();
  struct stat status{};
  if (stat("/proc/self/ns/net", &status) != 0) {
    return os_failure("tell which network namespace this is", errno);
  }
  return HostIdentity{std::string(trim(*boot_id)),
                      std::to_string(status.st_dev) + ":" + std::to_string(status.st_ino)};
}

bool is_root() {
  return geteuid() == 0;
}

}  // namespace advisor
