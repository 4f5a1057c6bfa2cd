#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "cli/options.h"
#include "model/kernel_version.h"

namespace advisor {
namespace {

using std::chrono::milliseconds;

/// In the order of the enumeration.
constexpr std::array kFormatNames{"text",     "json",  "diff",       "sysctl",
                                  "gcc",      "sarif", "github",     "html",
                                  "markdown", "jsonl", "prometheus", "openmetrics"};
static_assert(kFormatNames.size() == size_t(Format::kOpenMetrics) + 1);

std::optional<std::string> read_format(const std::string& text, Request& request) {
  for (size_t i = 0; i < kFormatNames.size(); ++i) {
    if (text == kFormatNames[i]) request.format = Format(i);
  }
  return std::nullopt;
}

std::optional<std::string> read_detail(const std::string& text, Request& request) {
  request.detail = text == "asks" ? Detail::kAsks : Detail::kAll;
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

/// A unit of time, and how many seconds it has.
using Unit = std::pair<std::string_view, double>;

/// "1.5h" in seconds; nothing if it is no number with one of the units behind it.
std::optional<double> seconds_in(const std::string& text, std::initializer_list<Unit> units) {
  const size_t end = std::min(text.find_first_not_of("0123456789."), text.size());
  const auto number = parse_real(text.substr(0, end));
  for (const auto& [name, seconds] : units) {
    if (number && text.substr(end) == name) return *number * seconds;
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

std::optional<std::string> read_stale(const std::string& text, Request& request) {
  constexpr double kLeast = 60, kMost = 366.0 * 86400;
  const auto seconds = seconds_in(text, {{"m", 60}, {"h", 3600}, {"d", 86400}});
  if (!seconds || *seconds < kLeast || *seconds > kMost) {
    return fmt::format("--stale must be a time such as 90m, 24h or 7d, up to 366d, not \"{}\"",
                       text);
  }
  request.stale = std::chrono::seconds(std::llround(*seconds));
  return std::nullopt;
}

std::optional<std::string> read_by(const std::string& text, Request& request) {
  for (const FleetSplit split : {FleetSplit::kKernel, FleetSplit::kProfile, FleetSplit::kLabel}) {
    if (text == name_of(split)) request.split = split;
  }
  return std::nullopt;
}

std::optional<std::string> read_top(const std::string& text, Request& request) {
  constexpr int64_t kMost = 10'000;
  request.top = parse_decimal(text).value_or(0);
  if (request.top >= 1 && request.top <= kMost) return std::nullopt;
  return fmt::format("--top must be a whole number from 1 to {}, not \"{}\"", kMost, text);
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
    Flag{"-q,--quiet", "", "no warnings, no progress, and no text: only the exit status",
         &Request::quiet},
    Flag{"--no-pager", "", "do not show a long answer by $PAGER", &Request::no_pager},
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
    Flag{"--list", "", "what proofs there are; try none", &Request::list},
    Flag{"--all", "", "every proof that there is", &Request::all, "", "", Repeated::kNo, "prove"},
    Flag{"--all", "", "also lines that set a default, and files of packages", &Request::all},
    Flag{"--baseline", "FILE", "only what an earlier answer, with --format json, did not say",
         &Request::baseline},
    Flag{"--inventory", "FILE",
         "the hosts that there should be: a name a line, or what `ansible-inventory --list` prints",
         &Request::inventory},
    Flag{"--since", "FILE", "what is new or solved since an earlier report with --format json",
         &Request::since},
    Flag{"--stale", "TIME", "from which age on a line is stale", read_stale, "", "24h"},
    Flag{"--by", "WHAT", "the counts of each kernel, profile or label", read_by,
         "kernel,profile,label"},
    Flag{"--top", "N", "how many of each list to show", read_top, "", "10"},
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
    Flag{"--netns", "NAME|PID|all",
         "the network namespace of ip-netns(8) or of a process, or each of them", &Request::netns,
         "", "", Repeated::kNo, "audit"},
    Flag{"--netns", "NAME|PID", "the network namespace of ip-netns(8) or of a process",
         &Request::netns},
    Flag{"--from", "FILE", "not this host but the one of which `snapshot` wrote FILE",
         &Request::from},
    Flag{"--output", "FILE", "write the answer to FILE, which is replaced as a whole",
         &Request::output},
    Flag{"--watch", "TIME", "audit again and again, so long after the last time", read_watch},
    Flag{"--count", "N", "with --watch: end after N audits", read_count},
    Flag{"--boot", "", "only what the next boot makes of this host, and of the lines of files",
         &Request::boot},
    Flag{"--brief", "", "only a line for each finding that asks for something", &Request::brief},
    Flag{"--detail", "WHICH", "with --format json: findings that ask and unknown ones, or all",
         read_detail, "asks,all", "all"},
    Flag{"--label", "TEXT", "with --format jsonl: what to find the line by; repeat it for several",
         &Request::labels},
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

}  // namespace

const char* name_of(Format format) {
  return kFormatNames[size_t(format)];
}

const Flag kHelpFlag{"-h,--help", "", "print this help", {}};
const Flag kVersionFlag{"--version", "", "print the version", {}};

std::span<const Flag> global_flags() {
  return kGlobalFlags;
}
std::span<const Flag> command_flags() {
  return kCommandFlags;
}

std::vector<const Flag*> flags_of(const Command& command) {
  std::vector<const Flag*> flags;
  for (const std::string& wanted : split_words(command.flags)) {
    // The row of this very command stands before that of all others.
    for (const Flag& flag : kCommandFlags) {
      const bool takes = flag.command.empty() || flag.command == command.name;
      if (!takes || wanted != flag.name) continue;
      flags.push_back(&flag);
      break;
    }
  }
  return flags;
}

const char* choices_of(const Flag& flag, const Command& command) {
  return std::string_view(flag.name) == "--format" ? command.formats : flag.choices;
}

std::optional<std::chrono::milliseconds> parse_duration(const std::string& text) {
  constexpr double kLongestSeconds = 3600;
  const auto seconds = seconds_in(text, {{"ms", 0.001}, {"s", 1}, {"", 1}, {"m", 60}});
  if (!seconds || *seconds > kLongestSeconds) return std::nullopt;
  const std::chrono::milliseconds duration(std::llround(*seconds * 1000));
  // A time below a millisecond must not become 0.
  if (duration.count() == 0 && *seconds > 0) return std::nullopt;
  return duration;
}

std::string duration_text(milliseconds duration) {
  const int64_t count = duration.count();
  return count < 1000 ? fmt::format("{}ms", count) : fmt::format("{:g}s", double(count) / 1000);
}

}  // namespace advisor
