#include "rules/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "base/text.h"
#include "base/utc.h"
#include "expr/format.h"
#include "model/typed_value.h"
#include "rules/compared_load.h"
#include "rules/compared_parameters.h"

namespace advisor {
namespace {

Comparison::Side side_of(const ComparedHost& host) {
  const Snapshot& snapshot = host.report.snapshot;
  return {host.file, snapshot.host.name, snapshot.host.kernel, snapshot.taken,
          host.report.profiles};
}

/// The id of the boot in which a host was read; null if it is not known.
const ParameterValue* boot_of(const ComparedHost& host) {
  return host.report.snapshot.value_of(*ParameterName::parse(kBootId));
}

void compare_heads(const ComparedHost& before, const ComparedHost& after, Comparison& comparison) {
  const auto &was = comparison.before = side_of(before), &is = comparison.after = side_of(after);
  const auto began = parse_utc(was.taken), ended = parse_utc(is.taken);
  if (began && ended) comparison.seconds_between = *ended - *began;
  if (!before.anonymized && !after.anonymized) comparison.same_host = was.host == is.host;
  const ParameterValue *boot = boot_of(before), *boot_now = boot_of(after);
  if (comparison.same_host.value_or(false) && boot && boot_now) {
    comparison.restarted = *boot != *boot_now;
  }
}

std::string names_of(const std::vector<std::string>& profiles) {
  return join(profiles, " + ");
}

void note_hosts(const ComparedHost& before, const ComparedHost& after, Comparison& comparison) {
  const Comparison::Side &was = comparison.before, &is = comparison.after;
  std::vector<std::string>& notes = comparison.notes;
  if (!comparison.same_host) {
    const bool both = before.anonymized && after.anonymized;
    const std::string which = (before.anonymized ? was.file : is.file) + " is anonymized";
    notes.push_back(fmt::format(
        "{}: whether both are of one host is not known, and destinations and listeners are told "
        "by their ports alone",
        both ? "both are anonymized, each with addresses of its own" : which));
  } else if (!*comparison.same_host) {
    notes.push_back(
        fmt::format("another host: {} ({}) and {} ({})", was.host, was.kernel, is.host, is.kernel));
    return;
  }
  if (was.kernel != is.kernel) {
    notes.push_back(fmt::format("another kernel: {} and {}", was.kernel, is.kernel));
  }
  if (comparison.restarted.value_or(false)) {
    notes.emplace_back("the host was restarted between");
  }
}

void note_rest(Comparison& comparison) {
  const Comparison::Side &was = comparison.before, &is = comparison.after;
  if (!comparison.seconds_between) {
    comparison.notes.emplace_back("one of the two does not say when it was taken");
  } else if (*comparison.seconds_between < 0) {
    comparison.notes.push_back(fmt::format(
        "{} is the older one: what is told as new was there before, and is gone", is.file));
  }
  if (was.profiles != is.profiles) {
    comparison.notes.push_back(fmt::format(
        "{} is a report by the profile {}, and {} by {}: what one of them does not ask for is "
        "not known there",
        was.file, names_of(was.profiles), is.file, names_of(is.profiles)));
  }
}

/// Whoever compares wants two readings; one that is given twice tells nothing.
void note_same_reading(Comparison& comparison) {
  if (comparison.seconds_between != 0 || !comparison.parameters.empty()) return;
  if (!comparison.load.empty() || !comparison.findings.empty()) return;
  comparison.notes.emplace_back(
      "both say the same, and were taken at the same time: is one the wrong file?");
}

/// Two findings of one rule, or the one that there is.
class FindingComparer {
 public:
  FindingComparer(const Catalogue& catalogue, Comparison& comparison)
      : catalogue_(catalogue),
        comparison_(comparison),
        same_profiles_(comparison.before.profiles == comparison.after.profiles) {}

  void compare(const Finding* before, const Finding* after) {
    const bool told = before && before->tells(), tells = after && after->tells();
    if (told && tells) {
      compare_both(*before, *after);
    } else if (tells) {
      add(FindingChange::kNew, before, after);
    } else if (told) {
      add(is_untold(*before, after) ? FindingChange::kUntold : FindingChange::kGone, before, after);
    } else if (before && after) {
      const bool was_unknown = before->verdict == Verdict::kUnknown;
      const bool is_unknown = after->verdict == Verdict::kUnknown;
      comparison_.unknown_before += was_unknown && !is_unknown ? 1 : 0;
      comparison_.unknown_after += is_unknown && !was_unknown ? 1 : 0;
    }
  }

 private:
  void add(FindingChange change, const Finding* before, const Finding* after) {
    const auto copied = [](const Finding* finding) {
      return finding ? std::optional(*finding) : std::nullopt;
    };
    const RuleId& rule = (before ? before : after)->rule;
    comparison_.findings.push_back({rule, change, copied(before), copied(after)});
  }

  /// Findings on the next boot are there only while they hold. Any other one that is missing was
  /// not asked for, or is told by another finding of the same profiles.
  bool is_untold(const Finding& before, const Finding* after) const {
    if (after) return after->verdict == Verdict::kUnknown && !after->suppressed;
    const std::string_view rule = before.rule;
    const bool is_of_boot =
        rule.starts_with(kBootPrefix) || rule == kLinesNotInEffect || rule == kLinesWithoutEffect;
    return !same_profiles_ && !is_of_boot;
  }

  void compare_both(const Finding& before, const Finding& after) {
    if (before.severity != after.severity || !same_advice(before, after)) {
      add(FindingChange::kChanged, &before, &after);
    } else if (before.evidence != after.evidence) {
      add(FindingChange::kEvidence, &before, &after);
    }
  }

  bool same_advice(const Finding& before, const Finding& after) const {
    const auto is_in = [&](const Recommendation& one, const Finding& other) {
      return std::ranges::any_of(other.recommendations, [&](const Recommendation& another) {
        return one.parameter == another.parameter &&
               same_value(catalogue_.find(one.parameter), one.advised, another.advised);
      });
    };
    return before.recommendations.size() == after.recommendations.size() &&
           std::ranges::all_of(before.recommendations,
                               [&](const Recommendation& one) { return is_in(one, after); });
  }

  const Catalogue& catalogue_;
  Comparison& comparison_;
  bool same_profiles_;
};

void compare_findings(const Report& before, const Report& after, const Catalogue& catalogue,
                      Comparison& comparison) {
  std::map<RuleId, std::pair<const Finding*, const Finding*>> by_rule;
  for (const Finding& finding : before.findings) by_rule[finding.rule].first = &finding;
  for (const Finding& finding : after.findings) by_rule[finding.rule].second = &finding;
  FindingComparer comparer(catalogue, comparison);
  for (const auto& [rule, found] : by_rule) comparer.compare(found.first, found.second);
  std::ranges::stable_sort(comparison.findings, {}, [](const ComparedFinding& finding) {
    return std::tuple(!finding.counts(), -int(finding.shown().severity), finding.change);
  });
}

}  // namespace

Comparison compare(const ComparedHost& before, const ComparedHost& after,
                   const Catalogue& catalogue) {
  Comparison comparison;
  compare_heads(before, after, comparison);
  note_hosts(before, after, comparison);
  note_rest(comparison);
  compare_parameters(before.report.snapshot, after.report.snapshot, catalogue, comparison);
  compare_load(before, after, comparison);
  compare_findings(before.report, after.report, catalogue, comparison);
  note_same_reading(comparison);
  return comparison;
}

}  // namespace advisor
