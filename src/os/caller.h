#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/transaction.h"

namespace advisor {

/// The caller of this process. Asks nobody over a network, and never waits.
Caller identify_caller();

/// The name of `uid` by a text of the form of /etc/passwd; empty if it has none.
std::string name_of_uid(int64_t uid, std::string_view passwd);

/// The path of a terminal, as /proc/PID/stat says which one controls a process; empty if none does.
std::string controlling_terminal(std::string_view stat);

/// What stands in /proc/PID/cmdline as a line for a shell, of at most 1024 bytes: a longer one is
/// cut and ends in "...".
std::string command_text(std::string_view cmdline);

}  // namespace advisor
