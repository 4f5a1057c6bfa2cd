#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/catalogue.h"
#include "model/plan.h"
#include "os/clock.h"
#include "os/file_store.h"
#include "os/host_identity.h"
#include "os/sysctl_tree.h"

// Changing a host, and taking it back.
//
// Invariants
//   1. No parameter and no file changes before the journal that says what stood there is durable.
//   2. A transaction ends with everything as planned, or with everything as before. If neither can
//      be reached it is Stuck, and says which commands remain to be run.
//   3. What somebody else changed since is never overwritten without being told to.
//   4. A transaction found Prepared when nobody holds the lock was cut off; it is undone before
//      anything else is done.
//   5. Only the process that holds the lock writes below the state directory.
//
// States                        made by
//   (none)     -> Prepared      carry_out(): the journal is durable, nothing has changed yet
//   Prepared   -> Committed     carry_out(): everything was written and read back
//   Prepared   -> RolledBack    carry_out() on failure or interruption; recover() after a cut-off
//   Prepared   -> Stuck         the same two, when putting back failed as well
//   Committed  stays            rollback is a transaction of its own, with `undoes` set

namespace advisor {

enum class TransactionState { kPrepared, kCommitted, kRolledBack, kStuck };

const char* name_of(TransactionState state);

/// One change of the host, as its journal records it.
struct Transaction {
  std::string id;  ///< a number, counted up from 1
  TransactionState state = TransactionState::kPrepared;
  std::string created;  ///< UTC
  std::vector<std::string> profiles;
  std::optional<std::string> undoes;  ///< the transaction that this one takes back
  HostIdentity identity;
  Plan plan;
};

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
};

}  // namespace advisor
