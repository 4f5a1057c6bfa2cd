#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/catalogue.h"
#include "model/transaction.h"
#include "os/clock.h"
#include "os/file_store.h"
#include "os/host_identity.h"
#include "os/sysctl_tree.h"

// Changing a host, and taking it back.
//
// Invariants
//   1. A parameter or file changes only after the journal that says what stood there is durable.
//   2. A transaction ends with everything as planned, or with everything as before. If neither can
//      be reached it is Stuck, and says which commands remain to be run.
//   3. What somebody else changed since is overwritten only when told to (`--force`).
//   4. A transaction found Prepared when nobody holds the lock was cut off; it is undone before
//      anything else is done.
//   5. Only the process that holds the lock writes below the state directory. The lock is given up
//      while anything is asked or printed: those who wait for it have a deadline to keep.
//   6. What must be confirmed has a deadline in the journal before anything changes, and somebody
//      who waits for it. Past the deadline, or after a reboot, it is undone before anything else
//      is done. While it is Provisional no other change begins.
//   7. What the kernel may move along with the changes (the catalogue's `moves` and `excludes`, the
//      families of conf.all and conf.default) is part of the transaction: it is in the journal
//      before anything changes, with what stood there, and is put right after the changes, in
//      either direction. Of two parameters that exclude each other the one that was set is set
//      again; a 0 is never written to the other one.
//   8. A journal of which a single byte changed is not believed, and stops every change while it is
//      there. If a transaction left no journal, the host is as before it.
//   9. A parameter that is gone has no value to put back: this is told, and the rest is taken back.
//  10. A change needs a network namespace that is identified, since it could not be taken back
//      otherwise. Two network namespaces are compared by what is known of both.
//
// Whose is a value that is neither the one before nor the one planned? If the transaction ended, it
// is somebody else's. If the transaction was cut off, the value is ours only if the kernel may have
// made it of what we wrote:
//   - Beside the journal stands `progress`: before a parameter is written its name is added there,
//     and if the kernel then shows something else, that too. It is not synced: a power cut takes
//     the run-time values along, and a process that is killed leaves the file whole.
//   - A value that was noted as shown is ours as long as it stands.
//   - A value whose write was begun and that was not noted is ours if each of its numbers lies
//     between the one before and the one planned: the kernel took a part of a vector, or moved a
//     number into its limits, within which the number before was. Any other value is somebody
//     else's.
//   - A parameter that may move along is ours once any write was begun: where it would move is not
//     known.
// So recover() overwrites a foreign change only if it came after the cut-off, either on the one
// parameter that was being written, where it looks like a limit, or on one that moves along.
// recover() cannot tell it from ours then.
//
// States                        made by
//   (none)     -> Prepared      carry_out(): the journal is durable, nothing has changed yet
//   Prepared   -> Committed     carry_out(): everything was written and read back
//   Prepared   -> RolledBack    carry_out() on failure or interruption; recover() after a cut-off
//   Prepared   -> Stuck         the same two, when putting back failed as well
//   Prepared   -> Provisional   carry_out(), as Committed, if there is a deadline
//   Provisional-> Committed     confirm() in time
//   Provisional-> RolledBack    recover() past the deadline, or when its watchdog has to end;
//                               take_back() at once
//   Provisional-> Stuck         the same two, when putting back failed
//   Committed  -> RolledBack    recover(), if undoing was noted in `progress`: the commit record
//                               came to its place, but could neither be made durable nor replaced
//   Stuck      -> RolledBack    recover() when it is told to try again, of the newest transaction
//   Committed  stays            rollback is a transaction of its own, with `undoes` set

namespace advisor {

/// What transactions act on.
struct World {
  SysctlTree& tree;
  FileStore& files;
  Clock& clock;
  const Catalogue& catalogue;
  HostIdentity identity;
  /// Asked between steps: true means stop and undo.
  std::function<bool()> interrupted = [] { return false; };
  /// Told what is being done.
  std::function<void(const std::string&)> step = [](const std::string&) {};
  /// Who asks for it.
  std::optional<Caller> caller = std::nullopt;
  /// Told of each state but Prepared that a transaction reached, and how it came there, if the
  /// state alone does not say that. Must not wait.
  std::function<void(const Transaction&, const std::string& why)> reached =
      [](const Transaction&, const std::string&) {};
};

}  // namespace advisor
