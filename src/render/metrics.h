#pragma once

#include <cstddef>
#include <string>

#include "model/host_summary.h"

namespace advisor {

/// How metrics are written.
enum class Exposition {
  kPrometheus,   ///< the text format 0.0.4, as the textfile collector of the node exporter takes it
  kOpenMetrics,  ///< OpenMetrics 1.0
};

/// How many series there are at most, whatever the host holds.
inline constexpr size_t kMostSeries = 60;

/// The host as metrics. What is not known has no series, so that it is not taken for 0; of an audit
/// that failed there is little more than that. Each series carries the network namespace, if one
/// was named.
std::string metrics(const HostSummary& host, Exposition exposition);

}  // namespace advisor
