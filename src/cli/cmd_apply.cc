#include <fmt/format.h>

#include "apply/confirmation.h"
#include "apply/journal.h"
#include "base/text.h"
#include "cli/advice.h"
#include "cli/commands.h"
#include "cli/print_diff.h"
#include "cli/transaction_session.h"
#include "os/log.h"
#include "os/network_namespace.h"
#include "os/terminal.h"
#include "render/json_boot.h"
#include "render/json_report.h"
#include "render/text_boot.h"
#include "render/text_plan.h"
#include "render/text_report.h"
#include "render/unified_diff.h"
#include "rules/boot_words.h"

namespace advisor {
namespace {

std::string provisional_text(const Transaction& transaction, const Request& request) {
  constexpr size_t kTimeAt = 11;  // behind "2026-11-22T"
  constexpr size_t kTimeLength = 8;
  const double seconds = double(request.confirm_within->count()) / 1000;
  return fmt::format(
      "transaction {} is provisional until {} UTC ({:g} s): `sudo sysctl-advisor confirm` keeps "
      "it\n  otherwise everything is put back then; `sudo sysctl-advisor rollback{}` does so "
      "at once\n  {}/rollback.conf holds the old values\n",
      transaction.id, transaction.deadline->utc.substr(kTimeAt, kTimeLength), seconds,
      netns_option(request.netns), Journal::directory(transaction.id));
}

/// What no line of ours sets for the next boot.
std::string notes_text(Context& context, const Proposal& proposal, bool is_done) {
  if (!proposal.boot) return {};
  return text_notes(boot_notes(*proposal.boot, context.catalogue(), kDropInPath, is_done),
                    context.style());
}

/// The plan, and what becomes of it at boot, for a person.
std::string shown(Context& context, const Proposal& proposal) {
  const std::string& netns = context.request().netns;
  return text_plan(proposal.plan, context.style()) +
         (netns.empty() ? "" : "  in network namespace " + netns + ", at run time only\n") +
         text_left_out(proposal.left_out, context.style()) + notes_text(context, proposal, false) +
         (proposal.boot ? text_boot(*proposal.boot, context.style()) : "");
}

/// What changed without being asked for.
std::string moved_text(const Plan& plan) {
  std::string text;
  for (const Affected& affected : plan.affected) {
    if (!affected.moved()) continue;
    text += fmt::format("  {} moved along, {} -> {}\n", affected.parameter.dotted(),
                        affected.before.text(), affected.after->text());
  }
  return text;
}

/// The plan in the format asked for. `outcome` is null if it was not carried out.
std::string plan_text(Context& context, const Proposal& proposal, const std::string& status,
                      const Outcome* outcome) {
  const Format format = context.request().format;
  const std::string& netns = context.request().netns;
  const Plan& plan = proposal.plan;
  if (format == Format::kJson) {
    const bool waits = outcome && outcome->transaction.deadline;
    const Json json =
        outcome_json("apply/2", status, plan, outcome)
            .with("deadline", waits ? Json(outcome->transaction.deadline->utc) : Json(nullptr))
            .with("boot", json_boot(proposal.boot))
            .with("other_writers", json_other_writers(proposal.others))
            .with("left_out", json_left_out(proposal.left_out));
    return (netns.empty() ? json : json.with("netns", netns)).dump();
  }
  if (format == Format::kDiff) return plan.drop_in ? unified_diff(*plan.drop_in) : "";
  const std::string besides = text_left_out(proposal.left_out, context.style()) +
                              notes_text(context, proposal, outcome != nullptr);
  if (plan.empty()) return "nothing to change\n" + besides;
  if (outcome && outcome->transaction.state == TransactionState::kCommitted) {
    const std::string& id = outcome->transaction.id;
    return "done, as transaction " + id + "; `sysctl-advisor rollback " + id + netns_option(netns) +
           "` takes it back\n  " + Journal::directory(id) +
           "/rollback.conf holds the old values\n" + moved_text(outcome->transaction.plan) +
           besides;
  }
  if (outcome && outcome->transaction.state == TransactionState::kProvisional) {
    return provisional_text(outcome->transaction, context.request()) + besides;
  }
  return outcome ? "" : shown(context, proposal);
}

/// Shows the plan and asks, unless told not to. False if the answer is no, or nobody can have seen
/// the question.
bool agreed(Context& context, const Report& report, const Proposal& proposal) {
  if (context.request().yes) return true;
  const bool seen = write_stderr(text_report(report, context.style()) + "\nPlan\n" +
                                 shown(context, proposal) + "\nApply it? [y/N] ");
  if (!seen) return false;
  const auto answer = read_line();
  return answer && (*answer == "y" || *answer == "Y" || *answer == "yes");
}

ExitStatus refuse(const std::vector<std::string>& refusals) {
  for (const std::string& refusal : refusals) fail(refusal);
  return fail("nothing was changed");
}

/// Advice and plan; nothing, with the reason printed, if there is none to carry out.
struct Proposed {
  Advice advice;
  Proposal proposal;
};

std::optional<Proposed> proposed(Context& context) {
  auto advice = advise(context);
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
    const auto irrevocable = why_irrevocable(proposal->plan, context.catalogue());
    if (!irrevocable.empty()) {
      refuse(irrevocable);
      return std::nullopt;
    }
  }
  return Proposed{std::move(*advice), std::move(*proposal)};
}

/// A real run would undo them first, which a dry run cannot foresee. Only root can look.
void warn_of_open_transactions(Context& context) {
  const auto all = Journal(context.files()).all();
  if (!all) return;
  for (const Transaction& transaction : *all) {
    if (transaction.state == TransactionState::kProvisional) {
      log_warning(provisional_sentence(transaction) +
                  "; until it is confirmed or rolled back nothing else can be applied");
    }
    if (transaction.state != TransactionState::kPrepared) continue;
    log_warning("transaction " + transaction.id +
                " is under way or was cut off; what is open is undone before anything is applied");
  }
}

/// Nothing else may change while somebody still has to say whether the last change is good.
Status check_none_provisional(Context& context, const World& world) {
  const auto all = Journal(context.files()).all();
  if (!all) return all.error();
  const Transaction* waiting = find_provisional(world, *all);
  if (!waiting) return {};
  return Error{ErrorKind::kBusy,
               provisional_sentence(*waiting) +
                   "; keep it (`sysctl-advisor confirm`) or take it back (`sysctl-advisor "
                   "rollback`) before anything else is applied",
               0};
}

/// Whether the files and the kernel still make the same plan of the same advice: somebody may have
/// taken time to answer.
Status check_still_proposed(Context& context, const Proposed& wanted) {
  const auto now = propose(context, wanted.advice);
  if (!now) return now.error();
  const Plan& plan = wanted.proposal.plan;
  const bool same = now->refusals.empty() && now->plan.changes == plan.changes &&
                    now->plan.drop_in == plan.drop_in;
  if (same) return {};
  return Error{ErrorKind::kStale,
               "what sets parameters on this host changed since the plan was made; nothing was "
               "changed: look at a new plan",
               0};
}

/// One go at it. Nothing if the host moved meanwhile, nobody was asked, and `may_go_again`.
std::optional<ExitStatus> try_to_apply(Context& context, bool may_go_again) {
  const Request& request = context.request();
  auto session = TransactionSession::begin(context);
  const bool unjournaled = !session && session.error().kind == ErrorKind::kReadOnly;
  if (!session && !unjournaled) return fail(session.error());
  const Status free = session ? check_none_provisional(context, (*session)->world()) : Status();
  if (!free) return fail(free.error());
  const auto wanted = proposed(context);
  if (!wanted) return ExitStatus::kTrouble;
  if (unjournaled) return report_refusal(session.error(), wanted->proposal.plan, request);
  if (wanted->proposal.plan.empty()) {
    return print(plan_text(context, wanted->proposal, "nothing", nullptr), ExitStatus::kNothing);
  }
  if (!agreed(context, wanted->advice.report, wanted->proposal)) {
    return fail("nothing was changed");
  }
  const auto outcome = (*session)->carry_out(
      wanted->proposal.plan, wanted->advice.report.profiles, std::nullopt, request.confirm_within,
      [&] { return check_still_proposed(context, *wanted); });
  if (!outcome) {
    const bool moved = outcome.error().kind == ErrorKind::kStale;
    if (moved && request.yes && may_go_again) return std::nullopt;
    return report_refusal(outcome.error(), wanted->proposal.plan, request);
  }
  const ExitStatus status = report_outcome(*outcome);
  return print_done(
      plan_text(context, wanted->proposal, name_of(outcome->transaction.state), &*outcome), status);
}

ExitStatus run_apply(Context& context) {
  // Of as many others as may be at it at once, each comes to its turn.
  constexpr int kMostTries = 50;
  const Request& request = context.request();
  if (request.dry_run) {
    warn_of_open_transactions(context);
    const auto wanted = proposed(context);
    if (!wanted) return ExitStatus::kTrouble;
    const Plan& plan = wanted->proposal.plan;
    if (request.format == Format::kDiff && plan.drop_in) {
      return print_diff(*plan.drop_in, ExitStatus::kNothing);
    }
    const char* status = plan.empty() ? "nothing" : "planned";
    return print(plan_text(context, wanted->proposal, status, nullptr), ExitStatus::kNothing);
  }
  if (const Status permitted = check_permission(context); !permitted) {
    return fail(permitted.error());
  }
  if (!request.yes && !stdin_is_terminal()) {
    return fail("there is no terminal to ask on; --yes applies without asking");
  }
  for (int tries = 1;; ++tries) {
    const auto status = try_to_apply(context, tries < kMostTries);
    if (status) return *status;
  }
}

}  // namespace

const Command kApplyCommand{
    .name = "apply",
    .summary = "carry the advice out, now and for the next boot; needs root",
    .example = "sudo sysctl-advisor apply --profile outbound-service --yes",
    .flags =
        "--profile --interval --format --only --skip --yes --dry-run --runtime --persist "
        "--allow-one-way --strict --confirm-within --netns",
    .formats = "text,json,diff",
    .run = run_apply,
};

}  // namespace advisor
