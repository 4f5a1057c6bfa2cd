#include "load/constraint.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace advisor {
namespace {

using Numbers = std::vector<int64_t>;

struct RelationName {
  Relation relation;
  const char* name;
  const char* phrase;
};

/// In the order of the enumeration.
constexpr std::array kRelations{
    RelationName{Relation::kExactly, "exactly", "exactly"},
    RelationName{Relation::kAtLeast, "at_least", "at least"},
    RelationName{Relation::kAtMost, "at_most", "at most"},
    RelationName{Relation::kOneOf, "one_of", "one of"},
    RelationName{Relation::kCovers, "covers", "a range that covers"},
    RelationName{Relation::kIncludes, "includes", "a set that includes"},
};
static_assert(kRelations.size() == size_t(Relation::kIncludes) + 1);

/// Each field of `now` that the constraint speaks of, moved to its bound where `choose` prefers
/// the bound.
template <typename Choose>
TypedValue moved_to(const TypedValue& now, const Constraint& constraint, Choose choose) {
  Numbers moved = std::get<Numbers>(now);
  const Numbers& limits = std::get<Numbers>(constraint.operands.front());
  const auto& fields = constraint.fields;
  for (size_t i = 0; i < moved.size() && i < limits.size(); ++i) {
    const bool spoken_of =
        fields.empty() || std::find(fields.begin(), fields.end(), i) != fields.end();
    if (spoken_of) moved[i] = choose(moved[i], limits[i]);
  }
  return moved;
}

TypedValue nearest_for(const TypedValue& now, const Constraint& constraint) {
  const TypedValue& operand = constraint.operands.front();
  switch (constraint.relation) {
    case Relation::kAtLeast:
      return moved_to(now, constraint, [](int64_t a, int64_t b) { return std::max(a, b); });
    case Relation::kAtMost:
      return moved_to(now, constraint, [](int64_t a, int64_t b) { return std::min(a, b); });
    case Relation::kCovers: {
      const Numbers& have = std::get<Numbers>(now);
      const Numbers& want = std::get<Numbers>(operand);
      return Numbers{std::min(have[0], want[0]), std::max(have[1], want[1])};
    }
    case Relation::kIncludes: {
      PortSet both = std::get<PortSet>(now);
      both.add(std::get<PortSet>(operand));
      return both;
    }
    case Relation::kExactly:
      if (constraint.fields.empty()) break;
      return moved_to(now, constraint, [](int64_t, int64_t wanted) { return wanted; });
    case Relation::kOneOf:
      break;
  }
  return operand;
}

bool all_allow(const std::vector<Constraint>& constraints, const TypedValue& value) {
  return std::all_of(constraints.begin(), constraints.end(),
                     [&](const Constraint& constraint) { return constraint.allows(value); });
}

}  // namespace

const char* name_of(Relation relation) {
  return kRelations[size_t(relation)].name;
}

std::vector<Relation> all_relations() {
  std::vector<Relation> relations;
  for (const RelationName& row : kRelations) relations.push_back(row.relation);
  return relations;
}

std::string relation_names() {
  std::string names;
  for (const Relation relation : all_relations()) {
    names += names.empty() ? "" : ", ";
    names += name_of(relation);
  }
  return names;
}

bool Constraint::allows(const TypedValue& value) const {
  if (relation == Relation::kOneOf) {
    return std::find(operands.begin(), operands.end(), value) != operands.end();
  }
  return nearest_for(value, *this) == value;
}

std::optional<std::string> procfs_text(const expr::Value& value) {
  if (const auto* number = std::get_if<int64_t>(&value)) return std::to_string(*number);
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  const auto* list = std::get_if<std::vector<int64_t>>(&value);
  if (!list) return std::nullopt;
  return joined_numbers(*list);
}

std::optional<TypedValue> nearest_allowed(const TypedValue& now,
                                          const std::vector<Constraint>& constraints) {
  if (all_allow(constraints, now)) return now;
  TypedValue value = now;
  for (const Constraint& constraint : constraints) {
    if (constraint.relation != Relation::kOneOf) value = nearest_for(value, constraint);
  }
  if (all_allow(constraints, value)) return value;
  for (const Constraint& constraint : constraints) {
    if (constraint.relation != Relation::kOneOf) continue;
    for (const TypedValue& candidate : constraint.operands) {
      if (all_allow(constraints, candidate)) return candidate;
    }
  }
  return std::nullopt;
}

std::string to_text(const Constraint& constraint, const std::vector<std::string>& fields) {
  std::string text = kRelations[size_t(constraint.relation)].phrase;
  const char* separator = " ";
  for (const size_t field : constraint.fields) {
    const int64_t number = std::get<Numbers>(constraint.operands.front())[field];
    text += separator + std::to_string(number) + " for " + fields[field];
    separator = " and ";
  }
  if (!constraint.fields.empty()) return text;
  for (const TypedValue& operand : constraint.operands) {
    text += separator + untyped(operand).text();
    separator = ", ";
  }
  return text;
}

}  // namespace advisor
