#include "rules/compared_parameters.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "base/text.h"
#include "model/typed_value.h"

namespace advisor {
namespace {

/// Shell patterns of what nobody sets: who the host is, which the head of a comparison tells, and
/// what the kernel counts.
constexpr std::array kPassedOver{"fs.aio-nr",
                                 "fs.dentry-state",
                                 "fs.file-nr",
                                 "fs.inode-nr",
                                 "fs.inode-state",
                                 "fs.quota.*",
                                 "kernel.domainname",
                                 "kernel.hostname",
                                 "kernel.hung_task_detect_count",
                                 "kernel.ns_last_pid",
                                 "kernel.osrelease",
                                 "kernel.pty.nr",
                                 "kernel.random.boot_id",
                                 "kernel.random.entropy_avail",
                                 "kernel.random.uuid",
                                 "net.ipv4.netfilter.ip_conntrack_count",
                                 "net.netfilter.nf_conntrack_count"};

bool is_passed_over(std::string_view name) {
  return std::ranges::any_of(kPassedOver,
                             [&](const char* pattern) { return matches_glob(pattern, name); });
}

/// The name without its last segment.
std::string_view parent_of(std::string_view name) {
  return name.substr(0, name.rfind('.'));
}

/// Whether a parameter is one of those that each interface has, or each device of a kind.
bool is_of_family(const ParameterName& name, const Catalogue& catalogue) {
  return catalogue.find(name) && !catalogue.has_row_of_its_own(name);
}

/// The family of a parameter of an interface: "net.ipv4.conf.*.rp_filter".
std::string family_of(const ParameterName& name) {
  const std::string_view parent = parent_of(name.dotted());
  return std::string(parent_of(parent)) + ".*" + std::string(name.dotted().substr(parent.size()));
}

class ParameterComparer {
 public:
  ParameterComparer(const Snapshot& before, const Snapshot& after, const Catalogue& catalogue,
                    Comparison& comparison)
      : before_(before), after_(after), catalogue_(catalogue), comparison_(comparison) {}

  void compare() {
    std::set<ParameterName> names;
    for (const Snapshot* side : {&before_, &after_}) {
      for (const auto& [name, reading] : side->parameters) names.insert(name);
    }
    note_families();
    for (const ParameterName& name : names) {
      const ParameterInfo* info = catalogue_.find(name);
      const bool is_action = info && info->access == ParameterAccess::kWriteOnly;
      if (!is_action && !is_passed_over(name.dotted())) compare_one(name, info);
    }
    std::ranges::stable_sort(comparison_.parameters, {}, [this](const ComparedParameter& one) {
      const ParameterInfo* info = catalogue_.find(one.name);
      return std::pair(one.change, info && !info->default_formula.empty());
    });
  }

 private:
  /// What a snapshot says of a parameter.
  struct Seen {
    std::optional<ParameterValue> value = std::nullopt;
    bool is_absent = false;
    std::string unread = {};  ///< why it could not be read
  };
  using Families = std::set<std::string>;

  void note_families() {
    for (const auto& [side, families] :
         {std::pair(&before_, &asked_before_), std::pair(&after_, &asked_after_)}) {
      for (const auto& [name, reading] : side->parameters) {
        if (is_of_family(name, catalogue_)) families->insert(family_of(name));
      }
    }
  }

  /// Nothing: nobody asked for it. The members of a family are asked for by what is there.
  std::optional<Seen> seen(const ParameterName& name, const Snapshot& snapshot,
                           const Families& asked) const {
    const auto found = snapshot.parameters.find(name);
    if (found == snapshot.parameters.end()) {
      if (!is_of_family(name, catalogue_) || !asked.contains(family_of(name))) return std::nullopt;
      return Seen{.is_absent = true};
    }
    const Reading& reading = found->second;
    if (reading) return Seen{.value = *reading};
    if (reading.error().kind == ErrorKind::kNotFound) return Seen{.is_absent = true};
    return Seen{.unread = reading.error().message};
  }

  void compare_one(const ParameterName& name, const ParameterInfo* info) {
    const auto before = seen(name, before_, asked_before_);
    const auto after = seen(name, after_, asked_after_);
    if (!before || !after) {
      const bool is_there = !(before ? before : after)->is_absent;
      comparison_.unasked_parameters += is_there ? 1 : 0;
    } else if (before->is_absent && after->is_absent) {
      return;
    } else if (before->is_absent || after->is_absent) {
      add(name, before->is_absent ? ParameterChange::kNew : ParameterChange::kGone, *before,
          *after);
      if (is_of_family(name, catalogue_)) {
        comparison_.parameters.back().along_with = std::string(parent_of(name.dotted())) + ".*";
      }
    } else if (!before->value && !after->value) {
      ++comparison_.unread_parameters;
    } else if (!before->value || !after->value) {
      add(name, before->value ? ParameterChange::kUnreadable : ParameterChange::kReadable, *before,
          *after);
    } else if (same_value(info, *before->value, *after->value)) {
      ++comparison_.same_parameters;
    } else {
      add(name, ParameterChange::kChanged, *before, *after);
    }
  }

  void add(const ParameterName& name, ParameterChange change, const Seen& before,
           const Seen& after) {
    comparison_.parameters.push_back({name, change, before.value, after.value,
                                      before.unread.empty() ? after.unread : before.unread, ""});
  }

  const Snapshot& before_;
  const Snapshot& after_;
  const Catalogue& catalogue_;
  Comparison& comparison_;
  Families asked_before_, asked_after_;
};

}  // namespace

void compare_parameters(const Snapshot& before, const Snapshot& after, const Catalogue& catalogue,
                        Comparison& comparison) {
  ParameterComparer(before, after, catalogue, comparison).compare();
}

}  // namespace advisor
