#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "cli/exit_status.h"

namespace advisor {

/// Everything that can be said on the command line.
struct Options {
  std::string root;
  std::string color = "auto";
  bool verbose = false;
  bool quiet = false;

  std::vector<std::string> profiles;
  std::string interval = "1s";
  std::string format = "text";
  std::vector<std::string> only;
  std::vector<std::string> skip;
  std::string fail_on = "note";

  bool yes = false;
  bool dry_run = false;
  bool runtime = false;
  bool persist = false;
  bool allow_one_way = false;
  bool strict = false;
  bool force = false;
  std::string netns;
  std::string from;
  bool anonymize = false;
  std::string watch;
  std::string count;
  std::string confirm_within;
  std::string wait;
  bool at_boot = false;
  bool any_namespace = false;

  std::vector<std::string> arguments;
};

/// One flag: its row makes the parser, the help and the completions.
struct Flag {
  const char* name;   ///< "--profile", or "-v,--verbose"
  const char* value;  ///< what stands behind it, for the help; empty for a switch
  const char* help;
  std::variant<bool Options::*, std::string Options::*, std::vector<std::string> Options::*> member;
  const char* choices = "";  ///< the values it may have, comma separated; empty: any
};

/// The flags that stand before the command.
std::span<const Flag> global_flags();
/// Those of the commands; each command names the ones it takes.
std::span<const Flag> command_flags();

class Context;

/// One command: what it is called, what it takes, and what it does.
struct Command {
  const char* name;
  const char* summary;    ///< one line
  const char* example;    ///< a real call
  const char* flags;      ///< names of command_flags(), separated by blanks
  const char* formats;    ///< the values --format may have, comma separated
  const char* arguments;  ///< what stands behind it, for the help; empty for none
  size_t most_arguments;
  /// Whether it goes on when a file of the parameter catalogue is wrong: the way back must not
  /// depend on it.
  bool tolerates_bad_catalogue;
  ExitStatus (*run)(Context&);
};

/// All of them, in the order of the help.
std::span<const Command* const> commands();

/// What the command line asks for: a command to run, or a text to print and a status to end with.
struct Invocation {
  const Command* command = nullptr;
  Options options;
  std::string message;
  ExitStatus status = ExitStatus::kNothing;
};

Invocation parse_command_line(int argc, const char* const* argv);

/// "500ms", "2s", "1m" or a bare number of seconds; nothing if it is none, or above one hour.
std::optional<std::chrono::milliseconds> parse_duration(const std::string& text);

}  // namespace advisor
