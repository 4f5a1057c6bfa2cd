#pragma once

#include <map>
#include <set>
#include <string>

#include "apply/transaction.h"

namespace advisor {

/// How far a transaction got at run time. Kept beside the journal in a file that is added to and
/// never synced: it has to outlive the process, and with a reboot what it speaks of is gone.
class Progress {
 public:
  /// Noted before a parameter is written.
  Status begin(FileStore& files, const std::string& id, const ParameterName& name);
  /// Noted when the kernel shows another value than the one that was written.
  Status show(FileStore& files, const std::string& id, const ParameterName& name,
              const ParameterValue& value);

  /// Noted before what stands is taken back: from then on what moves along is in doubt again.
  static Status note_undoing(FileStore& files, const std::string& id);

  /// What is noted of a transaction that was cut off; empty if no write was begun.
  static Result<Progress> load(const FileStore& files, const std::string& id);
  /// The progress of a transaction whose drop-in a later boot loaded: that wrote all of it.
  static Progress all_of(const Plan& plan);
  static std::string path(const std::string& id);

  /// Whether anything was, or may have been, written.
  bool any() const { return !begun_.empty(); }
  bool undoing() const { return undoing_; }
  bool begun(const ParameterName& name) const { return begun_.contains(name); }
  /// Null if nothing was noted.
  const ParameterValue* shown(const ParameterName& name) const;

 private:
  bool undoing_ = false;
  std::set<ParameterName> begun_;
  std::map<ParameterName, ParameterValue> shown_;
};

}  // namespace advisor
