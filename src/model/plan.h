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

/// A parameter that the kernel may move along with the changes of a plan.
struct Affected {
  ParameterName parameter;
  ParameterValue before;
  /// What it is to be in the end; in a journal of what was done, what it became. Nothing: whatever
  /// the kernel makes of it.
  std::optional<ParameterValue> after = std::nullopt;
  /// The changed parameter of which this is the other form, such as vm.dirty_ratio of
  /// vm.dirty_bytes: one of the two is 0, and only the other one can be set.
  std::optional<ParameterName> excludes = std::nullopt;

  bool operator==(const Affected&) const = default;
  bool moved() const { return after && *after != before; }
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
  std::vector<Change> changes;          ///< at run time
  std::optional<FileChange> drop_in;    ///< for the next boot
  std::vector<Affected> affected = {};  ///< what may move along; put right after the changes
  std::vector<std::string> left = {};   ///< what a rollback does not take back, a sentence each

  bool operator==(const Plan&) const = default;
  /// Nothing is to be written.
  bool empty() const;
};

/// The plan that takes `plan` back: reverse order, since a later change may be legal only while
/// an earlier one stands; then what moved along.
Plan inverse_of(const Plan& plan);

/// Of two parameters that exclude each other one is 0, and only setting the other brings that
/// about: the kernel refuses a written 0, or takes it to switch both off. A change that asks for
/// the 0 becomes a change of the other parameter.
void set_active_members(Plan& plan);

/// The changes of a plan, then what is to be put right of what moved along: what has to be written
/// to bring it about, in this order.
std::vector<Change> writes_of(const Plan& plan);

/// The one among `changes` that is about this parameter; null if there is none.
const Change* change_of(const std::vector<Change>& changes, const ParameterName& parameter);

/// What becomes 0 when its other form is set, and is never to be written.
std::vector<Change> inactive_of(const Plan& plan);

}  // namespace advisor
