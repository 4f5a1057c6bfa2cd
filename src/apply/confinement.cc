#include "apply/confinement.h"

#include <algorithm>
#include <set>

#include "apply/journal.h"
#include "model/side_effects.h"

namespace advisor {
namespace {

/// The parameters, and all that moves or may have to be restored with them.
class Family {
 public:
  explicit Family(const World& world) : world_(world) {}

  Status add(const ParameterName& name) {
    if (!members_.insert(name).second) return {};
    const ParameterInfo* info = world_.catalogue.find(name);
    std::vector<ParameterName> others = info ? info->excludes : std::vector<ParameterName>();
    for (std::string pattern : moved_patterns(world_.catalogue, name)) {
      std::ranges::replace(pattern, '.', '/');
      const auto names = world_.tree.matching(pattern);
      if (!names) return names.error();
      others.insert(others.end(), names->begin(), names->end());
    }
    for (const ParameterName& other : others) {
      if (const Status added = add(other); !added) return added;
    }
    return {};
  }

  Status add(const Plan& plan) {
    for (const Change& change : plan.changes) {
      if (const Status added = add(change.parameter); !added) return added;
    }
    for (const Affected& affected : plan.affected) {
      if (const Status added = add(affected.parameter); !added) return added;
    }
    return {};
  }

  const std::set<ParameterName>& members() const { return members_; }

 private:
  const World& world_;
  std::set<ParameterName> members_;
};

}  // namespace

Result<SandboxRules> writable_for(const World& world, const std::vector<Plan>& plans,
                                  const std::string& root) {
  Family family(world);
  SandboxRules rules;
  rules.trees.push_back(root + kStateDirectory);
  for (const Plan& plan : plans) {
    if (const Status added = family.add(plan); !added) return added.error();
    if (!plan.drop_in) continue;
    const std::string& path = plan.drop_in->path;
    rules.directories.push_back(root + path.substr(0, path.rfind('/')));
  }
  for (const ParameterName& name : family.members()) {
    rules.files.push_back(root + "/proc/sys/" + name.path());
  }
  return rules;
}

}  // namespace advisor
