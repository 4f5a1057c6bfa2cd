#include "model/fleet_report.h"

namespace advisor {

const char* name_of(FleetSplit split) {
  switch (split) {
    case FleetSplit::kKernel:
      return "kernel";
    case FleetSplit::kProfile:
      return "profile";
    case FleetSplit::kLabel:
      return "label";
    case FleetSplit::kNone:
      break;
  }
  return "";
}

bool FleetReport::asks() const {
  const bool misses = inventory && !inventory->missing.empty();
  return counts.asking() > 0 || counts.failed > 0 || counts.stale > 0 || misses || !pending.empty();
}

}  // namespace advisor
