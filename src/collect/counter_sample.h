#pragma once

#include "model/counters.h"
#include "os/clock.h"
#include "os/file_store.h"

namespace advisor {

/// The counters at one time.
struct CounterSample {
  CounterValues values;
  double monotonic_seconds = 0;
};

/// Without `interfaces_shown`, what cards lost is left out: see HostSources.
CounterSample sample_counters(const FileStore& files, const Clock& clock,
                              bool interfaces_shown = true);
Counters counters_between(CounterSample first, CounterSample last);

}  // namespace advisor
