#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "model/transaction.h"

namespace advisor {

/// How much of an identity there must be.
enum class Identity {
  kWhole,       ///< an Error unless the network namespace can be told for sure
  kAsFarKnown,  ///< to look, and to undo: the inode alone will do
};

/// Of this process, whose network namespace --netns called `named`.
Result<HostIdentity> identify_host(const std::string& named = "",
                                   Identity wanted = Identity::kWhole);

/// Of this process.
bool is_root();

/// What the kernel counts memory in.
int64_t page_bytes();

/// Whether this process has a PID namespace that somebody made, as containers have, also those that
/// leave no mark in a file; nothing where /proc does not tell.
std::optional<bool> is_in_made_pid_namespace();

}  // namespace advisor
