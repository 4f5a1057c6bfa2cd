#include "cli/options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "cli/contradiction.h"
#include "cli/usage.h"
#include "cli/version.h"
#include "model/kernel_version.h"

namespace advisor {
namespace {

using std::chrono::milliseconds;

/// In the order of the enumeration.
constexpr std::array kFormatNames{"text", "json", "diff", "sysctl", "gcc", "sarif", "github"};
static_assert(kFormatNames.size() == size_t(Format::kGithub) + 1);

std::optional<std::string> read_format(const std::string& text, Request& request) {
  for (size_t i = 0; i < kFormatNames.size(); ++i) {
    if (text == kFormatNames[i]) request.format = Format(i);
  }
  return std::nullopt;
}

std::optional<std::string> read_color(const std::string& text, Request& request) {
  request.color = text == "always"  ? ColorChoice::kAlways
                  : text == "never" ? ColorChoice::kNever
                                    : ColorChoice::kAuto;
  return std::nullopt;
}

std::optional<std::string> read_fail_on(const std::string& text, Request& request) {
  request.fail_on = parse_severity(text);  // "never" gives none
  return std::nullopt;
}

std::optional<std::string> read_lint_fail_on(const std::string& text, Request& request) {
  request.lint_fail_on = parse_lint_severity(text);  // "never" gives none
  return std::nullopt;
}

std::optional<std::string> read_loader(const std::string& text, Request& request) {
  request.loader = text == "procps" ? SysctlLoader::kProcps : SysctlLoader::kSystemd;
  return std::nullopt;
}

std::optional<std::string> read_kernels(const std::string& text, Request& request) {
  for (const std::string& release : split(text, ',')) {
    if (!KernelVersion::parse(release)) {
      return fmt::format(
          "--kernel must be a release such as 6.12, or several with commas between, "
          "not \"{}\"",
          text);
    }
    request.kernels.push_back(release);
  }
  return std::nullopt;
}

/// `kind` is the rest of the sentence "--interval must be a time ...".
template <typename Duration>
std::optional<std::string> read_time(const char* flag, const char* kind, milliseconds least,
                                     const std::string& text, Duration& to) {
  const auto duration = parse_duration(text);
  if (!duration || *duration < least) {
    return fmt::format("{} must be a time {}, not \"{}\"", flag, kind, text);
  }
  to = *duration;
  return std::nullopt;
}

std::optional<std::string> read_interval(const std::string& text, Request& request) {
  return read_time("--interval", "such as 500ms, 1s or 1m, up to one hour", milliseconds(0), text,
                   request.interval);
}
std::optional<std::string> read_watch(const std::string& text, Request& request) {
  return read_time("--watch", "such as 5s or 1m, up to one hour", milliseconds(1), text,
                   request.watch);
}
std::optional<std::string> read_confirm_within(const std::string& text, Request& request) {
  return read_time("--confirm-within", "such as 30s or 5m, from 1s to 60m", milliseconds(1000),
                   text, request.confirm_within);
}
std::optional<std::string> read_wait(const std::string& text, Request& request) {
  return read_time("--wait", "such as 30s or 5m, up to one hour", milliseconds(0), text,
                   request.wait);
}

std::optional<std::string> read_set(const std::string& text, Request& request) {
  const size_t equals = text.find('=');
  if (equals == 0 || equals == std::string::npos) {
    return fmt::format("--set must be KEY=VALUE, such as net.core.somaxconn=4096, not \"{}\"",
                       text);
  }
  request.to_set.push_back({std::string(trim(text.substr(0, equals))), text.substr(equals + 1)});
  return std::nullopt;
}

std::optional<std::string> read_count(const std::string& text, Request& request) {
  request.count = parse_decimal(text);
  if (request.count.value_or(0) >= 1) return std::nullopt;
  return fmt::format("--count must be a whole number above 0, not \"{}\"", text);
}

constexpr std::array kGlobalFlags{
    Flag{"--root", "DIR", "read and write below DIR instead of /", &Request::root},
    Flag{"--color", "WHEN", "colours: auto, always or never", read_color, "auto,always,never",
         "auto"},
    Flag{"-v,--verbose", "", "also what is fine, and each step", &Request::verbose},
    Flag{"-q,--quiet", "", "no warnings, no progress", &Request::quiet},
};

constexpr std::array kCommandFlags{
    Flag{"--profile", "NAME|FILE", "what the host is for; repeat it to combine profiles",
         &Request::profiles},
    Flag{"--set", "KEY=VALUE", "that value, as sysctl -w takes it; repeat it to set several",
         read_set, "", "", Repeated::kYes},
    Flag{"--interval", "TIME", "time between the two samples that rates need; 0 takes one sample",
         read_interval, "", "1s"},
    Flag{"--format", "FORMAT", "how to print the answer", read_format, "", "text"},
    Flag{"--only", "GLOB", "only findings whose rule or parameter matches", &Request::only},
    Flag{"--skip", "GLOB", "no findings whose rule or parameter matches", &Request::skip},
    Flag{"--fail-on", "SEVERITY",
         "the least severity that makes the exit status 1: note, warning, critical or never",
         read_fail_on, "note,warning,critical,never", "note", Repeated::kNo, "audit"},
    Flag{"--fail-on", "SEVERITY",
         "the least severity that makes the exit status 1: note, warning, error or never",
         read_lint_fail_on, "note,warning,error,never", "warning", Repeated::kNo, "lint"},
    Flag{"--as", "PATH", "judge the one FILE as if it were this file of the host", &Request::as},
    Flag{"--kernel", "RELEASE", "kernels that the lines are for, with commas between", read_kernels,
         "", "the running one"},
    Flag{"--loader", "LOADER", "which program loads the files: systemd or procps", read_loader,
         "systemd,procps"},
    Flag{"--container", "", "the files are loaded inside of a container", &Request::container},
    Flag{"--all", "", "also lines that set a default, and files of packages", &Request::all},
    Flag{"--baseline", "FILE", "only what an earlier answer, with --format json, did not say",
         &Request::baseline},
    Flag{"--fix", "", "print a patch that takes out lines without effect; change nothing",
         &Request::fix},
    Flag{"--yes", "", "do not ask", &Request::yes},
    Flag{"--dry-run", "", "show what would be done; change nothing", &Request::dry_run},
    Flag{"--runtime", "", "change the running kernel only", &Request::runtime},
    Flag{"--persist", "", "change only what the next boot sets", &Request::persist},
    Flag{"--allow-one-way", "", "also set what cannot be taken back before the next boot",
         &Request::allow_one_way},
    Flag{"--strict", "", "do nothing if anything that is asked for cannot be set here",
         &Request::strict},
    Flag{"--netns", "NAME|PID",
         "the network namespace of ip-netns(8) or of a process; of `audit` also all",
         &Request::netns},
    Flag{"--from", "FILE", "not this host but the one of which `snapshot` wrote FILE",
         &Request::from},
    Flag{"--watch", "TIME", "audit again and again, so long after the last time", read_watch},
    Flag{"--count", "N", "with --watch: end after N audits", read_count},
    Flag{"--boot", "", "only what the next boot makes of this host, and of the lines of files",
         &Request::boot},
    Flag{"--brief", "", "only a line for each finding that asks for something", &Request::brief},
    Flag{"--anonymize", "", "leave out the host name, and replace IP addresses",
         &Request::anonymize},
    Flag{"--confirm-within", "TIME",
         "put everything back unless `confirm` comes in time, from 1s to 60m", read_confirm_within},
    Flag{"--wait", "TIME",
         "wait that long, and then for what may still be confirmed; what watchdogs do", read_wait},
    Flag{"--at-boot", "", "nothing has read sysctl.d yet: of an earlier boot only files count",
         &Request::at_boot},
    Flag{"--any-namespace", "",
         "undo here whatever was left open, though another network namespace was changed",
         &Request::any_namespace},
    Flag{"--force", "", "also put back what somebody else changed since", &Request::force},
};

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

/// Adds a command, with its flags only if it is `named` on the command line: making the flags of
/// all commands would take longer than a small command does.
void add_command(CLI::App& app, const Command& command, bool named, Invocation& invocation) {
  CLI::App* sub = app.add_subcommand(command.name, command.summary);
  if (!named) return;
  sub->fallthrough();  // global flags may stand behind the command as well
  sub->footer(std::string("Example:\n  ") + command.example);
  for (const std::string& wanted : split_words(command.flags)) {
    for (const Flag& flag : kCommandFlags) {
      const bool is_format = wanted == "--format";
      if (wanted == flag.name && (flag.command.empty() || flag.command == command.name)) {
        add_flag(*sub, flag, is_format ? command.formats : flag.choices, invocation);
      }
    }
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
  return said + "\n";
}

}  // namespace

const char* name_of(Format format) {
  return kFormatNames[size_t(format)];
}

std::span<const Flag> global_flags() {
  return kGlobalFlags;
}
std::span<const Flag> command_flags() {
  return kCommandFlags;
}

Invocation parse_command_line(int argc, const char* const* argv) {
  Invocation invocation;
  CLI::App app(
      "Reads what the kernel is set to and what its sockets are doing, says what\n"
      "should change and why, and changes it in a way that can be taken back.\n",
      "sysctl-advisor");
  app.set_version_flag("--version", std::string("sysctl-advisor ") + kVersion);
  app.set_help_flag("-h,--help", "print this help");
  app.get_formatter()->column_width(20);
  app.require_subcommand(1);
  app.footer(kFooter);
  for (const Flag& flag : kGlobalFlags) add_flag(app, flag, flag.choices, invocation);
  const std::vector<std::string> words =
      words_as_meant(argc > 0 ? std::vector<std::string>(argv, argv + argc)
                              : std::vector<std::string>{"sysctl-advisor"});
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
    invocation.message = contradiction(*invocation.command, invocation.request).value_or("");
  }
  if (invocation.message.empty()) return invocation;
  invocation.command = nullptr;
  invocation.message = "sysctl-advisor: " + invocation.message + "\n";
  invocation.status = ExitStatus::kTrouble;
  return invocation;
}

std::optional<std::chrono::milliseconds> parse_duration(const std::string& text) {
  constexpr double kLongestSeconds = 3600;
  const size_t end = text.find_first_not_of("0123456789.");
  const std::string unit = end == std::string::npos ? "s" : text.substr(end);
  const double scale = unit == "ms" ? 0.001 : unit == "s" ? 1 : unit == "m" ? 60 : 0;
  const auto number = parse_real(text.substr(0, end));
  if (!number || scale == 0 || *number * scale > kLongestSeconds) return std::nullopt;
  const std::chrono::milliseconds duration(std::llround(*number * scale * 1000));
  // A time below a millisecond must not become 0.
  if (duration.count() == 0 && *number > 0) return std::nullopt;
  return duration;
}

std::string duration_text(milliseconds duration) {
  const int64_t count = duration.count();
  return count < 1000 ? fmt::format("{}ms", count) : fmt::format("{:g}s", double(count) / 1000);
}

}  // namespace advisor
