#pragma once

#include <optional>
#include <string>
#include <vector>

#include "expr/value.h"
#include "model/typed_value.h"

namespace advisor {

/// How a value must relate to what a target says.
enum class Relation {
  kExactly,
  kAtLeast,   ///< numbers, each field on its own
  kAtMost,    ///< numbers, each field on its own
  kOneOf,     ///< the first that all other constraints allow
  kCovers,    ///< a range that contains this range
  kIncludes,  ///< a port set that contains these ports
};

const char* name_of(Relation relation);
std::vector<Relation> all_relations();
/// "exactly, at_least, ...", for messages.
std::string relation_names();

/// One demand on the value of one parameter, with everything computed.
struct Constraint {
  Relation relation = Relation::kExactly;
  std::vector<TypedValue> operands;  ///< several only for kOneOf
  std::vector<size_t> fields;        ///< the numbers of a vector it speaks of; none: all of it

  bool allows(const TypedValue& value) const;
};

/// The value as procfs would write it; nothing if it is unknown, or of a kind that no parameter
/// has.
std::optional<std::string> procfs_text(const expr::Value& value);

/// The value nearest to `now` that all constraints allow; nothing if there is none, which
/// is a conflict between them.
std::optional<TypedValue> nearest_allowed(const TypedValue& now,
                                          const std::vector<Constraint>& constraints);

/// "at least 4096", for people; `fields` are the names of the numbers of a vector.
std::string to_text(const Constraint& constraint, const std::vector<std::string>& fields = {});

}  // namespace advisor
