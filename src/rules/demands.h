#pragma once

#include <map>
#include <vector>

#include "facts/rule_scope.h"
#include "load/constraint.h"
#include "load/rule.h"
#include "model/catalogue.h"
#include "model/finding.h"
#include "rules/left_out.h"

namespace advisor {

/// What the files of the host give parameters at boot, as FileValues::of tells it.
using ValuesAtBoot = std::map<ParameterName, std::vector<ValueAtBoot>>;

/// What counts besides the snapshot, of those parameters that an audit asks for.
struct Surroundings {
  NotSettable not_settable;
  ValuesAtBoot at_boot;
  /// What could be set here and would take too much memory along with worse findings' advice.
  NotSettable beyond_memory = {};
};

/// What the findings of one audit ask of the parameters. All that is asked of one parameter is
/// met together, by one value.
class Demands {
 public:
  Demands(const Catalogue& catalogue, const Snapshot& snapshot, const Surroundings& around)
      : catalogue_(catalogue), snapshot_(snapshot), around_(around) {}

  /// Notes what a target asks for on behalf of `findings[finding]`, one finding after the other.
  /// Where that cannot be told, it is left out, with what it goes with; a finding that has nothing
  /// else to say becomes unknown. A parameter that is not there is left out.
  /// A demand that is `required` only makes others possible.
  void add(const Target& target, const expr::Bindings& bindings, std::vector<Finding>& findings,
           size_t finding, bool required);

  /// "net.core.somaxconn is 128, wanted is at least 4096", of the last demand of that finding;
  /// empty if it has none.
  std::string last_in_words(size_t finding) const;

  /// Gives the findings their recommendations, and what is left out since it cannot be set here.
  /// Demands that no value meets are a diagnostic.
  void settle(std::vector<Finding>& findings, Diagnostics& diagnostics);

 private:
  struct Demand {
    size_t finding = 0;
    ParameterName parameter;
    Constraint constraint;
    std::optional<TypedValue> now;  ///< nothing: there is no such parameter
    bool required = false;
    SourceLocation where;     ///< the target
    std::string untold = {};  ///< why its value could not be computed, or that which stands
    bool moot = false;        ///< what it should make possible is left out
  };

  /// Also where the kernel rounds what is asked for to what stands.
  bool stands(const Demand& demand) const;
  std::string why_absent(const ParameterName& parameter) const;
  std::vector<WishOutcome> outcomes(const std::vector<size_t>& unmet,
                                    const std::vector<Finding>& findings) const;
  void carry_into(Finding& finding, const Demand& demand, const std::string& why_left_out,
                  const std::vector<Finding>& findings, Diagnostics& diagnostics) const;
  /// All that must be met along with a demand, itself included: what is asked of the same variable,
  /// by whichever name.
  std::vector<const Demand*> of_same_variable(const Demand& demand,
                                              const std::vector<Finding>& findings) const;
  std::optional<TypedValue> common_value(const Demand& demand, const std::vector<Finding>& findings,
                                         Diagnostics& diagnostics) const;
  void heed_files(const std::vector<const Demand*>& demands, Recommendation& recommendation) const;
  Recommendation recommendation(const Demand& demand, const TypedValue& advised) const;
  std::vector<std::string> field_names(const ParameterName& parameter) const;

  const Catalogue& catalogue_;
  const Snapshot& snapshot_;
  const Surroundings& around_;
  std::vector<Demand> demands_;
};

}  // namespace advisor
