#include "model/coupling.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "base/text.h"
#include "model/typed_value.h"

namespace advisor {
namespace {

/// The numbers of a value; nothing if there are none, or other words among them.
std::optional<std::vector<int64_t>> numbers_of(const ParameterValue& value) {
  std::vector<int64_t> numbers;
  for (const std::string& word : value.words()) {
    const auto number = parse_kernel_integer(word);
    if (!number) return std::nullopt;
    numbers.push_back(*number);
  }
  if (numbers.empty()) return std::nullopt;
  return numbers;
}

/// The other parameter: a `*` in it stands for what stands at its place in `name`.
std::optional<ParameterName> filled_in(const std::string& other, const ParameterName& name) {
  if (other.find('*') == std::string::npos) return ParameterName::parse(other);
  std::vector<std::string> segments = split(other, '.');
  const std::vector<std::string> given = split(name.dotted(), '.');
  if (segments.size() != given.size()) return std::nullopt;
  for (size_t i = 0; i < segments.size(); ++i) {
    if (segments[i] == "*") segments[i] = given[i];
  }
  return ParameterName::parse(join(segments, "."));
}

}  // namespace

bool Coupling::allows(const ParameterValue& value, const ParameterValue& other_value) const {
  const auto others = numbers_of(other_value);
  if (!others) return true;
  if (relation == CouplingRelation::kRefusedWhile) {
    return std::ranges::find(numbers, others->front()) == numbers.end();
  }
  const auto ours = numbers_of(value);
  if (!ours) return true;
  if (relation == CouplingRelation::kNotAbove) {
    return std::ranges::max(*ours) <= std::ranges::min(*others);
  }
  return std::ranges::min(*ours) >= std::ranges::max(*others);
}

StandingValues remembered(StandingValues standing) {
  using Values = std::map<ParameterName, std::optional<ParameterValue>>;
  return [standing = std::move(standing),
          known = std::make_shared<Values>()](const ParameterName& name) {
    const auto place = known->find(name);
    if (place != known->end()) return place->second;
    return known->emplace(name, standing(name)).first->second;
  };
}

std::string why_refused(const Coupling& coupling, const ParameterValue& other_value,
                        bool other_changes) {
  const std::string_view other = coupling.other.dotted();
  const char* is = other_changes ? "is to be" : "is";
  if (!coupling.checked) {
    return fmt::format("{} {} {}, and the kernel would take no such value any more", other, is,
                       other_value.text());
  }
  if (coupling.relation == CouplingRelation::kRefusedWhile) {
    return fmt::format("the kernel takes nothing while {} {} {}", other, is, other_value.text());
  }
  const bool above = coupling.relation == CouplingRelation::kNotAbove;
  return fmt::format("the kernel takes nothing {} {}, which {} {}", above ? "above" : "below",
                     other, is, other_value.text());
}

std::vector<Coupling> couplings_of(const Catalogue& catalogue, const ParameterName& name) {
  std::vector<Coupling> couplings;
  const ParameterInfo* info = catalogue.find(name);
  if (!info) return couplings;
  using enum CouplingRelation;
  const auto add = [&](const std::string& written, CouplingRelation relation, bool checked,
                       std::vector<int64_t> numbers) {
    const auto other = filled_in(written, name);
    if (other) couplings.push_back({name, *other, relation, std::move(numbers), checked});
  };
  for (const std::string& other : info->not_above) add(other, kNotAbove, true, {});
  for (const std::string& other : info->not_below) add(other, kNotBelow, true, {});
  for (const std::string& other : info->ceiling_of) add(other, kNotBelow, false, {});
  for (const RefusedWhile& refused : info->refused_while) {
    add(refused.other, kRefusedWhile, true, refused.numbers);
  }
  return couplings;
}

std::set<ParameterName> siblings_of(const Catalogue& catalogue,
                                    const std::set<ParameterName>& names) {
  std::set<ParameterName> seen = names;
  std::vector<ParameterName> unread(names.begin(), names.end());
  while (!unread.empty()) {
    const ParameterName name = unread.back();
    unread.pop_back();
    for (const Coupling& coupling : couplings_of(catalogue, name)) {
      if (seen.insert(coupling.other).second) unread.push_back(coupling.other);
    }
  }
  for (const ParameterName& name : names) seen.erase(name);
  return seen;
}

}  // namespace advisor
