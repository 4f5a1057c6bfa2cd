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

/// Files that tell what is, and not how often something was, serve no rate: the first of two
/// samples can do without.
enum class Levels { kRead, kLeftOut };

/// Without `interfaces_shown`, what cards lost is left out: see HostSources.
CounterSample sample_counters(const FileStore& files, const Clock& clock, bool interfaces_shown,
                              Levels levels = Levels::kRead);
Counters counters_between(CounterSample first, CounterSample last);

}  // namespace advisor
