#include "load/fingerprint.h"

#include <set>
#include <span>
#include <utility>

#include "base/digest.h"
#include "expr/packed_expression.h"
#include "load/packed_files.h"

namespace advisor {
namespace {

constexpr size_t kBytes = 8;

std::vector<Target> without_places(std::vector<Target> targets) {
  for (Target& target : targets) target.where = {};
  return targets;
}

std::string demand_bytes(Rule rule) {
  rule.where = {};
  rule.targets = without_places(std::move(rule.targets));
  rule.requires_ = without_places(std::move(rule.requires_));
  return packed(std::move(rule));
}

std::string demand_bytes(PlainTarget plain) {
  if (!plain.family.view().empty()) {
    plain.target.parameter = ParameterName::of_canonical(plain.family);
  }
  plain.target.where = {};
  plain.requires_ = without_places(std::move(plain.requires_));
  return packed(std::move(plain));
}

void add(std::vector<ActiveGroup> groups, std::set<std::string>& demands) {
  for (ActiveGroup& active : groups) {
    PackedWriter options;
    options(active.options);
    for (Rule& rule : active.group.rules) {
      demands.insert(options.bytes() + demand_bytes(std::move(rule)));
    }
  }
}

}  // namespace

std::string fingerprint(const EffectiveProfile& profile) {
  std::set<std::string> demands;
  add(profile.groups, demands);
  add(profile.guards, demands);
  for (const PlainTarget& plain : profile.targets) demands.insert(demand_bytes(plain));
  PackedWriter writer;
  for (std::string demand : demands) writer(demand);
  const Sha256 digest = sha256(writer.bytes());
  return hexadecimal(std::span(digest).first(kBytes));
}

}  // namespace advisor
