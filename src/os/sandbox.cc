#include "os/sandbox.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <cerrno>
#include <cstdint>

#include "os/unique_fd.h"

namespace advisor {
namespace {

// Headers of a distribution know what its own kernel knows; these are of include/uapi/linux/
// landlock.h of Linux 6.12. The rights of TCP came with version 4, truncation with 3, devices
// with 5.
constexpr uint64_t kTruncate = 1ULL << 14;
constexpr uint64_t kDeviceControl = 1ULL << 15;
constexpr uint64_t kBindTcp = 1ULL << 0;
constexpr uint64_t kConnectTcp = 1ULL << 1;

/// struct landlock_ruleset_attr as of version 4.
struct RulesetAttributes {
  uint64_t handled_access_fs;
  uint64_t handled_access_net;
};

constexpr uint64_t kWriteFile = LANDLOCK_ACCESS_FS_WRITE_FILE;
constexpr uint64_t kFilesOfDirectory =
    kWriteFile | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_REMOVE_FILE;

/// All that changes a file system, and running programs. What is not named here stays allowed.
uint64_t handled(int version) {
  uint64_t rights = LANDLOCK_ACCESS_FS_EXECUTE | kFilesOfDirectory | LANDLOCK_ACCESS_FS_REMOVE_DIR |
                    LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR |
                    LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO |
                    LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM;
  if (version >= 2) rights |= LANDLOCK_ACCESS_FS_REFER;
  if (version >= 3) rights |= kTruncate;
  if (version >= 5) rights |= kDeviceControl;
  return rights;
}

Result<UniqueFd> make_ruleset(int version) {
  const RulesetAttributes attributes{handled(version), version >= 4 ? kBindTcp | kConnectTcp : 0};
  const size_t size = version >= 4 ? sizeof attributes : sizeof attributes.handled_access_fs;
  UniqueFd ruleset(int(syscall(SYS_landlock_create_ruleset, &attributes, size, 0U)));
  if (!ruleset) return os_failure("make a sandbox", errno);
  return ruleset;
}

Status allow(const UniqueFd& ruleset, const std::string& path, uint64_t rights) {
  const UniqueFd file(open(path.c_str(), O_PATH | O_CLOEXEC));
  // Nothing can be written to a place that is absent.
  if (!file) return errno == ENOENT ? Status() : os_failure("make a sandbox around " + path, errno);
  landlock_path_beneath_attr rule{};
  rule.allowed_access = rights;
  rule.parent_fd = file.get();
  if (syscall(SYS_landlock_add_rule, ruleset.get(), LANDLOCK_RULE_PATH_BENEATH, &rule, 0U) == 0) {
    return {};
  }
  return os_failure("make a sandbox around " + path, errno);
}

Status allow_all(const UniqueFd& ruleset, const std::vector<std::string>& paths, uint64_t rights) {
  for (const std::string& path : paths) {
    if (const Status allowed = allow(ruleset, path, rights); !allowed) return allowed;
  }
  return {};
}

}  // namespace

int sandbox_version() {
  const long version = syscall(SYS_landlock_create_ruleset, nullptr, size_t{0},
                               unsigned{LANDLOCK_CREATE_RULESET_VERSION});
  return version > 0 ? int(version) : 0;
}

Result<int> enter_sandbox(const SandboxRules& rules) {
  const int version = sandbox_version();
  if (version == 0) return 0;
  const Result<UniqueFd> ruleset = make_ruleset(version);
  if (!ruleset) return ruleset.error();
  const uint64_t truncate = version >= 3 ? kTruncate : 0;
  const uint64_t directory = kFilesOfDirectory | truncate;
  Status allowed = allow_all(*ruleset, rules.files, kWriteFile | truncate);
  if (allowed) allowed = allow_all(*ruleset, rules.directories, directory);
  if (allowed) {
    allowed = allow_all(*ruleset, rules.trees, directory | LANDLOCK_ACCESS_FS_MAKE_DIR);
  }
  if (!allowed) return allowed.error();
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
      syscall(SYS_landlock_restrict_self, ruleset->get(), 0U) != 0) {
    return os_failure("enter the sandbox", errno);
  }
  return version;
}

}  // namespace advisor
