#include "rules/memory_share.h"

#include <fmt/format.h>

#include <optional>
#include <set>

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

}  // namespace

MemoryOfAdvice share_memory(const Report& report, const EffectiveProfile& profile,
                            const Catalogue& catalogue) {
  MemoryOfAdvice memory;
  const std::optional<double> share = allowed_share(profile);
  const std::optional<int64_t> there_is = report.snapshot.host.memory_bytes;
  std::set<ParameterName> counted;
  const auto count = [&](const Finding& finding) {
    for (const Recommendation& wanted : finding.recommendations) {
      if (!counted.insert(wanted.parameter).second) continue;
      const int64_t more = bytes_more(wanted, catalogue);
      const int64_t together = memory.bytes + more;
      if (more > 0 && share && there_is && finding.profile != kBySet &&
          double(together) > *share * double(*there_is)) {
        memory.beyond.emplace(
            wanted.parameter,
            fmt::format(
                "all advice together would let the kernel hold {} more, and {:.3g} % of the "
                "memory is what it may take (option {})",
                expr::format(together, expr::Style::kBytes), 100 * *share, kOption));
      } else {
        memory.bytes = together;
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
