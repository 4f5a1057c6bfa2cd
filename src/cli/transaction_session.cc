#include "cli/transaction_session.h"

#include <utility>

#include "apply/confinement.h"
#include "apply/confirmation.h"
#include "apply/journal.h"
#include "apply/recovery.h"
#include "apply/undo.h"
#include "base/text.h"
#include "cli/recovery_answer.h"
#include "model/transaction.h"
#include "os/caller.h"
#include "os/child.h"
#include "os/sandbox.h"
#include "os/system_log.h"
#include "os/terminal.h"
#include "os/watchdog.h"
#include "render/json_report.h"

namespace advisor {
namespace {

constexpr int kStateMode = 0700;
constexpr std::chrono::seconds kPatience{10};

/// What a signal says that ends the run before anything else was changed.
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

/// Holds the lock while it lives, if status() is good.
class TransactionSession::Locked {
 public:
  explicit Locked(TransactionSession& session) : session_(session), status_(session.lock()) {}
  ~Locked() { session_.unlock(); }
  Locked(const Locked&) = delete;
  Locked& operator=(const Locked&) = delete;

  const Status& status() const { return status_; }

 private:
  TransactionSession& session_;
  Status status_;
};

TransactionSession::TransactionSession(Context& context, HostIdentity identity)
    : root_(context.request().root),
      world_{context.tree(), context.files(), context.clock(), context.catalogue(),
             std::move(identity)},
      last_word_(word_at_a_signal(false)) {
  world_.step = log_step;
  world_.caller = identify_caller();
  if (context.live()) world_.reached = log_state;
}

Result<std::unique_ptr<TransactionSession>> TransactionSession::begin(Context& context,
                                                                      Identity identity) {
  auto session = open(context, {}, identity);
  if (!session) return session;
  (*session)->unlock();
  for (const auto* sentences : {&(*session)->recovered().said, &(*session)->recovered().open}) {
    for (const std::string& sentence : *sentences) log_warning(sentence);
  }
  return session;
}

Result<std::unique_ptr<TransactionSession>> TransactionSession::open(Context& context,
                                                                     RecoveryScope scope,
                                                                     Identity wanted) {
  if (const Status permitted = check_permission(context); !permitted) return permitted.error();
  auto identity = identify_host(context.request().netns, wanted);
  if (!identity) return identity.error();
  std::unique_ptr<TransactionSession> session(
      new TransactionSession(context, std::move(*identity)));
  Status ready = make_state_directory(context.files());
  if (ready) ready = session->lock();
  if (!ready) return no_journal(ready.error());
  auto recovered = session->recover_confined(scope);
  if (!recovered) {
    // A signal must not hide what may have been put back in part.
    session->hold_->keep();
    return recovered.error();
  }
  session->recovered_ = std::move(*recovered);
  session->last_word_.change(word_at_a_signal(!session->recovered_.said.empty()));
  auto states = session->states();
  if (!states) return states.error();
  session->seen_ = std::move(*states);
  return session;
}

Status TransactionSession::lock() {
  constexpr std::chrono::milliseconds kPause{50};
  const std::chrono::milliseconds give_up = world_.clock.since_boot() + kPatience;
  log_hold_.emplace();
  for (;;) {
    // Signals are held first: the holder of the lock must not be stopped (Ctrl-Z) or ended. A run
    // that waits for the lock may be.
    hold_.emplace();
    auto lock = world_.files.lock(kLockPath, std::chrono::milliseconds(0));
    if (lock) {
      lock_ = std::move(*lock);
      return {};
    }
    hold_.reset();
    if (lock.error().kind != ErrorKind::kBusy || world_.clock.since_boot() >= give_up) {
      log_hold_.reset();
      return lock.error();
    }
    world_.clock.sleep(kPause);
  }
}

void TransactionSession::unlock() {
  lock_.reset();
  hold_.reset();
  log_hold_.reset();
}

Result<TransactionSession::States> TransactionSession::states() const {
  const auto all = Journal(world_.files).all();
  if (!all) return all.error();
  States states;
  for (const Transaction& one : *all) states.emplace_back(one.id, one.state);
  return states;
}

Status TransactionSession::check_unmoved() const {
  const auto now = states();
  if (!now) return now.error();
  if (*now == seen_) return {};
  return Error{
      ErrorKind::kStale,
      "another sysctl-advisor changed this host meanwhile; nothing was changed by this one", 0};
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
  const auto rules = writable_for(world_, plans, root_);
  if (!rules) return rules.error();
  const auto version = enter_sandbox(*rules);
  if (!version) return version.error();
  log_step(*version > 0 ? "in the sandbox (Landlock " + std::to_string(*version) + ")"
                        : "this kernel has no Landlock: going on without a sandbox");
  return {};
}

Result<Recovery> TransactionSession::recover_confined(RecoveryScope scope) {
  const auto plans = plans_to_undo(world_, scope);
  if (!plans) return plans.error();
  if (plans->empty()) return Recovery();
  // In a child process: a sandbox is for good, and the next plan is still to be made.
  const auto answer = run_in_child([&]() -> Result<std::string> {
    (void)take_held_log();  // the parent has it
    // The way back does not depend on the sandbox.
    if (const Status confined = confine(*plans); !confined) log_warning(confined.error().message);
    const auto recovery = recover(world_, scope);
    return recovery_answer(recovery, take_held_log());
  });
  std::vector<Logged> logged;
  auto recovery = read_recovery_answer(answer, logged);
  log_again(logged);
  return recovery;
}

Result<Outcome> TransactionSession::carry_out(
    const Plan& plan, std::vector<std::string> profiles, std::optional<std::string> undoes,
    std::optional<std::chrono::milliseconds> confirm_within, const StillStands& still_stands) {
  const Locked locked(*this);
  Status ready = locked.status();
  if (ready) ready = check_unmoved();
  if (ready) ready = check_fresh(world_, plan);
  if (ready && still_stands) ready = still_stands();
  if (!ready) return ready.error();
  return change(plan, std::move(profiles), std::move(undoes), confirm_within);
}

Result<Outcome> TransactionSession::change(
    const Plan& plan, std::vector<std::string> profiles, std::optional<std::string> undoes,
    std::optional<std::chrono::milliseconds> confirm_within) {
  std::optional<Deadline> deadline;
  if (confirm_within) {
    deadline = deadline_after(world_.clock, *confirm_within);
    // The watchdog comes before the journal: whoever loses the network to this change depends on
    // it.
    const Status watched = start_watchdog(
        {watchdog_name(*deadline), *confirm_within, root_, {kStateDirectory, "/etc"}});
    if (!watched) return watched.error();
  }
  if (const Status confined = confine({plan}); !confined) {
    return Error{ErrorKind::kRejected, confined.error().message, 0};
  }
  world_.interrupted = [this] { return hold_->pending(); };
  auto outcome = advisor::carry_out(world_, plan, std::move(profiles), std::move(undoes), deadline);
  world_.interrupted = [] { return false; };
  // From within the sandbox a timer of systemd is out of reach; it will find nothing to do.
  const bool waits = outcome && outcome->transaction.state == TransactionState::kProvisional;
  if (deadline && !waits) stop_watchdog(watchdog_name(*deadline));
  // A signal that came too late to stop anything must not hide how it ended.
  if (outcome) hold_->keep();
  return outcome;
}

Result<Outcome> TransactionSession::take_back(const RollbackPlan& rollback) {
  const Locked locked(*this);
  Status ready = locked.status();
  if (ready) ready = check_unmoved();
  if (!ready) return ready.error();
  hold_->keep();
  // The way back does not depend on the sandbox.
  const Status confined = confine({rollback.plan, rollback.of.plan});
  if (!confined) log_warning(confined.error().message);
  return advisor::take_back(world_, rollback);
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
  auto identity = identify_host(context.request().netns, Identity::kAsFarKnown);
  if (!identity) return identity.error();
  return World{context.tree(), context.files(), context.clock(), context.catalogue(),
               std::move(*identity)};
}

std::vector<TransactionEntry> entries_of(const World& world, const std::vector<Transaction>& all) {
  using std::chrono::seconds;
  std::vector<TransactionEntry> entries;
  for (const Transaction& one : all) {
    const auto left = std::chrono::ceil<seconds>(time_left(world, one));
    entries.push_back({one, was_rolled_back(one, all), left.count()});
  }
  return entries;
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

ExitStatus report_refusal(const Error& error, const Plan& plan, const Request& request) {
  if (error.kind != ErrorKind::kReadOnly) return fail(error);
  fail("the old values cannot be journaled: " + error.message + "; nothing was changed");
  std::string by_hand;
  for (const Change& change : plan.changes) {
    by_hand += "  " + command_by_hand(change, request.netns) + "\n";
  }
  if (by_hand.empty()) return ExitStatus::kTrouble;
  fail("what a person can run all the same, with nothing to take it back by:");
  write_stderr(by_hand);
  return ExitStatus::kTrouble;
}

}  // namespace advisor
