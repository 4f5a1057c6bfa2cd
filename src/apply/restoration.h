#pragma once

#include <string>
#include <vector>

#include "apply/progress.h"
#include "apply/transaction.h"

namespace advisor {

/// What a parameter or a file is, seen from a transaction that changes it.
enum class Standing {
  kBefore,   ///< as it stood before the transaction
  kAfter,    ///< as the transaction left it
  kForeign,  ///< neither: somebody else changed it since
};

Standing standing_of(const Change& change, const ParameterValue& now, const ParameterInfo* info);
Standing standing_of(const FileChange& change, const std::optional<std::string>& now);

/// What somebody else changed since.
struct ForeignValue {
  ParameterName parameter;
  ParameterValue now;
  ParameterValue ours;
  ParameterValue before;
};

/// What to do with the run-time values of a transaction that is to be taken back.
struct Restoration {
  /// From what stands now to what stood before. What moves along and is not to change is in it as
  /// well, since putting the others back may move it.
  Plan plan;
  std::vector<ForeignValue> foreign;  ///< left as it is
  std::vector<ParameterName> gone;    ///< the parameter is not there any more
  std::vector<ParameterName> final;   ///< stays: no other value is taken before the next boot
  struct Unreadable {
    Change change;
    Error error;
  };
  std::vector<Unreadable> unreadable;
};

/// Whose values are put back.
struct Claim {
  bool force = false;  ///< what somebody else changed since as well
  /// How far the transaction got, if it is unfinished: the kernel may then show values that nobody
  /// asked for.
  const Progress* unfinished = nullptr;
};

Restoration restoration_of(const World& world, const Plan& plan, const Claim& claim);

}  // namespace advisor
