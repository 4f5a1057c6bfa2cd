#include "plan/boot_findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <string_view>

#include "base/text.h"
#include "load/rule_names.h"
#include "model/typed_value.h"
#include "plan/persistence_words.h"

namespace advisor {
namespace {

/// The suppression that keeps a finding of this id, about this parameter, out of reports.
const Suppression* suppression_of(std::string_view id, const ParameterName& parameter,
                                  const std::vector<Suppression>& suppressions) {
  const auto found = std::ranges::find_if(suppressions, [&](const Suppression& one) {
    return one.rule.empty() ? matches_glob(one.parameter, parameter.dotted())
                            : matches_glob(one.rule, id);
  });
  return found == suppressions.end() ? nullptr : &*found;
}

/// Adds findings about what a boot loses, one for each parameter.
class LossFindings {
 public:
  LossFindings(const Report& report, const Proposal& proposal, const Catalogue& catalogue,
               const std::vector<Suppression>& suppressions)
      : report_(report), proposal_(proposal), catalogue_(catalogue), suppressions_(suppressions) {}

  std::vector<Finding> take() {
    const BootProspect& boot = *proposal_.boot;
    for (const KeptValue& kept : boot.kept) {
      // What comes too early is told below.
      if (is_late(kept.change.parameter)) continue;
      if (is_kept_already(kept.change.parameter)) continue;
      add(kept.change, left_words(kept), how_kept(kept.change.parameter));
    }
    for (const LeftToBoot& left : boot.left_to_boot) {
      if (left.in_the_way.empty() || is_planned(left.change.parameter)) continue;
      add(left.change, join(lines_of(left.in_the_way), ", "), in_words(left));
    }
    for (const LateModule& late : boot.late) add(late);
    return std::move(findings_);
  }

 private:
  bool is_planned(const ParameterName& parameter) const {
    return change_of(proposal_.plan.changes, parameter) != nullptr;
  }

  bool is_late(const ParameterName& parameter) const {
    return std::ranges::any_of(proposal_.boot->late, [&](const LateModule& late) {
      return late.change.parameter == parameter;
    });
  }

  /// Whether our line is there, and loses only under a loader that may not be the one: what keeps
  /// it from standing has been warned of, and nothing more can be done by writing it again.
  bool is_kept_already(const ParameterName& parameter) const {
    return !proposal_.plan.drop_in &&
           std::ranges::any_of(proposal_.boot->beaten_by, [&](const BeatenLine& beaten) {
             return beaten.parameter == parameter;
           });
  }

  /// A line of ours helps unless another file beats it.
  std::string how_kept(const ParameterName& parameter) const {
    const auto beats =
        std::ranges::find(proposal_.boot->beaten_by, parameter, &BeatenLine::parameter);
    if (beats == proposal_.boot->beaten_by.end() || !beats->by) {
      return "`sysctl-advisor apply` keeps it in a file of ours; or mend what sets the other one";
    }
    return fmt::format("mend {}, which is read behind any file of ours", in_words(*beats->by));
  }

  static std::vector<std::string> lines_of(const std::vector<PersistentSetting>& lines) {
    std::vector<std::string> words;
    for (const PersistentSetting& line : lines) words.push_back(in_words(line));
    return words;
  }

  static std::string left_words(const KeptValue& kept) {
    if (kept.line) return fmt::format("by {}", in_words(*kept.line));
    return "the kernel sets that by itself, and no file anything else";
  }

  void add(const Change& change, std::string_view whence, std::string remedy) {
    Finding& finding = begin(change.parameter, change.because);
    finding.evidence =
        fmt::format("{} is {} now, and {} after a boot: {}", change.parameter.dotted(),
                    change.after.text(), change.before.text(), whence);
    finding.remedy = std::move(remedy);
  }

  void add(const LateModule& late) {
    Finding& finding = begin(late.change.parameter, late.change.because);
    finding.evidence =
        fmt::format("{} = {} is wanted after a boot, and comes too early for its module {}",
                    late.change.parameter.dotted(), late.change.after.text(), late.module);
    finding.remedy = in_words(late);
  }

  Finding& begin(const ParameterName& parameter, const RuleId& because) {
    Finding& finding = findings_.emplace_back();
    finding.rule = id_of_boot(parameter);
    finding.title = "The next boot loses what this profile needs";
    finding.verdict = Verdict::kViolated;
    const ParameterInfo* info = catalogue_.find(parameter);
    if (info) finding.because = info->meaning;
    const auto asking = std::ranges::find(report_.findings, because, &Finding::rule);
    if (asking != report_.findings.end()) {
      // Nothing is wrong before the boot.
      finding.severity = std::min(asking->severity, Severity::kNote);
      finding.where = asking->where;
      finding.profile = asking->profile;
    }
    if (const auto* by = suppression_of(finding.rule, parameter, suppressions_)) {
      finding.suppressed = std::make_shared<const Suppression>(*by);
    }
    return finding;
  }

  const Report& report_;
  const Proposal& proposal_;
  const Catalogue& catalogue_;
  const std::vector<Suppression>& suppressions_;
  std::vector<Finding> findings_;
};

const char* fault_words(LineFault fault) {
  switch (fault) {
    case LineFault::kNotInEffect:
      return "is not in effect";
    case LineFault::kRefused:
      return "is refused by the kernel";
    case LineFault::kAbsent:
      return "sets nothing";
    case LineFault::kTooEarly:
      return "comes too early";
    case LineFault::kUndone:
      return "is undone";
    case LineFault::kUnread:
      break;
  }
  return "is not read at boot";
}

std::string in_words(const LineRemark& remark) {
  const std::string more =
      remark.more == 0 ? "" : fmt::format("; so are {} more of them", remark.more);
  return fmt::format("{} {}: {}{}", advisor::in_words(remark.line), fault_words(remark.fault),
                     remark.why, more);
}

struct LinesFinding {
  const char* id;
  const char* title;
  const char* remedy;
};

constexpr LinesFinding kNotInEffect{
    kLinesNotInEffect, "Lines of files are not in effect",
    "something changed the values since, or the lines are newer than the last boot; if the lines "
    "are right, `systemctl restart systemd-sysctl`, or `sysctl --system`, carries the files out"};
constexpr LinesFinding kWithoutEffect{
    kLinesWithoutEffect, "Lines of files do not do at boot what they say", "mend or delete them"};

/// Adds a finding with the remarks that `counts` picks, if there are any.
template <typename Predicate>
void add_lines(const LinesFinding& kind, const std::vector<LineRemark>& remarks,
               const std::vector<Suppression>& suppressions, Predicate counts,
               std::vector<Finding>& findings) {
  Finding finding;
  for (const LineRemark& remark : remarks) {
    if (!counts(remark) || suppression_of(kind.id, remark.line.parameter, suppressions)) continue;
    finding.details.push_back(in_words(remark));
  }
  if (finding.details.empty()) return;
  finding.rule = SharedText::lasting(kind.id);
  finding.title = SharedText::lasting(kind.title);
  finding.remedy = kind.remedy;
  finding.verdict = Verdict::kViolated;
  finding.severity = Severity::kInfo;
  findings.push_back(std::move(finding));
}

}  // namespace

std::vector<Finding> boot_findings(const Report& report, const Proposal& proposal,
                                   const std::vector<LineRemark>& remarks,
                                   const Catalogue& catalogue,
                                   const std::vector<Suppression>& suppressions) {
  std::vector<Finding> findings;
  if (proposal.boot) {
    findings = LossFindings(report, proposal, catalogue, suppressions).take();
  }
  const auto not_in_effect = [](const LineRemark& remark) {
    return remark.fault == LineFault::kNotInEffect;
  };
  const auto is_told = [&](const LineRemark& remark) {
    return proposal.boot && std::ranges::any_of(proposal.boot->kept, [&](const KeptValue& kept) {
             return kept.line && kept.line->where == remark.line.where && remark.more == 0;
           });
  };
  add_lines(
      kNotInEffect, remarks, suppressions,
      [&](const LineRemark& remark) { return not_in_effect(remark) && !is_told(remark); },
      findings);
  add_lines(kWithoutEffect, remarks, suppressions, std::not_fn(not_in_effect), findings);
  return findings;
}

BootOutlook boot_outlook(const std::vector<Finding>& findings,
                         const std::vector<LineRemark>& remarks,
                         const std::vector<Suppression>& suppressions) {
  BootOutlook outlook;
  for (const Finding& finding : findings) {
    if (!finding.asks() || !finding.rule.view().starts_with(kBootPrefix)) continue;
    const auto lost = ParameterName::parse(finding.rule.view().substr(kBootPrefix.size()));
    if (lost) outlook.lost.push_back(*lost);
  }
  for (const LineRemark& remark : remarks) {
    const bool counts = remark.fault == LineFault::kNotInEffect &&
                        !suppression_of(kLinesNotInEffect, remark.line.parameter, suppressions);
    if (counts) outlook.not_in_effect.push_back(remark.line.where);
  }
  return outlook;
}

void name_other_writers(Report& report, const std::vector<OtherWriter>& others) {
  for (Finding& finding : report.findings) {
    if (!finding.asks()) continue;
    for (const Recommendation& wanted : finding.recommendations) {
      for (const OtherWriter& other : others) {
        if (other.parameter != wanted.parameter || other.agrees) continue;
        finding.details.push_back(warning_of(other));
      }
    }
  }
}

void name_lines(Report& report, const EffectiveProfile& profile, const std::vector<BootRun>& boots,
                const Catalogue& catalogue) {
  std::map<RuleId, const Rule*> rules;
  for (const ActiveGroup& active : profile.groups) {
    for (const Rule& rule : active.group.rules) rules.emplace(rule.id, &rule);
  }
  for (Finding& finding : report.findings) {
    const auto rule = rules.find(finding.rule);
    const bool speaks = finding.verdict == Verdict::kViolated && !finding.suppressed &&
                        finding.recommendations.empty();
    if (!speaks || rule == rules.end()) continue;
    for (const ParameterName& parameter : subjects_of(*rule->second)) {
      const BootValue left = boots.front().left(parameter);
      const ParameterValue* now = report.snapshot.value_of(parameter);
      const ParameterInfo* info = catalogue.find(parameter);
      if (!left.line || !left.value || !now || !same_value(info, *left.value, *now)) continue;
      finding.details.push_back(fmt::format("{} sets it", in_words(*left.line)));
    }
  }
}

}  // namespace advisor
