#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/finding.h"
#include "model/parameter.h"

namespace advisor {

/// One parameter going from one value to another, and the finding that asks for it.
struct Change {
  ParameterName parameter;
  ParameterValue before;
  ParameterValue after;
  RuleId because;
  bool operator==(const Change&) const = default;
};

/// A file going from one text to another; no text means that there is no file.
struct FileChange {
  std::string path;
  std::optional<std::string> before;
  std::optional<std::string> after;
  bool operator==(const FileChange&) const = default;
  bool changes() const { return before != after; }
};

/// What to do, in this order. Carries what stood before, so it can be checked for staleness and
/// inverted.
struct Plan {
  std::vector<Change> changes;        ///< at run time
  std::optional<FileChange> drop_in;  ///< for the next boot

  bool operator==(const Plan&) const = default;
  bool empty() const { return changes.empty() && !(drop_in && drop_in->changes()); }
};

/// The plan that takes `plan` back: reverse order, since a later change may be legal only while
/// an earlier one stands.
Plan inverse_of(const Plan& plan);

}  // namespace advisor
