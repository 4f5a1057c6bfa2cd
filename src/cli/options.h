#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "cli/exit_status.h"
#include "cli/request.h"

namespace advisor {

/// Puts what stands behind a flag into the request; what is wrong with it, if it is.
using ReadValue = std::optional<std::string> (*)(const std::string& text, Request& request);

/// Whether a flag may stand on the command line more than once.
enum class Repeated { kNo, kYes };

/// One flag: its row makes the parser and the help.
struct Flag {
  const char* name;   ///< "--profile", or "-v,--verbose"
  const char* value;  ///< what stands behind it, for the help; empty for a switch
  const char* help;
  std::variant<bool Request::*, std::string Request::*, std::vector<std::string> Request::*,
               ReadValue>
      member;
  const char* choices = "";           ///< the values it may have, comma separated; empty: any
  const char* standard = "";          ///< what it is if it is not given, for the help
  Repeated repeated = Repeated::kNo;  ///< whether what it reads itself may be given several times
  std::string_view command = "";      ///< the command that takes it so; empty: all that name it
};

/// Those of which the library knows what they do: --help of every command, and --version.
extern const Flag kHelpFlag;
extern const Flag kVersionFlag;
/// The flags that stand before the command.
std::span<const Flag> global_flags();
/// Those of the commands; each command names the ones it takes.
std::span<const Flag> command_flags();

class Context;

/// One command: what it is called, what it takes, and what it does.
struct Command {
  const char* name;
  const char* summary;            ///< one line
  const char* example;            ///< a real call
  const char* flags;              ///< names of command_flags(), separated by blanks
  const char* formats = "";       ///< the values --format may have, comma separated
  Format format = Format::kText;  ///< of its answer, if it takes no --format
  const char* arguments = "";     ///< what stands behind it, for the help; empty for none
  size_t most_arguments = 0;
  const char* without_arguments = "";  ///< the error if there is none; empty: none needed
  bool arguments_are_files = false;    ///< or some of them
  /// Whether it goes on when a file of the parameter catalogue is wrong: the way back must not
  /// depend on it.
  bool tolerates_bad_catalogue = false;
  ExitStatus (*run)(Context&);
};

/// All of them, in the order of the help.
std::span<const Command* const> commands();
/// The flags that the command names, in its order; of two rows its own, which stands first.
std::vector<const Flag*> flags_of(const Command& command);
/// The values that the flag of a command may have, comma separated; empty: any.
const char* choices_of(const Flag& flag, const Command& command);

/// What the command line asks for: a command to run, or a text to print and a status to end with.
struct Invocation {
  const Command* command = nullptr;
  Request request;
  std::string message;
  ExitStatus status = ExitStatus::kNothing;
};

/// Checks all that can be checked without a look at the host.
Invocation parse_command_line(int argc, const char* const* argv);

/// "500ms", "2s", "1m" or a bare number of seconds; nothing if it is none, or above one hour.
std::optional<std::chrono::milliseconds> parse_duration(const std::string& text);
/// "500ms", "90s".
std::string duration_text(std::chrono::milliseconds duration);

}  // namespace advisor
