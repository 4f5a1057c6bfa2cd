#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/snapshot.h"
#include "model/transaction.h"

namespace advisor {

/// A parameter that a transaction set, and that does not stand as it was set.
struct Deviation {
  std::string transaction;
  ParameterName parameter;
  ParameterValue applied;
  Reading now;
};

/// What this program has done to a host, and whether it stands.
struct HostStatus {
  std::string version;  ///< of the program
  std::string host;     ///< its name
  std::string kernel;
  std::string transactions_unknown;    ///< why the transactions could not be read; empty: they were
  std::vector<TransactionEntry> open;  ///< provisional, cut off or stuck, newest first
  std::vector<TransactionEntry> latest;  ///< one, or none
  /// The newest that was made in this network namespace, and stands or is open.
  std::optional<TransactionEntry> standing = std::nullopt;
  int64_t applied = 0;  ///< parameters that transactions set and nobody took back
  std::vector<Deviation> deviations;
  std::string boot_unknown;  ///< why the next boot could not be foretold; empty: it was
  int64_t lines_not_in_effect = 0;
  int64_t lines_without_effect = 0;
  /// Whether a boot undoes what was not confirmed: the unit of this program is there and enabled.
  bool boot_unit = false;

  /// Nothing to look at, and nothing unknown. Lines of others' files do not count.
  bool in_order() const {
    return transactions_unknown.empty() && open.empty() && deviations.empty();
  }
};

}  // namespace advisor
