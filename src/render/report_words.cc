#include "render/report_words.h"

#include <fmt/format.h>

#include "base/text.h"
#include "expr/format.h"

namespace advisor {
namespace {

constexpr int64_t kMemoryWorthALine = 1 << 20;

}  // namespace

std::string profiles_in_words(const Report& report) {
  return fmt::format("{} {}", report.profiles.size() == 1 ? "profile" : "profiles",
                     join(report.profiles, " + "));
}

std::string sampling_in_words(const Snapshot& snapshot) {
  const double seconds = snapshot.counters.interval_seconds;
  return seconds > 0 ? fmt::format("rates over {:.1f} s", seconds) : "one sample, so no rates";
}

std::string time_in_words(const Snapshot& snapshot) {
  constexpr size_t kDate = 10;  // "2026-11-22", and behind it a T
  std::string taken = snapshot.taken;
  if (taken.size() <= kDate + 1 || taken[kDate] != 'T' || !taken.ends_with('Z')) return taken;
  taken[kDate] = ' ';
  taken.pop_back();
  return taken + " UTC";
}

std::vector<std::string> host_remarks(const Host& host) {
  std::vector<std::string> remarks;
  if (host.container.value_or(false)) {
    remarks.emplace_back("taken for a container: what belongs to the host below it is left out");
  }
  if (const int64_t others = host.other_namespaces.value_or(0); others > 0) {
    remarks.push_back(
        fmt::format("{} besides this one: limits and sockets there are not in this report, "
                    "`audit --netns all` tells of them",
                    counted(others, "network namespace")));
  }
  return remarks;
}

std::string in_words(const ValueAtBoot& at_boot) {
  const std::string line = in_words(at_boot.line);
  if (at_boot.meets) return fmt::format("{} asks for it, and is not in effect", line);
  return fmt::format("at boot it is set by {}", line);
}

std::string effect_in_words(const Recommendation& wanted) {
  const std::string when =
      wanted.effect.empty() ? "" : fmt::format("takes effect: {}; ", wanted.effect);
  return when +
         (wanted.one_way ? "cannot be taken back before the next boot" : "can be taken back");
}

std::vector<std::string> remarks_on(const Recommendation& wanted) {
  std::vector<std::string> remarks;
  if (wanted.at_boot) remarks.push_back(in_words(*wanted.at_boot));
  if (wanted.required) remarks.emplace_back("to be set before the next one");
  remarks.push_back(effect_in_words(wanted));
  if (!wanted.cost.empty()) remarks.push_back(fmt::format("costs: {}", wanted.cost));
  if (!wanted.in_catalogue) {
    remarks.emplace_back("not in the catalogue: its range is not known here");
  }
  return remarks;
}

std::string in_words(const Suppression& suppression) {
  const std::string until = suppression.until.empty() ? "" : " until " + suppression.until;
  return fmt::format("{} ({}{})", suppression.reason, to_text(suppression.where), until);
}

std::string address_of_source(std::string_view reference) {
  // Any other scheme may run something where it leads to.
  if (reference.starts_with("https://") || reference.starts_with("http://")) {
    return std::string(reference);
  }
  constexpr std::string_view kRfc = "RFC ";
  if (!reference.starts_with(kRfc)) return "";
  reference.remove_prefix(kRfc.size());
  const std::string_view number = reference.substr(0, reference.find(' '));
  if (!parse_decimal(number)) return "";
  return fmt::format("https://www.rfc-editor.org/rfc/rfc{}", number);
}

std::string memory_in_words(const Report& report) {
  const int64_t there_is = report.snapshot.host.memory_bytes.value_or(0);
  if (report.advice_memory_bytes < kMemoryWorthALine || there_is == 0) return "";
  return fmt::format(
      "what is advised can take {} of kernel memory once it is in use, {:.2g} % of {}",
      expr::format(report.advice_memory_bytes, expr::Style::kBytes),
      100.0 * double(report.advice_memory_bytes) / double(there_is),
      expr::format(there_is, expr::Style::kBytes));
}

std::map<std::string, std::vector<const Finding*>> by_what_is_missing(
    const std::vector<const Finding*>& findings) {
  std::map<std::string, std::vector<const Finding*>> reasons;
  for (const Finding* finding : findings) {
    for (const std::string& missing : finding->missing) reasons[missing].push_back(finding);
    if (finding->missing.empty()) reasons[""].push_back(finding);
  }
  return reasons;
}

std::string summary_line(const Report& report) {
  const FindingCounts counts = counts_of(report.findings);
  std::vector<std::string> asking;
  for (const Severity severity : {Severity::kCritical, Severity::kWarning, Severity::kNote}) {
    const std::string noun =
        severity == Severity::kCritical ? "critical finding" : name_of(severity);
    if (counts.of(severity) > 0) asking.push_back(counted(counts.of(severity), noun));
  }
  std::string line = asking.empty() ? "nothing to change" : join(asking, ", ");
  const auto add = [&](int64_t count, const char* what) {
    if (count > 0) line += fmt::format("; {} {}", count, what);
  };
  add(counts.of(Severity::kInfo), "to know");
  line += fmt::format("; {} fine", counted(counts.satisfied, "check"));
  add(counts.not_applicable, "not applicable");
  add(counts.unknown, "unknown");
  add(counts.suppressed, "suppressed");
  return line;
}

}  // namespace advisor
