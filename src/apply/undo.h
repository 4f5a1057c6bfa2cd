#pragma once

#include <string>
#include <vector>

#include "apply/transaction.h"

namespace advisor {

/// What a parameter or a file is, seen from a transaction that changes it.
enum class Standing {
  kBefore,   ///< as it stood before the transaction
  kAfter,    ///< as the transaction left it
  kForeign,  ///< neither: somebody else changed it since
};

Standing standing_of(const Change& change, const ParameterValue& now, const ParameterInfo* info);
Standing standing_of(const FileChange& change, const std::optional<std::string>& now);

/// The text of the file now; no text if there is none.
Result<std::optional<std::string>> read_if_present(const FileStore& files, const std::string& path);
/// Makes the file hold the text, or be gone.
Status put_file(FileStore& files, const std::string& path, const std::optional<std::string>& text);

/// Writes the value and reads it back. Rejected if the kernel then shows another one; `shown`, if
/// given, receives what it shows.
Status write_and_check(World& world, const ParameterName& name, const ParameterValue& value,
                       ParameterValue* shown = nullptr);

struct UndoReport {
  std::vector<std::string> left;      ///< changed by somebody else and left alone, a sentence each
  std::vector<std::string> failures;  ///< what could not be put back, and why
  std::vector<std::string> commands;  ///< what is left to be run by hand, for each failure
};

/// Whether the run-time values that the transaction wrote can stand here: it changed this namespace
/// since the boot, or before it and the boot loaded its drop-in again.
Result<bool> run_time_stands(const World& world, const Transaction& transaction);

/// Puts back whatever of the plan stands as the plan leaves it, last change first; a vector of
/// which the kernel took only some numbers counts as that. `run_time` is false when the run-time
/// values are gone with a reboot.
UndoReport undo(World& world, const Plan& plan, bool run_time);

}  // namespace advisor
