#include "cli/options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <sstream>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "cli/completion.h"
#include "cli/contradiction.h"
#include "cli/usage.h"
#include "cli/version.h"

namespace advisor {
namespace {

std::string help_of(const Flag& flag) {
  return *flag.standard ? fmt::format("{} (default: {})", flag.help, flag.standard) : flag.help;
}

/// CLI11 takes the next word, which may be a flag, as the value of a flag that ends in "=".
std::string is_value(const std::string& text) {
  if (!text.empty() && (text[0] != '-' || text == "-")) return "";
  return "a value must stand behind it, and \"" + text + "\" is none";
}

/// A flag whose value we read ourselves: the first one that is wrong is the message of
/// `invocation`.
CLI::Option* add_typed_flag(CLI::App& app, const Flag& flag, ReadValue read,
                            Invocation& invocation) {
  const auto take = [read, &invocation](const std::vector<std::string>& texts) {
    for (const std::string& text : texts) {
      const auto wrong = read(text, invocation.request);
      if (wrong && invocation.message.empty()) invocation.message = *wrong;
    }
  };
  CLI::Option* option =
      app.add_option_function<std::vector<std::string>>(flag.name, take, help_of(flag));
  option->allow_extra_args(false);
  return flag.repeated == Repeated::kYes ? option->take_all() : option->expected(1);
}

void add_flag(CLI::App& app, const Flag& flag, const char* choices, Invocation& invocation) {
  Request& request = invocation.request;
  CLI::Option* option = nullptr;
  if (const auto* toggle = std::get_if<bool Request::*>(&flag.member)) {
    app.add_flag(flag.name, request.**toggle, help_of(flag));
    return;
  }
  if (const auto* text = std::get_if<std::string Request::*>(&flag.member)) {
    option = app.add_option(flag.name, request.**text, help_of(flag));
  } else if (const auto* read = std::get_if<ReadValue>(&flag.member)) {
    option = add_typed_flag(app, flag, *read, invocation);
  } else {
    option = app.add_option(flag.name, request.*std::get<2>(flag.member), help_of(flag))
                 ->take_all()
                 ->allow_extra_args(false);
  }
  option->option_text(flag.value)->check(is_value);
  if (*choices) option->check(CLI::IsMember(split(choices, ',')))->option_text(choices);
}

constexpr size_t kHelpWidth = 80;

/// What stands at the end of a command's help.
std::string footer_of(const Command& command) {
  std::vector<std::string> globals;
  for (const Flag& flag : global_flags()) globals.emplace_back(split(flag.name, ',').front());
  return wrapped("Every command takes " + join(globals, ", ") +
                     " as well: `sysctl-advisor --help` says what they do.",
                 kHelpWidth, "") +
         "\nExample:\n  " + command.example;
}

/// Adds a command, with its flags only if it is `named` on the command line: making the flags of
/// all commands would take longer than a small command does.
void add_command(CLI::App& app, const Command& command, bool named, Invocation& invocation) {
  CLI::App* sub = app.add_subcommand(command.name, command.summary);
  if (!named) return;
  sub->fallthrough();  // global flags may stand behind the command as well
  sub->footer(footer_of(command));
  for (const Flag* flag : flags_of(command)) {
    add_flag(*sub, *flag, choices_of(*flag, command), invocation);
  }
  if (command.most_arguments > 0) {
    sub->add_option("arguments", invocation.request.arguments, command.arguments)
        ->option_text(command.arguments)
        ->expected(0, int(command.most_arguments));
  }
  sub->callback([&invocation, &command] {
    invocation.command = &command;
    if (!*command.formats) invocation.request.format = command.format;
  });
}

/// Takes the words behind "--" out: they are arguments, whatever they begin with. The library loses
/// them behind a command.
std::vector<std::string> take_behind_dashes(std::vector<std::string>& words) {
  const auto dashes = std::ranges::find(words, "--");
  if (dashes == words.end()) return {};
  std::vector<std::string> behind(dashes + 1, words.end());
  words.erase(dashes, words.end());
  return behind;
}

/// Adds them to the arguments of the command. What is wrong with that; empty: nothing is.
std::string add_arguments(const std::vector<std::string>& more, Invocation& invocation) {
  std::vector<std::string>& arguments = invocation.request.arguments;
  arguments.insert(arguments.end(), more.begin(), more.end());
  const size_t most = invocation.command->most_arguments;
  if (more.empty() || arguments.size() <= most) return "";
  if (most == 0) return usage_message({UsageFault::Kind::kNotUnderstood, more});
  return usage_message({UsageFault::Kind::kTooMany});
}

/// What stands behind the command that was named, for its help.
std::string arguments_of(const CLI::App& app) {
  for (const Command* command : commands()) {
    if (app.got_subcommand(command->name)) return command->arguments;
  }
  return "";
}

constexpr const char* kFooter =
    "Exit status: 0 nothing to change, or done; 1 something to change; 2 trouble, nothing was\n"
    "changed; 3 trouble, and not everything could be put back.\n\n"
    "Example:\n  sysctl-advisor audit --profile outbound-service";

/// What stands between the two; empty if there is no such.
std::string between(const std::string& text, std::string_view open, std::string_view close) {
  const size_t begin = text.find(open);
  if (begin == std::string::npos) return "";
  const size_t from = begin + open.size();
  const size_t end = text.find(close, from);
  return end == std::string::npos ? "" : text.substr(from, end - from);
}

/// What the library found wrong, in our own words; what our checks said of a value as they said it.
std::string message_of(const CLI::ParseError& failure, const CLI::App& app) {
  using Kind = UsageFault::Kind;
  const std::vector<std::string> rest = app.remaining(true);
  const std::string said = failure.what();
  const std::string flag = said.substr(0, said.find(':'));
  const std::string choices = between(said, "{", "}");
  switch (CLI::ExitCodes(failure.get_exit_code())) {
    case CLI::ExitCodes::RequiredError:
      return usage_message({Kind::kNoCommand, rest});
    case CLI::ExitCodes::ExtrasError:
      return usage_message(
          {app.get_subcommands().empty() ? Kind::kNoCommand : Kind::kNotUnderstood, rest});
    case CLI::ExitCodes::ArgumentMismatch:
      if (flag == "arguments") return usage_message({Kind::kTooMany});
      return usage_message({.kind = Kind::kNoValue, .flag = flag, .choices = choices});
    case CLI::ExitCodes::ValidationError:
      if (choices.empty()) break;
      return usage_message({.kind = Kind::kNotOneOf,
                            .words = {between(said, ": ", " not in")},
                            .flag = flag,
                            .choices = choices});
    default:
      break;
  }
  return said;
}

}  // namespace

Invocation parse_command_line(int argc, const char* const* argv) {
  if (auto asked = asked_to_complete(argc, argv)) return *std::move(asked);
  Invocation invocation;
  CLI::App app(
      "Reads what the kernel is set to and what its sockets are doing, says what\n"
      "should change and why, and changes it in a way that can be taken back.\n",
      "sysctl-advisor");
  app.set_version_flag(kVersionFlag.name, std::string("sysctl-advisor ") + kVersion,
                       kVersionFlag.help);
  app.set_help_flag(kHelpFlag.name, kHelpFlag.help);
  app.get_formatter()->column_width(20);
  app.require_subcommand(1);
  app.footer(kFooter);
  for (const Flag& flag : global_flags()) add_flag(app, flag, flag.choices, invocation);
  std::vector<std::string> words = argc > 0 ? std::vector<std::string>(argv, argv + argc)
                                            : std::vector<std::string>{"sysctl-advisor"};
  const std::vector<std::string> behind = take_behind_dashes(words);
  words = words_as_meant(std::move(words));
  for (const Command* command : commands()) {
    const bool named = std::find(words.begin(), words.end(), command->name) != words.end();
    add_command(app, *command, named, invocation);
  }
  try {
    // The library wants the last word first, and not the name of the program.
    app.parse(std::vector<std::string>(words.rbegin(), words.rend() - 1));
  } catch (const CLI::ParseError& failure) {
    const bool asked = failure.get_exit_code() == 0;
    std::ostringstream out, err;
    app.exit(failure, out, err);
    invocation.message = asked ? help_as_shown(out.str(), arguments_of(app))
                               : "sysctl-advisor: " + message_of(failure, app);
    invocation.command = nullptr;
    invocation.status = asked ? ExitStatus::kNothing : ExitStatus::kTrouble;
    return invocation;
  }
  if (invocation.message.empty()) {
    invocation.message = quoted_option(*invocation.command, invocation.request).value_or("");
  }
  if (invocation.message.empty()) invocation.message = add_arguments(behind, invocation);
  if (invocation.message.empty()) {
    invocation.message = contradiction(*invocation.command, invocation.request).value_or("");
  }
  if (invocation.message.empty()) return invocation;
  invocation.command = nullptr;
  invocation.message = "sysctl-advisor: " + invocation.message;
  invocation.status = ExitStatus::kTrouble;
  return invocation;
}

}  // namespace advisor
