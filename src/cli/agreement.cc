#include "cli/agreement.h"

#include <fmt/format.h>

#include <algorithm>

#include "apply/confirmation.h"
#include "cli/commands.h"
#include "collect/boot_unit.h"
#include "os/log.h"
#include "os/terminal.h"
#include "plan/persistence_words.h"
#include "render/text_report.h"
#include "render/text_transaction.h"

namespace advisor {
namespace {

/// What was answered, in small letters; nothing if nobody saw the question or answered it.
std::optional<std::string> answer_to(const std::string& question) {
  if (!write_stderr(question)) return std::nullopt;
  auto answer = read_line();
  if (!answer) return std::nullopt;
  std::string word(trim(*answer));
  std::ranges::transform(word, word.begin(), [](unsigned char c) { return char(tolower(c)); });
  return word;
}

bool is_one_of(const std::string& word, std::initializer_list<const char*> words) {
  return std::ranges::find(words, word) != words.end();
}

bool can_be_chosen(const Finding& finding) {
  return finding.asks() && !finding.recommendations.empty();
}

/// Asks for each finding. Nothing if nobody answered to the end.
std::optional<std::vector<std::string>> chosen_findings(const Report& report,
                                                        const TextStyle& style) {
  std::vector<std::string> chosen;
  bool all_others = false;
  for (const Finding& finding : report.findings) {
    if (!can_be_chosen(finding)) continue;
    if (all_others) {
      chosen.emplace_back(finding.rule);
      continue;
    }
    std::string question = "\n" + text_heading(finding, style);
    for (const Recommendation& wanted : finding.recommendations) {
      question += fmt::format("  {}  {} -> {}\n", wanted.parameter.dotted(),
                              shown(wanted.now.text()), shown(wanted.advised.text()));
    }
    const auto answer =
        answer_to(question + "Apply this one? [y]es, [N]o, [a]ll from here on, [q]uit choosing: ");
    if (!answer) return std::nullopt;
    if (is_one_of(*answer, {"q", "quit"})) break;
    all_others = is_one_of(*answer, {"a", "all"});
    if (all_others || is_one_of(*answer, {"y", "yes"})) chosen.emplace_back(finding.rule);
  }
  return chosen;
}

std::string plan_text(Context& context, const Proposal& proposal) {
  return "\nPlan\n" + text_proposal(proposal, context.request().netns, context.style());
}

/// Lets findings be chosen, and asks for what they come to.
Answer ask_for_each(Context& context, Proposed& wanted) {
  const auto chosen = chosen_findings(wanted.advice.report, context.style());
  if (!chosen) return Answer::kNone;
  if (chosen->empty()) return Answer::kNo;
  auto narrowed = proposed(context, only_these(context, wanted.advice, *chosen));
  if (!narrowed) return Answer::kNo;
  wanted = *std::move(narrowed);
  const auto answer = answer_to(plan_text(context, wanted.proposal) + "\nApply that? [y/N] ");
  if (!answer) return Answer::kNone;
  return is_one_of(*answer, {"y", "yes"}) ? Answer::kYes : Answer::kNo;
}

void refuse(const std::vector<std::string>& refusals) {
  for (const std::string& refusal : refusals) fail(refusal);
  fail("nothing was changed");
}

/// What is to be done for a boot to run the unit of this program.
std::string way_to_run(BootUnitState state) {
  const std::string unit = kBootUnit;
  switch (state) {
    case BootUnitState::kMasked:
      return "`systemctl unmask " + unit + "`";
    case BootUnitState::kNotWanted:
      return "`systemctl add-wants sysinit.target " + unit + "`";
    case BootUnitState::kMissing:
    case BootUnitState::kRuns:
      break;
  }
  return "install " + unit + ", as `cmake --install` does";
}

/// Why a boot would keep what nobody confirmed, and the way out; nothing if it takes that back.
/// Where systemd does not run the host that is only a warning: nothing tells what its boot does.
std::vector<std::string> why_kept_by_boot(Context& context, const Plan& plan) {
  if (!plan.drop_in || !plan.drop_in->changes() || !context.live()) return {};
  const BootUnitState state = boot_unit_state(context.files());
  if (state == BootUnitState::kRuns) return {};
  if (!systemd_runs(context.files())) {
    log_warning("if the host goes down before this is confirmed, its boot keeps it, unless " +
                plan.drop_in->path + " is loaded after `sysctl-advisor recover --at-boot`");
    return {};
  }
  return {"if the host went down before this is confirmed, its boot would load " +
              plan.drop_in->path + " all the same, as " + kBootUnit + " does not run then",
          way_to_run(state) +
              "; or change only the running kernel (--runtime), or leave --confirm-within out"};
}

}  // namespace

std::optional<Proposed> proposed(Context& context, std::optional<Advice> advice) {
  if (!advice) return std::nullopt;
  auto proposal = propose(context, *advice);
  if (!proposal) {
    fail(proposal.error());
    return std::nullopt;
  }
  for (const std::string& warning : proposal->warnings) log_warning(warning);
  const bool as_diff = context.request().format == Format::kDiff;
  if (as_diff) warn_of_left_out(proposal->left_out);
  if (as_diff && !proposal->notes.empty()) log_warning(in_one_line(proposal->notes));
  if (!proposal->refusals.empty()) {
    refuse(proposal->refusals);
    return std::nullopt;
  }
  if (context.request().confirm_within) {
    auto reasons = why_irrevocable(proposal->plan, context.catalogue());
    if (reasons.empty()) reasons = why_kept_by_boot(context, proposal->plan);
    if (!reasons.empty()) {
      refuse(reasons);
      return std::nullopt;
    }
  }
  return Proposed{*std::move(advice), *std::move(proposal)};
}

Answer ask_for_agreement(Context& context, Proposed& wanted) {
  if (context.request().yes) return Answer::kYes;
  const Report& report = wanted.advice.report;
  const bool has_choice = std::ranges::count_if(report.findings, can_be_chosen) > 1;
  const auto answer =
      answer_to(text_report(report, context.style()) + plan_text(context, wanted.proposal) +
                (has_choice ? "\nApply it? [y]es to all, [N]one, choose [e]ach by itself: "
                            : "\nApply it? [y/N] "));
  if (!answer) return Answer::kNone;
  if (has_choice && is_one_of(*answer, {"e", "each"})) return ask_for_each(context, wanted);
  return is_one_of(*answer, {"y", "yes", "a", "all"}) ? Answer::kYes : Answer::kNo;
}

}  // namespace advisor
