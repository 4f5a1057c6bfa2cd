#include "cli/all_namespaces.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "cli/advice.h"
#include "cli/chosen_rules.h"
#include "cli/host_summary.h"
#include "cli/progress_line.h"
#include "cli/version.h"
#include "os/child.h"
#include "os/log.h"
#include "os/network_namespace.h"
#include "os/network_namespaces.h"
#include "os/terminal.h"
#include "render/json_report.h"
#include "render/text_brief.h"
#include "render/text_report.h"

namespace advisor {
namespace {

/// More would need more memory, and find little left to do for them.
constexpr size_t kMostProcesses = 16;
/// How far the items of the answer in JSON are indented, and what stands before each.
constexpr std::string_view kItemStart = "\n    ";
constexpr size_t kItemBlanks = kItemStart.size() - 1;

/// What becomes of a network namespace in the answer.
enum class Share : char {
  kShown = '+',
  kFine = '-',    ///< counted as one with nothing to change
  kClosed = '!',  ///< counted as one that this user may not enter
};

/// What is said of one network namespace.
struct Told {
  ExitStatus status = ExitStatus::kTrouble;
  Share share = Share::kShown;
  std::string text;  ///< in the format that was asked for
};

/// From one process to another: the exit status as a digit, what becomes of it, and the text.
std::string packed(const Told& told) {
  return fmt::format("{}{}{}", int(told.status), char(told.share), told.text);
}

Told unpacked(const std::string& text) {
  return {ExitStatus(text[0] - '0'), Share(text[1]), text.substr(2)};
}

std::string heading(const NetworkNamespace& one, bool own) {
  std::vector<std::string> known;
  if (own) known.emplace_back("that of this command");
  if (!one.container.empty()) known.push_back("container " + one.container);
  if (one.pid != 0) known.push_back(one.command + ", pid " + std::to_string(one.pid));
  const std::string name = one.name.empty() ? "without a name" : printable(one.name);
  return "Network namespace " + name + (known.empty() ? "" : " (" + join(known, "; ") + ")") + "\n";
}

std::string namespace_json(const NetworkNamespace& one, Json report, const std::string& error) {
  return Json(Json::Object{{"name", Json::text_or_null(one.name)},
                           {"pid", one.pid != 0 ? Json(one.pid) : Json(nullptr)},
                           {"command", Json::text_or_null(one.command)},
                           {"container", Json::text_or_null(one.container)},
                           {"report", std::move(report)},
                           {"error", Json::text_or_null(error)}})
      .dump_inside(kItemBlanks);
}

/// That nothing can be said of it, and why. In a text the reason why an ordinary user gets hardly
/// into any is told once for all.
Told untold(const Request& request, const NetworkNamespace& one, bool own, const Error& error) {
  Told told;
  if (is_summary(request.format)) {
    Request inside = request;
    inside.netns = own ? "" : one.entry();
    Context context(inside);
    HostSummary summary = summary_of_failure(context, error.message);
    summary.host.netns = inside.netns;  // also of one that is called "all"
    told.text = text_of(summary, inside);
  } else if (request.format == Format::kJson) {
    told.text = namespace_json(one, nullptr, error.message);
  } else if (error.kind == ErrorKind::kDenied && !request.verbose) {
    told.share = Share::kClosed;
  } else {
    told.text = heading(one, own) + printable(error.message) + "\n";
  }
  return told;
}

/// Only those with something to change are shown at length, unless all are to be.
Told told_of(Context& context, const NetworkNamespace& one, bool own, const Advice& advice) {
  const Report& report = advice.report;
  const Request& request = context.request();
  const TextStyle style = context.style();
  Told told;
  told.status = status_of(report, request);
  if (is_summary(request.format)) {
    told.text = text_of(summarise(context, advice), request);
    return told;
  }
  if (request.format == Format::kJson) {
    told.text = namespace_json(
        one,
        json_report(report, context.catalogue(), kVersion, request.detail.value_or(Detail::kAll)),
        "");
    return told;
  }
  if (!style.verbose && std::ranges::none_of(report.findings, &Finding::asks)) {
    told.share = Share::kFine;
    return told;
  }
  told.text =
      heading(one, own) + (request.brief ? text_brief(report, style) : text_report(report, style));
  return told;
}

/// Of the namespace that this process is in.
Told audited(Request request, const NetworkNamespace& one, bool own, EarlierReadings earlier) {
  request.netns = own ? "" : one.entry();
  request.quiet = true;  // many waits side by side are no progress that one line could show
  forget_failure();
  Context context(request);
  auto advice = context.load() ? advise(context, std::move(earlier)) : std::nullopt;
  if (!advice) return untold(request, one, own, {ErrorKind::kRejected, first_failure(), 0});
  add_boot_findings(context, *advice);
  return told_of(context, one, own, *advice);
}

Status enter(const NetworkNamespace& one) {
  const Status entered = enter_network_namespace(one.entry());
  if (!entered || network_namespace_inode() == one.inode) return entered;
  return Error{ErrorKind::kStale,
               "network namespace " + one.entry() + " is another one than a moment ago", 0};
}

/// Where one of many namespaces is between its two samples.
struct Visit {
  const NetworkNamespace* place;
  Status entered;
  std::optional<FirstSample> first;  ///< nothing: one sample is enough
};

/// Takes the first sample of each, and audits each once its interval is over: all wait at the same
/// time, in this one process.
void audit_in_turn(const Request& request, const std::vector<const NetworkNamespace*>& places,
                   const AnsweringChild::Give& give) {
  std::vector<Visit> visits;
  for (const NetworkNamespace* place : places) {
    Visit& visit = visits.emplace_back(Visit{place, enter(*place), std::nullopt});
    if (!visit.entered || request.interval.count() == 0) continue;
    Request inside = request;
    inside.netns = place->entry();
    Context context(inside);
    visit.first = read_first_sample(context);
  }
  WholeHost whole_host;
  for (Visit& visit : visits) {
    if (visit.entered) visit.entered = enter(*visit.place);
    const Told told = visit.entered
                          ? audited(request, *visit.place, false,
                                    {.first = std::move(visit.first), .whole_host = &whole_host})
                          : untold(request, *visit.place, false, visit.entered.error());
    give(packed(told));
  }
}

/// Processes that audit all but the first: number i is that of one of them by i modulo how many
/// there are, each in the order of the list.
std::vector<Result<AnsweringChild>> start_children(const Request& request,
                                                   const std::vector<NetworkNamespace>& all) {
  std::vector<std::vector<const NetworkNamespace*>> shares(
      std::min({processors(), kMostProcesses, all.size() - 1}));
  for (size_t i = 1; i < all.size(); ++i) shares[i % shares.size()].push_back(&all[i]);
  std::vector<Result<AnsweringChild>> children;
  for (const auto& share : shares) {
    children.push_back(AnsweringChild::start(
        [&](const AnsweringChild::Give& give) { audit_in_turn(request, share, give); }));
  }
  return children;
}

/// The answer, put together as one namespace after the other is told. What programs read is printed
/// at once, since all of it can be too much to keep.
class WholeAnswer {
 public:
  WholeAnswer(const Request& request, ProgressLine& progress)
      : is_json_(request.format == Format::kJson),
        is_lines_(is_summary(request.format)),
        progress_(progress) {}

  void add(const Told& told) {
    worst_ = std::max(worst_, told.status);
    if (is_json_) {
      put(std::string(is_begun_ ? "," : frame().first).append(kItemStart) + told.text);
    } else if (is_lines_) {
      put(told.text);
    } else if (told.share == Share::kShown) {
      text_ += (text_.empty() ? "" : "\n") + told.text;
    } else {
      ++(told.share == Share::kFine ? fine_ : closed_);
    }
    is_begun_ = true;
  }

  ExitStatus end(const TextStyle& style) {
    progress_.wipe();
    if (is_json_) put(frame().second);
    if (is_json_ || is_lines_) return is_whole_ ? worst_ : unwritten(worst_);
    if (!text_.empty() && fine_ + closed_ > 0) text_ += "\n";
    add_count(fine_,
              fine_ == 1 ? "has nothing to change; -v prints it as well."
                         : "have nothing to change; -v prints them as well.",
              style);
    add_count(closed_,
              "may not be entered by this user: run this command with sudo; -v says which.", style);
    return print(text_, worst_);
  }

 private:
  void add_count(int64_t count, const char* what, const TextStyle& style) {
    if (count == 0) return;
    text_ +=
        wrapped(fmt::format("{} {}", counted(count, "network namespace"), what), style.width, "");
  }

  /// What stands before the items, and behind them.
  static std::pair<std::string, std::string> frame() {
    const std::string document = Json(Json::Object{{"schema", "sysctl-advisor/audit-namespaces/3"},
                                                   {"namespaces", Json::Array{nullptr}}})
                                     .dump();
    const std::string item = std::string(kItemStart) + "null";
    const size_t at = document.find(item);
    return {document.substr(0, at), document.substr(at + item.size())};
  }

  void put(const std::string& bytes) {
    progress_.wipe();
    // What could not be written is told at the end: the others must be able to give their answers.
    is_whole_ = is_whole_ && write_bytes_to_stdout(bytes);
  }

  bool is_json_;
  bool is_lines_;  ///< one for each namespace
  ProgressLine& progress_;
  bool is_whole_ = true;  ///< what was written
  std::string text_;
  bool is_begun_ = false;
  int64_t fine_ = 0;    ///< that have nothing to change
  int64_t closed_ = 0;  ///< that this user may not enter
  ExitStatus worst_ = ExitStatus::kNothing;
};

}  // namespace

ExitStatus audit_all_namespaces(Context& context) {
  const Request& request = context.request();
  // What is wrong with the options or the profiles is told once, and before anything is waited for.
  Diagnostics diagnostics;
  auto ground = read_ground(context, diagnostics);
  if (!ground || !select_chosen(request, ground->profile)) return end_without_audit(context);
  show(diagnostics);
  const auto listed = list_network_namespaces();
  if (!listed) {
    fail(listed.error());
    return end_without_audit(context);
  }
  const std::vector<NetworkNamespace>& namespaces = *listed;
  const std::string task = "reading " + counted(int64_t(namespaces.size()), "network namespace");
  log_step(task);
  ProgressLine progress(request);
  progress.show(task);
  auto children = start_children(request, namespaces);
  WholeAnswer answer(request, progress);
  answer.add(audited(request, namespaces.front(), true, {}));
  for (size_t i = 1; i < namespaces.size(); ++i) {
    auto& child = children[i % children.size()];
    const auto told = child ? child->next() : Result<std::string>(child.error());
    answer.add(told ? unpacked(*told) : untold(request, namespaces[i], false, told.error()));
  }
  return answer.end(context.style());
}

}  // namespace advisor
