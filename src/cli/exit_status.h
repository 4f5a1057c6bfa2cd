#pragma once

namespace advisor {

/// As diff(1) answers, and one more for what must never happen unseen.
enum class ExitStatus {
  kNothing = 0,    ///< nothing to change, or done
  kSomething = 1,  ///< there is something to change
  kTrouble = 2,    ///< nothing was changed: bad usage, bad profile, refused, or undone
  kHalfDone = 3,   ///< not everything could be put back; the remaining commands were printed
};

}  // namespace advisor
