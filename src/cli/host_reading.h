#pragma once

#include <chrono>
#include <optional>
#include <set>

#include "cli/context.h"
#include "os/aside.h"
#include "os/socket_table.h"

namespace advisor {

/// What --interval says. Nothing, with the reason printed, if that is no time.
std::optional<std::chrono::milliseconds> interval_of(const Options& options);

/// How often to read the counters.
enum class Samples {
  kOne,           ///< rates stay unknown
  kByTheOptions,  ///< twice, unless --interval is 0
};

/// A reading of the host that the options name. If nothing is to be waited for, what takes longest
/// on an idle host, the kernel's walk of its socket table, begins at once and aside, while profiles
/// are loaded.
class HostReading {
 public:
  /// The counters may have been taken already.
  explicit HostReading(Context& context, Samples samples = Samples::kByTheOptions,
                       std::optional<Counters> counters = std::nullopt);

  /// The host, with the parameters named and those that facts stand on. Nothing, with the reason
  /// printed, if --interval is no time.
  std::optional<Snapshot> finish(std::set<ParameterName> parameters);

  /// The same in two parts, so that the kernel's walk can be made use of for longer.
  std::optional<Snapshot> finish_but_sockets(std::set<ParameterName> parameters);
  void add_sockets(Snapshot& snapshot);

 private:
  HostSources sources();

  Context& context_;
  std::optional<std::chrono::milliseconds> interval_;
  std::optional<Counters> counters_;
  DiagSocketTable diag_;
  ProcSocketTable proc_;
  std::optional<Result<SocketLoad>> sockets_;
  std::optional<Aside> sockets_aside_;  ///< fills sockets_
};

}  // namespace advisor
