#include "apply/confirmation.h"
#include "apply/journal.h"
#include "cli/agreement.h"
#include "cli/commands.h"
#include "cli/print_diff.h"
#include "cli/transaction_session.h"
#include "os/log.h"
#include "os/network_namespace.h"
#include "os/terminal.h"
#include "plan/persistence_words.h"
#include "render/json_transaction.h"
#include "render/text_report.h"
#include "render/text_transaction.h"
#include "render/unified_diff.h"

namespace advisor {
namespace {

/// What is to be done, in the format asked for.
std::string proposal_text(Context& context, const Proposal& proposal) {
  const std::string& netns = context.request().netns;
  const char* status = proposal.plan.empty() ? "nothing" : "planned";
  switch (context.request().format) {
    case Format::kJson:
      return json_applied(proposal, status, nullptr, netns).dump();
    case Format::kDiff:
      return proposal.plan.drop_in ? unified_diff(*proposal.plan.drop_in) : "";
    default:
      return text_proposal(proposal, netns, context.style());
  }
}

/// What was done.
std::string outcome_text(Context& context, const Proposal& proposal, const Outcome& outcome) {
  const Request& request = context.request();
  switch (request.format) {
    case Format::kJson:
      return json_applied(proposal, name_of(outcome.transaction.state), &outcome, request.netns)
          .dump();
    case Format::kDiff:
      return proposal.plan.drop_in ? unified_diff(*proposal.plan.drop_in) : "";
    default:
      return text_applied(proposal, outcome, request.netns, request.confirm_within,
                          context.catalogue(), context.style());
  }
}

/// A real run would undo open transactions first, which a dry run cannot foresee. Only root can
/// look.
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

/// Busy while a transaction is provisional: somebody still has to say whether that is good.
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

/// One attempt to apply. Nothing, which asks for another, if the host moved meanwhile, --yes was
/// given, and `may_go_again`.
std::optional<ExitStatus> try_to_apply(Context& context, bool may_go_again) {
  const Request& request = context.request();
  auto session = TransactionSession::begin(context);
  const bool unjournaled = !session && session.error().kind == ErrorKind::kReadOnly;
  if (!session && !unjournaled) return fail(session.error());
  const Status free = session ? check_none_provisional(context, (*session)->world()) : Status();
  if (!free) return fail(free.error());
  auto wanted = proposed(context, advise(context));
  if (!wanted) return ExitStatus::kTrouble;
  if (unjournaled) return report_refusal(session.error(), wanted->proposal.plan, request);
  if (wanted->proposal.plan.empty()) {
    return print(proposal_text(context, wanted->proposal), ExitStatus::kNothing);
  }
  const Answer answer = ask_for_agreement(context, *wanted);
  if (answer != Answer::kYes) {
    fail("nothing was changed");
    return answer == Answer::kNo ? ExitStatus::kSomething : ExitStatus::kTrouble;
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
  return print_done(outcome_text(context, wanted->proposal, *outcome), status);
}

ExitStatus run_apply(Context& context) {
  // Enough for each of the runs that may be at it at once to get its turn.
  constexpr int kMostTries = 50;
  const Request& request = context.request();
  if (request.dry_run) {
    warn_of_open_transactions(context);
    const auto wanted = proposed(context, advise(context));
    if (!wanted) return ExitStatus::kTrouble;
    const Plan& plan = wanted->proposal.plan;
    if (request.format == Format::kDiff && plan.drop_in) {
      return print_diff(context, *plan.drop_in, ExitStatus::kNothing);
    }
    const bool tells = request.format == Format::kText && !plan.empty();
    return print(proposal_text(context, wanted->proposal) +
                     (tells ? "a dry run: nothing was changed\n" : ""),
                 ExitStatus::kNothing);
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
        "--profile --set --interval --format --only --skip --yes --dry-run --runtime --persist "
        "--allow-one-way --strict --confirm-within --netns",
    .formats = "text,json,diff",
    .run = run_apply,
};

}  // namespace advisor
