#include "load/families.h"

#include <algorithm>
#include <set>
#include <utility>

namespace advisor {
namespace {

Target& target_in(Target& target) {
  return target;
}

Target& target_in(PlainTarget& plain) {
  return plain.target;
}

void make_member(Target& target, const ParameterName& member) {
  target.parameter = member;
}

void make_member(PlainTarget& plain, const ParameterName& member) {
  plain.family = std::string(plain.target.parameter.dotted());
  plain.target.parameter = member;
}

bool is_family(const ParameterName& name) {
  return name.dotted().find('*') != std::string_view::npos;
}

template <typename T>
void expand(std::vector<T>& targets, const ParameterKnowledge& known, Diagnostics& diagnostics) {
  const auto of_family = [](T& one) { return is_family(target_in(one).parameter); };
  if (std::ranges::none_of(targets, of_family)) return;
  std::set<ParameterName> named;
  for (T& one : targets) {
    if (!of_family(one)) named.insert(target_in(one).parameter);
  }
  std::vector<T> expanded;
  for (T& one : targets) {
    if (!of_family(one)) {
      expanded.push_back(std::move(one));
      continue;
    }
    const Target& family = target_in(one);
    const auto members = known.matching(family.parameter);
    if (!members) {
      diagnostics.push_back(
          {DiagnosticSeverity::kError, family.where, members.error().message, {}, {}});
      continue;
    }
    for (const ParameterName& member : *members) {
      if (named.contains(member)) continue;
      expanded.push_back(one);
      make_member(expanded.back(), member);
    }
  }
  targets = std::move(expanded);
}

}  // namespace

void expand_families(std::vector<Target>& targets, const ParameterKnowledge& known,
                     Diagnostics& diagnostics) {
  expand(targets, known, diagnostics);
}

void expand_families(std::vector<PlainTarget>& targets, const ParameterKnowledge& known,
                     Diagnostics& diagnostics) {
  expand(targets, known, diagnostics);
}

}  // namespace advisor
