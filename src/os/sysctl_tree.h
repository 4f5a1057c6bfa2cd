#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/parameter.h"
#include "model/snapshot.h"
#include "os/unique_fd.h"

namespace advisor {

/// The longest value one write(2) can carry: the kernel takes less than a page at a time and
/// silently drops the rest (fs/proc/proc_sysctl.c, kernel/sysctl.c).
constexpr size_t kLongestValueBytes = 4094;

/// The parameters of a kernel, as under /proc/sys.
class SysctlTree {
 public:
  virtual ~SysctlTree() = default;
  virtual bool exists(const ParameterName& name) const = 0;
  /// The parameters whose path below /proc/sys matches a glob(7) pattern, such as
  /// "net/ipv4/conf/*/rp_filter"; in no particular order.
  virtual std::vector<ParameterName> matching(const std::string& pattern) const = 0;
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
  explicit ProcSysctlTree(std::string root) : base_(std::move(root) + "/proc/sys/") {}

  bool exists(const ParameterName& name) const override;
  std::vector<ParameterName> matching(const std::string& pattern) const override;
  Status check_writable(const ParameterName& name) const override;
  Reading read(const ParameterName& name) const override;
  std::map<ParameterName, Reading> read_all(const std::set<ParameterName>& names) const override;
  Status write(const ParameterName& name, const ParameterValue& value) override;

 private:
  /// Of `base_`, from where a path takes a third less time to walk; opened when first asked for.
  const UniqueFd& directory() const;

  std::string base_;
  mutable UniqueFd directory_;
};

}  // namespace advisor
