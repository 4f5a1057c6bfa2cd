#pragma once

#include <span>
#include <string_view>

#include "expr/expression.h"
#include "model/snapshot.h"

namespace advisor {

/// Something a condition may ask about a host: one row, from which the type check, the manual and
/// the evaluation all come.
struct Fact {
  std::string_view name;
  expr::Type type;
  const char* unit;       ///< empty where a unit makes no sense
  const char* read_from;  ///< the interface of the kernel it comes from
  const char* meaning;    ///< one line
  expr::Value (*value)(const Snapshot& snapshot);
  /// The parameters that `value` looks at, in the dotted spelling: whoever wants the fact has to
  /// read them.
  std::span<const std::string_view> stands_on = {};
  /// Of one that is true or false: what a host is like that a rule does not apply to, for one value
  /// or the other. Null where no rule asks.
  const char* when_true = nullptr;
  const char* when_false = nullptr;
};

/// Those of one subject, a file each.
std::span<const Fact> connection_facts();
std::span<const Fact> counter_facts();
std::span<const Fact> host_facts();
std::span<const Fact> limit_facts();
std::span<const Fact> memory_facts();
std::span<const Fact> port_facts();
std::span<const Fact> port_range_facts();

/// All of them, sorted by name.
std::span<const Fact> facts();

/// Null if there is no such fact.
const Fact* find_fact(std::string_view name);

}  // namespace advisor
