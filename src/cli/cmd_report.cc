#include <fmt/format.h>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/version.h"
#include "collect/fleet_report_file.h"
#include "collect/host_lines.h"
#include "collect/inventory.h"
#include "fleet/fleet.h"
#include "os/named_file.h"
#include "render/html_fleet.h"
#include "render/json_fleet.h"
#include "render/text_fleet.h"

namespace advisor {
namespace {

constexpr size_t kMostReported = 100'000;
/// An inventory, or an earlier report: one of 100,000 hosts, each with 50 findings, has 220 MB.
constexpr size_t kLargestListBytes = 256 << 20;

/// Nothing, with the reason printed, if it cannot be told what is asked.
std::optional<FleetQuestion> question_of(Context& context) {
  const Request& request = context.request();
  FleetQuestion question;
  question.now = context.clock().utc();
  question.stale_seconds = request.stale.count();
  question.top = size_t(request.top);
  question.split = request.split;
  if (!request.inventory.empty()) {
    const auto text = read_named_file(request.inventory, kLargestListBytes);
    auto names = text ? parse_inventory(request.inventory, *text)
                      : Result<std::vector<std::string>>(text.error());
    if (!names) {
      fail(names.error());
      return std::nullopt;
    }
    question.inventory = *std::move(names);
  }
  if (!request.since.empty()) {
    const auto text = read_named_file(request.since, kLargestListBytes);
    const auto document = text ? parse_json(*text, request.since) : Result<Json>(text.error());
    auto earlier = document ? earlier_fleet_of(request.since, *document)
                            : Result<EarlierFleet>(document.error());
    if (!earlier) {
      fail(earlier.error());
      return std::nullopt;
    }
    question.earlier = *std::move(earlier);
  }
  return question;
}

/// Reads all lines, and says what is wrong with the first of those that are wrong.
void read_lines(const std::vector<std::string>& names, Fleet& fleet) {
  constexpr int64_t kMostProblems = 20;
  visit_host_lines(names, {[&](HostLine line) { fleet.add(std::move(line)); },
                           [&](const std::string& problem) {
                             fleet.add_unread();
                             if (fleet.unread() <= kMostProblems) fail(problem);
                           }});
  const int64_t untold = fleet.unread() - kMostProblems;
  if (untold > 0) fail(fmt::format("and {} more that could not be read", grouped_digits(untold)));
}

ExitStatus run_report(Context& context) {
  const Request& request = context.request();
  const auto question = question_of(context);
  if (!question) return ExitStatus::kTrouble;
  Fleet fleet;
  read_lines(request.arguments, fleet);
  if (fleet.lines() == 0) {
    return fail("no host line in " + join(request.arguments, ", ") +
                "; `sysctl-advisor audit --format jsonl` writes one");
  }
  const FleetReport report = fleet.report(*question);
  ExitStatus status = report.asks() ? ExitStatus::kSomething : ExitStatus::kNothing;
  if (report.unread > 0) status = ExitStatus::kTrouble;
  switch (request.format) {
    case Format::kJson:
      return print_json(json_fleet(report, kVersion), status);
    case Format::kHtml:
      return print_document(html_fleet(report, kVersion), status);
    default:
      return print(text_fleet(report, context.style()), status);
  }
}

}  // namespace

const Command kReportCommand{
    .name = "report",
    .summary = "the audits of many hosts as one: lines of `audit --format jsonl`",
    .example = "sysctl-advisor report --inventory hosts.txt --since yesterday.json lines/",
    .flags = "--inventory --since --stale --by --top --format",
    .formats = "text,json,html",
    .arguments = "FILE|DIR|-...",
    .most_arguments = kMostReported,
    .without_arguments =
        "say which lines to report on: files of `sysctl-advisor audit --format jsonl`, directories "
        "of such files, or - for standard input",
    .run = run_report,
};

}  // namespace advisor
