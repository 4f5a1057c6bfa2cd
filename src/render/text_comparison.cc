#include "render/text_comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string_view>

#include "base/shortened.h"
#include "base/text.h"
#include "expr/format.h"
#include "facts/facts.h"
#include "render/observed_text.h"
#include "render/text_report.h"
#include "render/text_rows.h"

namespace advisor {
namespace {

/// Of one list.
constexpr size_t kShown = 20;

using Rows = std::vector<TextRow>;

std::string rows_text(const Rows& rows, const TextStyle& style) {
  return text_rows(rows, style.verbose ? rows.size() : kShown, rows.size(), "-v shows all", style);
}

std::string remark(const std::string& text, const TextStyle& style) {
  return wrapped(text, style.width, "  ");
}

std::string side_words(const Comparison::Side& side) {
  return fmt::format("{}: {}, kernel {}, {}", side.file, side.host, side.kernel,
                     side.taken.empty() ? "taken nobody knows when" : side.taken);
}

std::string between_words(const Comparison& comparison) {
  if (!comparison.seconds_between) return "";
  const int64_t seconds = *comparison.seconds_between;
  return fmt::format(", {} {}", expr::format(std::abs(seconds), expr::Style::kDuration),
                     seconds < 0 ? "earlier" : "later");
}

std::string head_text(const Comparison& comparison, const TextStyle& style) {
  std::string text =
      labelled("Before", side_words(comparison.before), style) +
      labelled("After", side_words(comparison.after) + between_words(comparison), style);
  for (const std::string& note : comparison.notes) text += labelled("Note", note, style);
  return text;
}

/// "(not readable: permission denied)".
std::string unread_words(const ComparedParameter& one) {
  std::string_view why = one.unread;
  const std::string attempt = fmt::format("cannot read {}: ", one.name.dotted());
  if (why.starts_with(attempt)) why.remove_prefix(attempt.size());
  return fmt::format("(not readable: {})", why);
}

std::string parameter_words(const ComparedParameter& one, const TextStyle& style) {
  constexpr size_t kLongValue = 200;
  const auto text = [&](const std::optional<ParameterValue>& value) -> std::string {
    if (!value) return "(cannot be read)";
    return style.verbose ? shown(value->text()) : shortened(shown(value->text()), kLongValue);
  };
  switch (one.change) {
    case ParameterChange::kNew:
      return "new: " + text(one.after);
    case ParameterChange::kGone:
      return "gone; it was " + text(one.before);
    case ParameterChange::kUnreadable:
      return fmt::format("{} -> {}", text(one.before), unread_words(one));
    case ParameterChange::kReadable:
      return fmt::format("{} -> {}", unread_words(one), text(one.after));
    case ParameterChange::kChanged:
      break;
  }
  return fmt::format("{} -> {}", text(one.before), text(one.after));
}

/// Those of an interface that came or went are one row, behind the others.
Rows parameter_rows(const Comparison& comparison, const TextStyle& style) {
  Rows rows;
  std::map<std::pair<std::string, ParameterChange>, int64_t> groups;
  for (const ComparedParameter& one : comparison.parameters) {
    if (one.along_with.empty()) {
      rows.push_back({std::string(one.name.dotted()), parameter_words(one, style)});
    } else {
      ++groups[{one.along_with, one.change}];
    }
  }
  for (const auto& [group, count] : groups) {
    rows.push_back(
        {group.first, fmt::format("{}: {}", name_of(group.second), counted(count, "parameter"))});
  }
  return rows;
}

std::string parameters_text(const Comparison& comparison, const TextStyle& style) {
  std::string text = rows_text(parameter_rows(comparison, style), style);
  std::string rest = fmt::format("{} the same", grouped_digits(comparison.same_parameters));
  if (comparison.unread_parameters > 0) {
    rest +=
        fmt::format("; {} could be read in neither", grouped_digits(comparison.unread_parameters));
  }
  if (comparison.unasked_parameters > 0) {
    rest += fmt::format("; {} in one of the two alone, as nobody asked for them in the other",
                        grouped_digits(comparison.unasked_parameters));
  }
  return text + remark(rest, style);
}

TextRow load_row(const ComparedNumber& one) {
  const auto label = [&]() -> std::string {
    switch (one.kind) {
      case ComparedNumber::Kind::kClient:
        return "client-side " + one.subject;
      case ComparedNumber::Kind::kServer:
        return "server-side " + one.subject;
      case ComparedNumber::Kind::kPorts:
        return "local ports towards " + one.subject;
      case ComparedNumber::Kind::kQueue:
        return "accept queue of " + one.subject;
      case ComparedNumber::Kind::kFigure:
        break;
    }
    return one.subject;
  };
  const bool is_figure = one.kind == ComparedNumber::Kind::kFigure;
  const auto number = [&](const std::optional<double>& known) {
    // What is counted of the others their label says.
    return known ? number_in_words(*known, is_figure ? one.unit : "") : "(not listed)";
  };
  const Fact* fact = is_figure ? find_fact(one.subject) : nullptr;
  return {label(), fmt::format("{} -> {}{}", number(one.before), number(one.after),
                               fact ? fmt::format(": {}", fact->meaning) : "")};
}

std::string load_text(const Comparison& comparison, const TextStyle& style) {
  Rows rows;
  for (const ComparedNumber& one : comparison.load) rows.push_back(load_row(one));
  std::string text = rows_text(rows, style);
  if (rows.empty()) text = remark("no number differs noticeably", style);
  for (const std::string& unknown : comparison.load_unknown) text += remark(unknown, style);
  return text;
}

/// Why a finding is not among those of the second.
std::string why_not_told(const ComparedFinding& one) {
  if (!one.after) {
    return one.change == FindingChange::kUntold ? "the other profile does not ask for it" : "";
  }
  if (one.after->suppressed) return "suppressed: " + one.after->suppressed->reason;
  if (one.change == FindingChange::kUntold) {
    const std::vector<std::string>& missing = one.after->missing;
    return missing.empty() ? "" : missing.front();
  }
  return one.after->not_applicable;
}

std::string advice_words(const Finding& finding) {
  std::vector<std::string> parts;
  for (const Recommendation& wanted : finding.recommendations) {
    parts.push_back(
        fmt::format("{} = {}", wanted.parameter.dotted(), shown(wanted.advised.text())));
  }
  return parts.empty() ? "no parameter" : join(parts, ", ");
}

/// What stands below the line of a finding.
std::vector<std::string> finding_details(const ComparedFinding& one, const TextStyle& style) {
  std::vector<std::string> details;
  if (one.change == FindingChange::kChanged) {
    const Finding &was = *one.before, &is = *one.after;
    if (was.severity != is.severity) {
      details.push_back(fmt::format("was: {}", name_of(was.severity)));
    }
    if (advice_words(was) != advice_words(is)) {
      details.push_back(fmt::format("advised: {} -> {}", advice_words(was), advice_words(is)));
    }
  }
  if (one.change == FindingChange::kNew && one.before && one.before->verdict == Verdict::kUnknown) {
    details.emplace_back("before, it was not known");
  }
  if (!one.after || !one.after->tells()) {
    details.push_back(why_not_told(one));
  } else if (style.verbose && one.before && one.before->tells()) {
    details.push_back("before: " + one.before->evidence);
    details.push_back("now: " + one.after->evidence);
  } else if (one.change != FindingChange::kEvidence) {
    details.push_back(one.after->evidence);
  }
  std::erase(details, "");
  return details;
}

std::string compared_finding_text(const ComparedFinding& one, const TextStyle& style) {
  const Finding& finding = one.shown();
  std::string text = fmt::format("  {}  {}: {}\n",
                                 painted(text_word(finding.severity), text_colour(finding), style),
                                 words_of(one.change), painted(finding.rule, "1", style)) +
                     wrapped(finding.title, style.width, "    ");
  for (const std::string& detail : finding_details(one, style)) {
    text += wrapped(detail, style.width, "    ");
  }
  return text;
}

std::string compared_findings_text(const Comparison& comparison, const TextStyle& style) {
  std::string text;
  const size_t all = comparison.findings.size();
  const size_t shown = style.verbose ? all : std::min(all, kShown);
  for (size_t i = 0; i < shown; ++i) text += compared_finding_text(comparison.findings[i], style);
  if (shown < all) {
    text += fmt::format("  and {} more (-v shows all)\n", grouped_digits(int64_t(all - shown)));
  }
  if (all == 0) text = remark("none is new, gone or changed", style);
  const auto missed = [&](int64_t count, const std::string& there, const std::string& here) {
    return count == 0 ? ""
                      : remark(fmt::format("{} that could be judged in {} could not in {}",
                                           counted(count, "check"), there, here),
                               style);
  };
  return text + missed(comparison.unknown_after, comparison.before.file, comparison.after.file) +
         missed(comparison.unknown_before, comparison.after.file, comparison.before.file);
}

/// "2 parameters and 1 finding differ": the last line.
std::string line_comparison(const Comparison& comparison) {
  const auto parameters = std::ranges::count_if(comparison.parameters, &ComparedParameter::counts);
  const auto findings = std::ranges::count_if(comparison.findings, &ComparedFinding::counts);
  std::vector<std::string> parts;
  if (parameters > 0) parts.push_back(counted(parameters, "parameter"));
  if (findings > 0) parts.push_back(counted(findings, "finding"));
  if (parts.empty()) {
    const bool all_same =
        comparison.parameters.empty() && comparison.load.empty() && comparison.findings.empty();
    return all_same ? "nothing differs\n" : "nothing differs that counts\n";
  }
  return join(parts, " and ") + (parameters + findings == 1 ? " differs\n" : " differ\n");
}

}  // namespace

std::string text_comparison(const Comparison& comparison, const TextStyle& style) {
  return head_text(comparison, style) +
         text_section("Parameters", parameters_text(comparison, style), style) +
         text_section("Load", load_text(comparison, style), style) +
         text_section("Findings", compared_findings_text(comparison, style), style) + "\n" +
         line_comparison(comparison);
}

}  // namespace advisor
