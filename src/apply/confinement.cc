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

  void add(const ParameterName& name) {
    if (!members_.insert(name).second) return;
    const ParameterInfo* info = world_.catalogue.find(name);
    for (const ParameterName& other : info ? info->excludes : std::vector<ParameterName>()) {
      add(other);
    }
    for (std::string pattern : moved_patterns(world_.catalogue, name)) {
      std::ranges::replace(pattern, '.', '/');
      for (const ParameterName& other : world_.tree.matching(pattern)) add(other);
    }
  }

  const std::set<ParameterName>& members() const { return members_; }

 private:
  const World& world_;
  std::set<ParameterName> members_;
};

}  // namespace

SandboxRules writable_for(const World& world, const std::vector<Plan>& plans,
                          const std::string& root) {
  Family family(world);
  SandboxRules rules;
  rules.trees.push_back(root + kStateDirectory);
  for (const Plan& plan : plans) {
    for (const Change& change : plan.changes) family.add(change.parameter);
    for (const Affected& affected : plan.affected) family.add(affected.parameter);
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
