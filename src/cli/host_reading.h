#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cli/context.h"

namespace advisor {

/// How often to read the counters.
enum class Samples {
  kOne,           ///< rates stay unknown
  kByTheRequest,  ///< twice, unless --interval is 0
};

/// What all network namespaces of a host have in common and takes long to be read: read when first
/// asked for, and once.
class WholeHost {
 public:
  /// The records that may be hints for one of the namespaces.
  const Result<std::vector<std::string>>& kernel_log(const Clock& clock);
  const Result<InotifyUse>& inotify_use();
  /// Takes those of the parameters that no network namespace has of its own out of `wanted`; what
  /// they read.
  std::map<ParameterName, Reading> take_common(const SysctlTree& tree,
                                               std::set<ParameterName>& wanted);

 private:
  std::map<ParameterName, Reading> parameters_;
  std::optional<Result<std::vector<std::string>>> kernel_log_;
  std::optional<Result<InotifyUse>> inotify_use_;
};

/// What was read of the host before, and is not read again.
struct EarlierReadings {
  std::optional<Counters> counters = std::nullopt;  ///< both samples
  std::optional<FirstSample> first = std::nullopt;  ///< the first of the two
  WholeHost* whole_host = nullptr;
};

/// The host that the request names, with these parameters. Nothing, with the reason printed, if
/// there are no parameters to be read at all.
std::optional<Snapshot> read_host(Context& context, const std::set<ParameterName>& parameters,
                                  Samples samples = Samples::kByTheRequest,
                                  EarlierReadings earlier = {});

/// The first sample of this host; read_host() waits for what is left of the interval then.
FirstSample read_first_sample(Context& context);

}  // namespace advisor
