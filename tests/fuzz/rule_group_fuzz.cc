// Any text as a file of rules, which are then held against a host.

#include "fuzz/fuzzing.h"
#include "load/rule_parser.h"
#include "rules/audit.h"
#include "support/builders.h"

using namespace advisor;
using namespace advisor::fuzz;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  static const Catalogue catalogue = testing::shipped_catalogue();
  static const ParameterKnowledge known = testing::knowledge(catalogue, {"net.core.rmem_max"});
  const SourceText source{"fuzz.toml", text_of(bytes, size)};
  Diagnostics diagnostics;
  Diagnostics again;

  const RuleGroup group = parse_rule_group("fuzz", source, known, diagnostics);
  const RuleGroup twin = parse_rule_group("fuzz", source, known, again);

  require_same(diagnostics, again);
  require_places(diagnostics, source);
  require(group.rules.size() == twin.rules.size(), "the same text, the same rules");
  if (has_errors(diagnostics)) return 0;

  EffectiveProfile profile;
  profile.groups.push_back({group, {}, "fuzz"});
  for (const auto& [name, option] : group.options) {
    profile.groups[0].options[name] = option.default_value;
  }
  for (const Snapshot& host : {testing::idle_host(), Snapshot{}}) {
    const Report report = audit(profile, catalogue, host, {}, diagnostics);
    require(has_errors(diagnostics) || report.findings.size() == group.rules.size(),
            "each rule comes to a finding");
  }
  return 0;
}
