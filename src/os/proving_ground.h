#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "base/result.h"
#include "os/clock.h"
#include "os/unique_fd.h"

namespace advisor {

/// By whose right a proving ground is made.
enum class GroundKind {
  kUserNamespace,  ///< anybody's: in a user namespace of its own
  kRoot,           ///< root's, without one: for kernels that hide parameters from such
};

/// What a process does in a proving ground. `ready` says what is missing there; what it writes into
/// `answers` are lines for whoever started it.
using GroundWork = std::function<void(const Status& ready, int answers)>;

/// A process in namespaces of its own (user, processes, network, mounts, IPC, host name), with an
/// empty file system in memory as its root and a fresh /proc, of which only /proc/sys/net can be
/// written: nothing that it does reaches the host. It is gone with all that it made as soon as this
/// object is, or the process that holds it, however that ends.
class ProvingGround {
 public:
  /// Denied, with a sentence that says which setting forbids it, if this host lets nobody, or not
  /// this user, make such namespaces.
  static Result<ProvingGround> open(GroundKind kind, const GroundWork& work);
  ProvingGround(ProvingGround&& other) noexcept;
  ProvingGround& operator=(ProvingGround&&) = delete;
  ~ProvingGround();

  /// The next line of its answers; nothing at their end. Busy if none came until `until`, on the
  /// clock that counts since boot.
  Result<std::optional<std::string>> next_line(const Clock& clock, std::chrono::milliseconds until);

 private:
  ProvingGround(pid_t process, UniqueFd answers, UniqueFd life)
      : process_(process), answers_(std::move(answers)), life_(std::move(life)) {}

  pid_t process_;
  UniqueFd answers_;
  UniqueFd life_;  ///< while it is open, the process lives
  std::string unread_;
};

/// Why user namespaces, or parts of what is made in them, are refused here, as far as this host
/// tells: a sentence; empty if it does not tell.
std::string why_no_user_namespace();

}  // namespace advisor
