#pragma once

#include <vector>

#include "model/finding.h"

namespace advisor {

/// The findings of a report as pages show them, each group worst first. Each finding is in one of
/// them; one that says that the next boot is unknown is among those on the boot as well.
struct FindingGroups {
  std::vector<const Finding*> advice;  ///< what asks for something, or explains, now
  std::vector<const Finding*> boot;    ///< what is to be said of the next boot
  std::vector<const Finding*> unknown;
  std::vector<const Finding*> suppressed;
  std::vector<const Finding*> not_applicable;
  std::vector<const Finding*> fine;
};
FindingGroups grouped(const Report& report);

}  // namespace advisor
