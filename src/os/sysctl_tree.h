#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/coupling.h"
#include "model/parameter.h"
#include "model/parameter_names.h"
#include "model/snapshot.h"
#include "os/unique_fd.h"

namespace advisor {

/// The longest value one write(2) can carry on every machine: the kernel takes less than a page at
/// a time and silently drops the rest (fs/proc/proc_sysctl.c, kernel/sysctl.c), and the smallest
/// pages have 4 KiB.
constexpr size_t kLongestValueBytes = 4094;

/// The parameters of a kernel, as under /proc/sys. A parameter is said to be missing (kNotFound,
/// kAbsent, not among those that match) only where there is a tree to tell.
class SysctlTree : public ParameterNames {
 public:
  /// An Error if there is no tree, so that nothing can be told of any parameter.
  virtual Status check_there() const = 0;
  /// An Error if root may not write it here, as far as that can be told without writing: no such
  /// file, read-only in this namespace, or below a tree that is mounted read-only. Whoever asks,
  /// the answer is the same.
  virtual Status check_writable(const ParameterName& name) const = 0;
  virtual Reading read(const ParameterName& name) const = 0;
  /// Many at once, which may take less time than one after the other.
  virtual std::map<ParameterName, Reading> read_all(const std::set<ParameterName>& names) const;
  /// One write(2) of the whole value. A failed write may have changed the value all the same
  /// (a vector with a wrong last number keeps the first ones), so read it back in either case.
  virtual Status write(const ParameterName& name, const ParameterValue& value) = 0;
};

/// The tree under <root>/proc/sys.
class ProcSysctlTree : public SysctlTree {
 public:
  /// `root` is empty for this host.
  explicit ProcSysctlTree(std::string root) : root_(std::move(root)) {}

  Status check_there() const override;
  Result<Presence> presence_of(const ParameterName& name) const override;
  Result<std::vector<ParameterName>> matching(const std::string& pattern) const override;
  Status check_writable(const ParameterName& name) const override;
  Reading read(const ParameterName& name) const override;
  std::map<ParameterName, Reading> read_all(const std::set<ParameterName>& names) const override;
  Status write(const ParameterName& name, const ParameterValue& value) override;

 private:
  /// The descriptor of /proc/sys, from where a path takes a third less time to walk; opened when
  /// first asked for.
  Result<int> directory() const;
  /// The value of the file at `path` from an open directory on.
  Reading read_at(int directory, const std::string& path, const ParameterName& name) const;

  std::string root_;
  mutable UniqueFd directory_;
};

/// The values that parameters have now: the kernel may refuse a write because of them.
StandingValues standing_values(const SysctlTree& tree);

}  // namespace advisor
