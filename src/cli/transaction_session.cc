#include "cli/transaction_session.h"

#include "apply/attribution.h"
#include "apply/confinement.h"
#include "apply/confirmation.h"
#include "apply/journal.h"
#include "apply/recovery.h"
#include "base/text.h"
#include "os/child.h"
#include "os/log.h"
#include "os/sandbox.h"
#include "os/system_log.h"
#include "os/terminal.h"
#include "os/watchdog.h"
#include "render/json_report.h"

namespace advisor {
namespace {

constexpr int kStateMode = 0700;
constexpr int kDropInDirectoryMode = 0755;
constexpr const char* kBetweenSentences = "\x1e";
constexpr std::chrono::seconds kPatience{10};

/// What is said by a signal that ends all before it began.
const char* word_at_a_signal(bool recovered) {
  if (stderr_is_terminal()) {
    return recovered ? "\nsysctl-advisor: interrupted; nothing else was changed\n"
                     : "\nsysctl-advisor: interrupted; nothing was changed\n";
  }
  return recovered ? "sysctl-advisor: interrupted; nothing else was changed\n"
                   : "sysctl-advisor: interrupted; nothing was changed\n";
}

/// What became of a transaction, for the log of this host.
void log_state(const Transaction& transaction, const std::string& why) {
  const bool stuck = transaction.state == TransactionState::kStuck;
  log_to_system(stuck ? SystemLogPriority::kError : SystemLogPriority::kNotice,
                state_record(transaction, why));
}

/// The state directory, for root alone.
Status make_state_directory(PosixFileStore& files) {
  for (const std::string& path :
       {std::string(kStateDirectory), std::string(kStateDirectory) + "/transactions"}) {
    if (const Status made = files.make_directory(path, kStateMode); !made) return made;
    const auto changed = files.make_private(path);
    if (!changed) return changed.error();
    if (*changed) log_warning("others could look into " + path + "; its mode is 0700 now");
  }
  return {};
}

}  // namespace

TransactionSession::TransactionSession(Context& context, HostIdentity identity)
    : root_(context.options().root),
      world_{context.tree(), context.files(), context.clock(), context.catalogue(),
             std::move(identity)},
      last_word_(word_at_a_signal(false)) {
  world_.step = log_step;
  world_.caller = identify_caller();
  if (context.live()) world_.reached = log_state;
}

Result<std::unique_ptr<TransactionSession>> TransactionSession::begin(Context& context) {
  auto session = open(context);
  if (!session) return session;
  for (const std::string& sentence : (*session)->recovered()) log_warning(sentence);
  (*session)->hold_.reset();
  return session;
}

Result<std::unique_ptr<TransactionSession>> TransactionSession::open(Context& context,
                                                                     RecoveryScope scope) {
  if (const Status permitted = check_permission(context); !permitted) return permitted.error();
  auto identity = identify_host(context.options().netns);
  if (!identity) return identity.error();
  std::unique_ptr<TransactionSession> session(
      new TransactionSession(context, std::move(*identity)));
  if (const Status made = make_state_directory(context.files()); !made) return made.error();
  auto lock = context.files().lock(kLockPath, kPatience);
  if (!lock) return lock.error();
  session->lock_ = std::move(*lock);
  session->hold_.emplace();
  auto recovered = session->recover_confined(scope);
  if (!recovered) return recovered.error();
  session->recovered_ = std::move(*recovered);
  session->last_word_.change(word_at_a_signal(!session->recovered_.empty()));
  return session;
}

void TransactionSession::hold_signals() {
  hold_.emplace();
  hold_->keep();
}

Status TransactionSession::confine(const std::vector<Plan>& plans) const {
  for (const Plan& plan : plans) {
    if (!plan.drop_in || !plan.drop_in->changes()) continue;
    const std::string& path = plan.drop_in->path;
    const Status made =
        world_.files.make_directory(path.substr(0, path.rfind('/')), kDropInDirectoryMode);
    if (!made) return made;
  }
  const auto version = enter_sandbox(writable_for(world_, plans, root_));
  if (!version) return version.error();
  log_step(*version > 0 ? "in the sandbox (Landlock " + std::to_string(*version) + ")"
                        : "this kernel has no Landlock: going on without a sandbox");
  return {};
}

Result<std::vector<std::string>> TransactionSession::recover_confined(RecoveryScope scope) {
  const auto plans = plans_to_undo(world_, scope);
  if (!plans) return plans.error();
  if (plans->empty()) return std::vector<std::string>();
  // Of a process of its own, since a sandbox is for good, and the next plan is not made yet.
  const auto answer = run_in_child([&]() -> Result<std::string> {
    // The way back does not depend on the sandbox.
    if (const Status confined = confine(*plans); !confined) log_warning(confined.error().message);
    const auto said = recover(world_, scope);
    if (!said) return said.error();
    return join(*said, kBetweenSentences);
  });
  if (!answer) return answer.error();
  return answer->empty() ? std::vector<std::string>() : split(*answer, kBetweenSentences[0]);
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
  hold_.emplace();
  if (const Status confined = confine({plan}); !confined) return confined.error();
  world_.interrupted = [this] { return hold_->pending(); };
  auto outcome = advisor::carry_out(world_, plan, std::move(profiles), std::move(undoes), deadline);
  world_.interrupted = [] { return false; };
  // In the sandbox no timer of systemd can be stopped; it will find nothing to do.
  const bool waits = outcome && outcome->transaction.state == TransactionState::kProvisional;
  if (deadline && !waits) stop_watchdog(watchdog_name(*deadline));
  // A signal that came too late to stop anything must not hide how it ended.
  if (outcome) hold_->keep();
  lock_.reset();
  return outcome;
}

Outcome TransactionSession::take_back(const RollbackPlan& rollback) {
  hold_signals();
  // The way back does not depend on the sandbox.
  const Status confined = confine({rollback.plan, rollback.of.plan});
  if (!confined) log_warning(confined.error().message);
  auto outcome = advisor::take_back(world_, rollback);
  lock_.reset();
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
  auto identity = identify_host(context.options().netns);
  if (!identity) return identity.error();
  return World{context.tree(), context.files(), context.clock(), context.catalogue(),
               std::move(*identity)};
}

Json outcome_json(const std::string& schema, const std::string& status, const Plan& plan,
                  const Outcome* outcome) {
  const std::string id = outcome ? outcome->transaction.id : "";
  return Json::Object{
      {"schema", "sysctl-advisor/" + schema},
      {"status", status},
      {"transaction", Json::text_or_null(id)},
      {"rollback_file",
       Json::text_or_null(id.empty() ? "" : Journal::directory(id) + "/rollback.conf")},
      {"changes", json_changes(plan.changes)},
      {"moved", json_moved(outcome ? outcome->transaction.plan : plan)},
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
