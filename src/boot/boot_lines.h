#pragma once

#include <optional>
#include <vector>

#include "model/catalogue.h"
#include "model/persistent.h"
#include "model/snapshot.h"

namespace advisor {

/// What the lines of a host's files make of one parameter.
struct BootValue {
  /// The line that has the last word, perhaps on another parameter; null if there is none.
  const PersistentSetting* line = nullptr;
  /// What is left when all are carried out; nothing if that cannot be told.
  std::optional<ParameterValue> value;
  /// False if the catalogue does not allow the value. Its ranges are here and there narrower than
  /// the kernel's, so the kernel may take the value, or refuse it.
  bool certain = true;
};

/// Who writes a parameter at boot: the lines on its own name, those on another name of the same
/// variable (net.ipv4.conf.all.forwarding for net.ipv4.ip_forward), and those on what moves it
/// along or resets it. The one answer to that question.
class BootLines {
 public:
  /// Both must outlive it.
  BootLines(const PersistentSettings& settings, const Catalogue& catalogue);

  /// All lines that write the parameter, losing ones included, in the order in which they are read.
  std::vector<PersistentSetting> that_write(const ParameterName& parameter) const;

  /// What the loader leaves of `before`, which stands when it begins, with all its writes in their
  /// order: systemd-sysctl writes each name once, procps every line.
  BootValue outcome(const ParameterName& parameter, SysctlLoader loader,
                    const std::optional<ParameterValue>& before) const;

 private:
  /// Names other than its own, on which there are lines that change the parameter.
  std::vector<const ParameterInfo*> leaders_of(const ParameterName& parameter) const;

  const PersistentSettings& settings_;
  const Catalogue& catalogue_;
  std::vector<const ParameterInfo*> leaders_;  ///< of anything, on which there are lines
};

/// The value before the first line, which supplies the numbers that a short line leaves out: the
/// kernel's own, or else those that stand now.
std::optional<ParameterValue> value_before_lines(const ParameterName& parameter,
                                                 const Catalogue& catalogue,
                                                 const Snapshot& snapshot);

}  // namespace advisor
