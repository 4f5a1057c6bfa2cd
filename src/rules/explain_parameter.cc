#include "rules/explain_parameter.h"

#include <fmt/format.h>

#include "boot/boot_lines.h"
#include "model/typed_value.h"

namespace advisor {
namespace {

KernelSupport support_by(const ParameterInfo& info, const KernelVersion& kernel) {
  const auto reached = [&](std::string_view version) {
    const auto parsed = KernelVersion::parse(version);
    return parsed && kernel >= *parsed;
  };
  if (!info.since.empty() && !reached(info.since)) return KernelSupport::kNotYet;
  if (reached(info.removed)) return KernelSupport::kDropped;
  return reached(info.inert_since) ? KernelSupport::kInert : KernelSupport::kPresent;
}

std::string name_of_field(const ParameterInfo& info, size_t index) {
  if (index < info.fields.size()) return info.fields[index];
  return index == 0 ? "low" : "high";
}

void take_apart(const ParameterInfo& info, ParameterExplanation& explained) {
  const auto value = typed(info, *explained.now);
  const auto* numbers = value ? std::get_if<std::vector<int64_t>>(&*value) : nullptr;
  if (!numbers) return;
  if (info.type == ParameterType::kBitmask && (*numbers)[0] > 0) {
    for (int bit = 0; bit < 63; ++bit) {
      const int64_t number = int64_t{1} << bit;
      if ((*numbers)[0] & number) explained.bits.push_back(number);
    }
  }
  for (size_t i = 0; numbers->size() > 1 && i < numbers->size(); ++i) {
    explained.fields.push_back({name_of_field(info, i), std::to_string((*numbers)[i])});
  }
}

/// What one loader, or both alike, leave behind.
BootOutcome outcome(SysctlLoaders by, const BootValue& left,
                    const ParameterExplanation& explained) {
  BootOutcome outcome{by, std::nullopt, std::nullopt, std::nullopt};
  if (!left.line) return outcome;
  outcome.line = *left.line;
  if (left.certain) outcome.value = left.value;
  if (!explained.now || !left.value) return outcome;
  const ParameterInfo* info = explained.info ? &*explained.info : nullptr;
  outcome.stands = same_value(info, *explained.now, *left.value);
  return outcome;
}

bool is_same(const BootValue& a, const BootValue& b) {
  return a.line == b.line && a.value == b.value;
}

BootSettings boot_settings(const PersistentSettings& persistent, const Catalogue& catalogue,
                           const std::vector<BootRun>& boots,
                           const ParameterExplanation& explained) {
  BootSettings boot;
  boot.lines = lines_that_write(explained.parameter, persistent, catalogue);
  boot.loader = persistent.at_boot;
  boot.loader_because = persistent.at_boot_because;
  boot.others = persistent.others_on(explained.parameter);
  for (const Diagnostic& remark : persistent.remarks) {
    // A remark on a line is about how that is written; all others are about a file.
    if (remark.where.line == 0)
      boot.unread.push_back(fmt::format("{}: {}", remark.where.file, remark.message));
  }
  for (const Diagnostic& untold : persistent.unread) {
    if (untold.where.file.empty()) boot.unread.push_back(untold.message);
  }
  std::optional<BootValue> earlier;
  for (const BootRun& run : boots) {
    const BootValue left = run.left(explained.parameter);
    SysctlLoaders by{run.loader() == SysctlLoader::kSystemd, run.loader() == SysctlLoader::kProcps};
    if (earlier && is_same(*earlier, left)) {
      boot.outcomes.back().by = {true, true};
      continue;
    }
    boot.outcomes.push_back(outcome(by, left, explained));
    earlier = left;
  }
  return boot;
}

}  // namespace

ParameterExplanation explain_parameter(const ParameterName& parameter, const Catalogue& catalogue,
                                       const Snapshot& snapshot,
                                       const PersistentSettings& persistent,
                                       const std::vector<BootRun>& boots) {
  ParameterExplanation explained;
  explained.parameter = parameter;
  explained.now = snapshot.reading(parameter);
  if (const ParameterInfo* info = catalogue.find(parameter)) {
    explained.info = *info;
    const auto kernel = KernelVersion::parse(snapshot.host.kernel);
    if (kernel) {
      explained.support = support_by(*info, *kernel);
      const bool has_it = explained.support == KernelSupport::kPresent ||
                          explained.support == KernelSupport::kInert || explained.now;
      if (has_it) explained.kernel_default = info->default_on(*kernel);
    }
    if (explained.now) {
      take_apart(*info, explained);
      if (explained.kernel_default) {
        explained.at_default =
            same_value(info, *explained.now, ParameterValue(*explained.kernel_default));
      }
    }
  }
  explained.boot = boot_settings(persistent, catalogue, boots, explained);
  return explained;
}

}  // namespace advisor
