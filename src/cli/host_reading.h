#pragma once

#include <optional>
#include <set>

#include "cli/context.h"

namespace advisor {

/// How often to read the counters.
enum class Samples {
  kOne,           ///< rates stay unknown
  kByTheRequest,  ///< twice, unless --interval is 0
};

/// The host that the request names, with these parameters; the counters may have been taken
/// already. Nothing, with the reason printed, if there are no parameters to be read at all.
std::optional<Snapshot> read_host(Context& context, const std::set<ParameterName>& parameters,
                                  Samples samples = Samples::kByTheRequest,
                                  std::optional<Counters> counters = std::nullopt);

}  // namespace advisor
