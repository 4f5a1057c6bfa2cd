#pragma once

#include <string>
#include <vector>

#include "apply/restoration.h"
#include "apply/transaction.h"
#include "model/write_order.h"

namespace advisor {

/// Of the directory of our drop-in, where it is missing.
inline constexpr int kDropInDirectoryMode = 0755;

/// The text of the file now; no text if there is none.
Result<std::optional<std::string>> read_if_present(const FileStore& files, const std::string& path);
/// Makes the file hold the text, or be gone.
Status put_file(FileStore& files, const std::string& path, const std::optional<std::string>& text);

/// Writes the value and reads it back. Rejected if the kernel then shows neither that value nor
/// what it rounds it to; `shown`, if given, receives what it shows. A refusal says which other
/// parameter the value does not go with.
Status write_and_check(World& world, const ParameterName& name, const ParameterValue& value,
                       ParameterValue* shown = nullptr);

/// What is not yet as it should be, and why.
struct Unsettled {
  Change change;
  Error error;
};

/// Brings the changes of the plan, and what moves along, to the values they are to have in the end:
/// each that differs is written, and since that may move another one, all are looked at once more.
/// `before_write` may object. Returns what could not be reached.
std::vector<Unsettled> settle(World& world, const Plan& plan,
                              const std::function<Status(const Change&)>& before_write);

/// The command by which a person makes the change in the network namespace `netns` (empty: the
/// present one), whatever characters name and value hold.
std::string command_by_hand(const Change& change, const std::string& netns);

struct UndoReport {
  std::vector<std::string> left;      ///< changed by somebody else and left alone, a sentence each
  std::vector<std::string> failures;  ///< what could not be put back, and why
  std::vector<std::string> commands;  ///< what is left to be run by hand, for each failure
};

/// Whether the run-time values that the transaction wrote can stand here: it changed this namespace
/// since the boot, or before it and the boot loaded its drop-in again.
Result<bool> run_time_stands(const World& world, const Transaction& transaction);

/// Puts back whatever of the plan stands as the plan leaves it, last change first, and then what
/// moved along. `run_time` is false when the run-time values are gone with a reboot. `unfinished`
/// says how far it got, if it did not come to its end.
UndoReport undo(World& world, const Plan& plan, bool run_time,
                const Progress* unfinished = nullptr);

}  // namespace advisor
