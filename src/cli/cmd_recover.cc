#include "apply/confirmation.h"
#include "apply/journal.h"
#include "cli/commands.h"
#include "cli/transaction_session.h"
#include "os/terminal.h"

namespace advisor {
namespace {

using std::chrono::milliseconds;

/// What a recovery came to.
struct Recovered {
  std::vector<std::string> said;
  std::optional<Transaction> waits;  ///< may still be confirmed
};

Result<Recovered> recover_once(Context& context) {
  auto session = TransactionSession::open(
      context, {.at_boot = context.options().at_boot, .stuck_again = true});
  if (!session) return session.error();
  // Until it is told what was undone.
  if (!(*session)->recovered().empty()) (*session)->hold_signals();
  Recovered recovered{(*session)->recovered(), std::nullopt};
  const auto all = Journal(context.files()).all();
  if (!all) return all.error();
  const Transaction* waits = find_provisional((*session)->world(), *all);
  if (waits) recovered.waits = *waits;
  return recovered;
}

ExitStatus report(const Recovered& recovered) {
  std::string text;
  for (const std::string& sentence : recovered.said) text += sentence + "\n";
  if (recovered.waits) {
    text += provisional_sentence(*recovered.waits) + ", and stands until then\n";
  }
  return print_done(text.empty() ? "nothing to undo\n" : text, ExitStatus::kNothing);
}

/// Whether trying again later may do what could not be done now.
bool may_pass(const Error& error) {
  return error.kind == ErrorKind::kBusy || error.kind == ErrorKind::kIo ||
         error.kind == ErrorKind::kReadOnly;
}

/// Waits until nothing is left that may have to be undone: nobody else might come to do it.
ExitStatus watch(Context& context, milliseconds first) {
  constexpr std::chrono::seconds kPause{5};
  constexpr int kMostFailures = 100;
  Clock& clock = context.clock();
  const milliseconds begin = clock.since_boot() + first;
  // For whoever started us; that nobody may listen any more is no reason not to wait.
  write_stdout("waiting\n");
  clock.sleep_until(begin);
  int failures = 0;
  for (;;) {
    const auto recovered = recover_once(context);
    if (recovered && !recovered->waits) return report(*recovered);
    if (recovered) {
      clock.sleep_until(recovered->waits->deadline->since_boot);
      continue;
    }
    // Whoever holds the lock will let go of it, however long that takes.
    if (recovered.error().kind != ErrorKind::kBusy) ++failures;
    if (!may_pass(recovered.error()) || failures > kMostFailures) return fail(recovered.error());
    clock.sleep_until(clock.since_boot() + kPause);
  }
}

ExitStatus run_recover(Context& context) {
  if (const Status permitted = check_permission(context); !permitted) {
    return fail(permitted.error());
  }
  const std::string& wait = context.options().wait;
  if (!wait.empty()) {
    const auto first = parse_duration(wait);
    if (first) return watch(context, *first);
    return fail("--wait must be a time such as 30s or 5m, up to one hour, not \"" + wait + "\"");
  }
  const auto recovered = recover_once(context);
  return recovered ? report(*recovered) : fail(recovered.error());
}

}  // namespace

const Command kRecoverCommand{"recover",
                              "undo what was cut off or not confirmed in time; needs root",
                              "sudo sysctl-advisor recover",
                              "--wait --at-boot --netns",
                              "",
                              "",
                              0,
                              true,
                              run_recover};

}  // namespace advisor
