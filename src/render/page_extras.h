#pragma once

#include <string>

namespace advisor {

/// What a page says besides the report.
struct PageExtras {
  std::string version;    ///< of this program
  std::string next_step;  ///< the command to run next, as a sentence; or empty
  std::string pod;        ///< the advice as whoever starts the container takes it; or empty
};

}  // namespace advisor
