#include "cli/transaction_session.h"

#include "apply/confirmation.h"
#include "apply/journal.h"
#include "apply/recovery.h"
#include "os/log.h"
#include "os/terminal.h"
#include "os/watchdog.h"
#include "render/json_report.h"

namespace advisor {
namespace {

constexpr int kStateMode = 0700;
constexpr std::chrono::seconds kPatience{10};

Json text_or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

}  // namespace

TransactionSession::TransactionSession(Context& context, HostIdentity identity,
                                       std::unique_ptr<Lock> lock)
    : root_(context.options().root),
      lock_(std::move(lock)),
      world_{context.tree(), context.files(), context.clock(), context.catalogue(),
             std::move(identity)} {
  world_.step = log_step;
}

Result<std::unique_ptr<TransactionSession>> TransactionSession::begin(Context& context) {
  auto session = open(context);
  if (!session) return session;
  for (const std::string& sentence : (*session)->recovered()) log_warning(sentence);
  return session;
}

Result<std::unique_ptr<TransactionSession>> TransactionSession::open(Context& context,
                                                                     bool at_boot) {
  if (const Status permitted = check_permission(context); !permitted) return permitted.error();
  auto identity = identify_host();
  if (!identity) return identity.error();
  const Status made = context.files().make_directory(kStateDirectory, kStateMode);
  if (!made) return made.error();
  auto lock = context.files().lock(kLockPath, kPatience);
  if (!lock) return lock.error();
  std::unique_ptr<TransactionSession> session(
      new TransactionSession(context, std::move(*identity), std::move(*lock)));
  const SignalHold hold;
  auto recovered = recover(session->world_, at_boot);
  if (!recovered) return recovered.error();
  session->recovered_ = std::move(*recovered);
  return session;
}

Result<Outcome> TransactionSession::carry_out(
    const Plan& plan, std::vector<std::string> profiles, std::optional<std::string> undoes,
    std::optional<std::chrono::milliseconds> confirm_within) {
  std::optional<Deadline> deadline;
  if (confirm_within) {
    deadline = deadline_after(world_.clock, *confirm_within);
    // Before the journal: whoever loses the network to this change has nobody else.
    const Status watched = start_watchdog(
        {watchdog_name(*deadline), *confirm_within, root_, {kStateDirectory, "/etc"}});
    if (!watched) return watched.error();
  }
  const SignalHold hold;
  world_.interrupted = [&hold] { return hold.pending(); };
  auto outcome = advisor::carry_out(world_, plan, std::move(profiles), std::move(undoes), deadline);
  world_.interrupted = [] { return false; };
  const bool waits = outcome && outcome->transaction.state == TransactionState::kProvisional;
  if (deadline && !waits) stop_watchdog(watchdog_name(*deadline));
  // A signal that came too late to stop anything must not hide how it ended.
  if (outcome) hold.discard_pending();
  return outcome;
}

Outcome TransactionSession::take_back(const RollbackPlan& rollback) {
  const SignalHold hold;
  Outcome outcome = advisor::take_back(world_, rollback);
  hold.discard_pending();
  return outcome;
}

std::string watchdog_name(const Deadline& deadline) {
  return "sysctl-advisor-recover-" + std::to_string(deadline.since_boot.count());
}

std::string provisional_sentence(const Transaction& transaction) {
  return "transaction " + transaction.id + " is provisional until " + transaction.deadline->utc;
}

Status check_permission(const Context& context) {
  if (!context.live() || is_root()) return {};
  return Error{ErrorKind::kDenied,
               "changing kernel parameters needs root: run this command with sudo", 0};
}

Result<World> looking_world(Context& context) {
  auto identity = identify_host();
  if (!identity) return identity.error();
  return World{context.tree(), context.files(), context.clock(), context.catalogue(),
               std::move(*identity)};
}

Json outcome_json(const std::string& kind, const std::string& status, const Plan& plan,
                  const Outcome* outcome) {
  const std::string id = outcome ? outcome->transaction.id : "";
  return Json::Object{
      {"schema", "sysctl-advisor/" + kind + "/1"},
      {"status", status},
      {"transaction", text_or_null(id)},
      {"rollback_file", text_or_null(id.empty() ? "" : Journal::directory(id) + "/rollback.conf")},
      {"changes", json_changes(plan.changes)},
      {"drop_in", json_file_change(plan.drop_in)},
      {"problems", Json::array_of(outcome ? outcome->problems : std::vector<std::string>())},
      {"commands", Json::array_of(outcome ? outcome->commands : std::vector<std::string>())}};
}

ExitStatus report_outcome(const Outcome& outcome) {
  for (const std::string& problem : outcome.problems) fail(problem);
  switch (outcome.transaction.state) {
    case TransactionState::kProvisional:
    case TransactionState::kCommitted:
      return ExitStatus::kNothing;
    case TransactionState::kRolledBack:
      return fail("everything is as it was before");
    case TransactionState::kPrepared:
    case TransactionState::kStuck:
      break;
  }
  fail("not everything could be put back; what is left to be run:");
  for (const std::string& command : outcome.commands) write_stderr("  " + command + "\n");
  return ExitStatus::kHalfDone;
}

}  // namespace advisor
