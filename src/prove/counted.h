#pragma once

#include "base/result.h"
#include "model/counters.h"

namespace advisor {

/// What the kernel counts in this network namespace: "TcpExt.ListenDrops" and the like.
Result<CounterValues> counted_here();

/// One of them; 0 if the kernel has none of that name.
int64_t count_of(const CounterValues& counters, std::string_view name);

/// Connections of this port that are in TIME_WAIT, once there are `expected` or no more come.
Result<int64_t> in_time_wait(uint16_t port, int64_t expected);

/// The sockets that closed and whose peer did not, and that the kernel keeps whole, for more than a
/// minute, instead of as a small one that goes within one.
Result<int64_t> closed_and_kept_whole();

}  // namespace advisor
