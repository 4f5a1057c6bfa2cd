#pragma once

#include <string>
#include <vector>

#include "apply/transaction.h"

namespace advisor {

inline constexpr const char* kLockPath = "/var/lib/sysctl-advisor/lock";

/// The journal as text: JSON, schema "sysctl-advisor/journal/1".
std::string journal_text(const Transaction& transaction);
/// Corrupt if anything of it is missing or of the wrong form; nothing is guessed.
Result<Transaction> parse_journal(const std::string& text);

/// The text from which sysctl(8) can restore the run-time values when this program is gone.
std::string rollback_conf(const Transaction& transaction);

/// The journals below the state directory, one directory for each transaction.
class Journal {
 public:
  explicit Journal(FileStore& files) : files_(files) {}

  /// Durable when it returns. The first save makes the directory of the transaction, and is Busy if
  /// there is one of that id already: no journal ever takes the place of another's. It also writes
  /// rollback.conf, and reads the journal back: one that is unreadable, or differs from what stood
  /// before, is an Error now.
  Status save(const Transaction& transaction);
  /// NotFound if there is no such transaction.
  Result<Transaction> load(const std::string& id) const;
  /// Newest first. Fails if one of them is damaged, since what is open could then not be told.
  Result<std::vector<Transaction>> all() const;
  /// The id for the next transaction.
  Result<std::string> next_id() const;

 private:
  /// The numbers that have a directory, newest first.
  Result<std::vector<int64_t>> numbers() const;

  FileStore& files_;
};

}  // namespace advisor
