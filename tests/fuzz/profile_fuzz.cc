// Any text as a profile beside those that are shipped: resolved, audited and planned.

#include <fmt/format.h>

#include "fuzz/fuzzing.h"
#include "model/typed_value.h"
#include "plan/planner.h"
#include "rules/audit.h"
#include "support/builders.h"
#include "sysctld/drop_in.h"

using namespace advisor;
using namespace advisor::fuzz;

namespace {

/// The shipped profiles, and the input under the name "fuzz".
class WithInput : public ProfileSource {
 public:
  explicit WithInput(SourceText input) : input_(std::move(input)) {}

  Result<SourceText> profile(const std::string& name) const override {
    if (name == "fuzz") return input_;
    return shipped().profile(name);
  }
  Result<SourceText> rule_group(const std::string& name) const override {
    return shipped().rule_group(name);
  }
  std::vector<std::string> profile_names() const override { return shipped().profile_names(); }
  std::vector<std::string> rule_group_names() const override {
    return shipped().rule_group_names();
  }

 private:
  static const testing::TextProfiles& shipped() {
    static const testing::TextProfiles profiles = testing::TextProfiles::shipped();
    return profiles;
  }

  SourceText input_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  static const Catalogue catalogue = testing::shipped_catalogue();
  static const ParameterKnowledge known = testing::knowledge(catalogue, {"net.core.rmem_max"});
  const WithInput source({"fuzz.toml", text_of(bytes, size)});
  Diagnostics diagnostics;
  Diagnostics again;

  EffectiveProfile profile = resolve_profiles({"fuzz"}, source, known, diagnostics);
  resolve_profiles({"fuzz"}, source, known, again);

  require_same(diagnostics, again);
  require_places(diagnostics, *source.profile("fuzz"));
  if (has_errors(diagnostics)) return 0;

  parameters_of(profile);
  const Report report = audit(profile, catalogue, testing::idle_host(), {}, diagnostics);
  if (has_errors(diagnostics)) return 0;
  const PlanningOutcome outcome = plan_changes(report, catalogue, {});
  for (const Change& change : outcome.changes) {
    const ParameterInfo* info = catalogue.find(change.parameter);
    require(!info || !why_invalid(*info, change.after), "only values that may be set are planned");
    require(!same_value(info, change.before, change.after), "a change changes something");
  }
  const std::string drop_in = updated_drop_in("", outcome.changes, report);
  for (const Change& change : outcome.changes) {
    const std::string line = fmt::format("{} = {}", change.parameter.dotted(), change.after.text());
    require(drop_in.find(line) != std::string::npos, "the drop-in holds every change");
  }
  return 0;
}
