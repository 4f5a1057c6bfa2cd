#include "apply/confinement.h"

#include <set>

#include "apply/journal.h"

namespace advisor {
namespace {

/// The parameters, and all that moves or may have to be restored with them.
class Family {
 public:
  explicit Family(const World& world) : world_(world) {}

  void add(const ParameterName& name) {
    if (!members_.insert(name).second) return;
    const ParameterInfo* info = world_.catalogue.find(name);
    if (!info) return;
    for (const ParameterName& other : info->excludes) add(other);
    for (const std::string& moved : info->moves) {
      const auto pattern = ParameterName::parse(moved);
      if (!pattern) continue;
      for (const ParameterName& other : world_.tree.matching(pattern->path())) add(other);
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
