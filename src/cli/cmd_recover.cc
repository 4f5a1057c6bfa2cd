#include <algorithm>

#include "apply/confirmation.h"
#include "apply/journal.h"
#include "cli/commands.h"
#include "cli/transaction_session.h"
#include "os/signals.h"
#include "os/terminal.h"

namespace advisor {
namespace {

using std::chrono::milliseconds;

/// What a recovery came to.
struct Recovered {
  Recovery recovery;
  std::optional<Transaction> waits = std::nullopt;  ///< may still be confirmed
};

Result<Recovered> recover_once(Context& context,
                               std::optional<milliseconds> give_up_until = std::nullopt) {
  const Request& request = context.request();
  auto session = TransactionSession::open(context,
                                          {.at_boot = request.at_boot,
                                           .stuck_again = true,
                                           .any_namespace = request.any_namespace,
                                           .give_up_until = give_up_until},
                                          Identity::kAsFarKnown);
  if (!session) return session.error();
  // Signals wait until it is told what was undone.
  if (!(*session)->recovered().said.empty()) (*session)->hold_signals();
  Recovered recovered{(*session)->recovered()};
  const auto all = Journal(context.files()).all();
  if (!all) return all.error();
  const Transaction* waits = find_provisional((*session)->world(), *all);
  if (waits) recovered.waits = *waits;
  return recovered;
}

ExitStatus report(const Recovered& recovered) {
  std::string text;
  for (const std::string& sentence : recovered.recovery.said) text += sentence + "\n";
  if (recovered.waits) {
    text += provisional_sentence(*recovered.waits) + ", and stands until then\n";
  }
  const bool left_open = !recovered.recovery.open.empty();
  for (const std::string& sentence : recovered.recovery.open) fail(sentence);
  if (text.empty() && !left_open) text = "nothing to undo\n";
  return print_done(text, left_open ? ExitStatus::kHalfDone : ExitStatus::kNothing);
}

/// Whether trying again later may do what could not be done now.
bool may_pass(const Error& error) {
  switch (error.kind) {
    case ErrorKind::kBusy:
    case ErrorKind::kIo:
    case ErrorKind::kReadOnly:
    case ErrorKind::kStuck:
      return true;
    default:
      return false;
  }
}

/// Waits as long as anything may have to be undone, since perhaps nobody else would do it. Told to
/// end (SIGTERM), it undoes at once what it waits for: a change must not stay unattended.
ExitStatus watch(Context& context, milliseconds first) {
  constexpr std::chrono::seconds kPause{5};
  constexpr std::chrono::seconds kShortPause{1};
  constexpr int kMostFailures = 100;
  constexpr int kMostAtTheEnd = 5;
  const Clock& clock = context.clock();
  const Vigil vigil;
  milliseconds until = clock.since_boot() + first;
  // Whoever started the watchdog reads this. If that process is gone, the watchdog waits all the
  // same.
  write_stdout("waiting\n");
  bool told_to_end = vigil.told_to_end_by(clock, until);
  for (int failures = 0;;) {
    const auto recovered = recover_once(context, told_to_end ? std::optional(until) : std::nullopt);
    if (recovered && (told_to_end || !recovered->waits)) return report(*recovered);
    if (recovered) {
      until = std::max(until, recovered->waits->deadline->since_boot);
      told_to_end = vigil.told_to_end_by(clock, recovered->waits->deadline->since_boot);
      continue;
    }
    // Whoever holds the lock will let go of it, however long that takes.
    if (recovered.error().kind != ErrorKind::kBusy) ++failures;
    const int most = told_to_end ? kMostAtTheEnd : kMostFailures;
    if (!may_pass(recovered.error()) || failures > most) return fail(recovered.error());
    const milliseconds next = clock.since_boot() + (told_to_end ? kShortPause : kPause);
    told_to_end = vigil.told_to_end_by(clock, next) || told_to_end;
  }
}

ExitStatus run_recover(Context& context) {
  if (const Status permitted = check_permission(context); !permitted) {
    return fail(permitted.error());
  }
  if (const auto& wait = context.request().wait) return watch(context, *wait);
  const auto recovered = recover_once(context);
  return recovered ? report(*recovered) : fail(recovered.error());
}

}  // namespace

const Command kRecoverCommand{
    .name = "recover",
    .summary = "undo what was cut off or not confirmed in time; needs root",
    .example = "sudo sysctl-advisor recover",
    .flags = "--wait --at-boot --any-namespace --netns",
    .tolerates_bad_catalogue = true,
    .run = run_recover,
};

}  // namespace advisor
