#include "rules/memory_share.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "expr/format.h"
#include "load/key_value.h"
#include "model/typed_value.h"

namespace advisor {
namespace {

constexpr const char* kOption = "memory_share";

std::optional<double> allowed_share(const EffectiveProfile& profile) {
  for (const ActiveGroup& active : profile.groups) {
    const auto option = active.options.find(kOption);
    if (option == active.options.end()) continue;
    if (const auto* share = std::get_if<double>(&option->second)) return *share;
  }
  return std::nullopt;
}

/// What the change lets the kernel hold more than now.
int64_t bytes_more(const Recommendation& wanted, const Catalogue& catalogue) {
  const ParameterInfo* info = catalogue.find(wanted.parameter);
  if (!info || !info->memory_each) return 0;
  const auto now = parse_kernel_integer(wanted.now.text());
  const auto advised = parse_kernel_integer(wanted.advised.text());
  if (!now || !advised || *advised <= *now) return 0;
  return (*advised - *now) * *info->memory_each;
}

struct Need {
  ParameterName parameter;
  int64_t bytes = 0;
  bool by_choice = false;  ///< --set, or a file of the host, asks for it anyway
};

/// What the finding needs of what nobody has counted yet.
std::vector<Need> needs_of(const Finding& finding, const std::set<ParameterName>& counted,
                           const Catalogue& catalogue) {
  std::vector<Need> needs;
  for (const Recommendation& wanted : finding.recommendations) {
    if (counted.contains(wanted.parameter)) continue;
    const int64_t bytes = bytes_more(wanted, catalogue);
    const bool by_file = wanted.at_boot && wanted.at_boot->meets;
    if (bytes > 0) needs.push_back({wanted.parameter, bytes, finding.profile == kBySet || by_file});
  }
  return needs;
}

std::string why_beyond(int64_t together, double share) {
  return fmt::format(
      "all advice together would let the kernel hold {} more, and {:.3g} % of the memory is what "
      "it "
      "may take (option {})",
      expr::format(together, expr::Style::kBytes), 100 * share, kOption);
}

}  // namespace

MemoryOfAdvice share_memory(const Report& report, const EffectiveProfile& profile,
                            const Catalogue& catalogue) {
  MemoryOfAdvice memory;
  const std::optional<double> share = allowed_share(profile);
  const std::optional<int64_t> there_is = report.snapshot.host.memory_bytes;
  const double room =
      share && there_is ? *share * double(*there_is) : std::numeric_limits<double>::infinity();
  std::set<ParameterName> counted;
  const auto count = [&](const Finding& finding) {
    const std::vector<Need> needs = needs_of(finding, counted, catalogue);
    int64_t together = memory.bytes;
    for (const Need& need : needs) together += need.bytes;
    // All of it or nothing: buckets without entries help nobody, nor entries without buckets.
    const bool fits = double(together) <= room || std::ranges::any_of(needs, &Need::by_choice);
    for (const Need& need : needs) {
      counted.insert(need.parameter);
      if (fits) {
        memory.bytes += need.bytes;
      } else {
        memory.beyond.emplace(need.parameter, why_beyond(together, share.value_or(1)));
      }
    }
  };
  for (const Severity severity :
       {Severity::kCritical, Severity::kWarning, Severity::kNote, Severity::kInfo}) {
    for (const Finding& finding : report.findings) {
      if (finding.severity == severity && !finding.suppressed) count(finding);
    }
  }
  return memory;
}

}  // namespace advisor
