#include <fmt/format.h>

#include <array>

#include "base/shell.h"
#include "base/text.h"
#include "cli/advice.h"
#include "cli/commands.h"
#include "collect/report_file.h"
#include "os/named_file.h"
#include "render/json_comparison.h"
#include "render/text_comparison.h"
#include "rules/compared_load.h"
#include "rules/comparison.h"

namespace advisor {
namespace {

/// A file that is to be compared.
struct Document {
  std::string path;  ///< as it was given
  std::string name;  ///< as it is shown
  Json json;

  /// Whether it is of a schema, in whichever version.
  bool is_of(std::string_view schema) const {
    const std::string_view of_any_version = schema.substr(0, schema.rfind('/') + 1);
    return json.text_at("schema").starts_with(of_any_version);
  }
  bool is_snapshot() const { return is_of(kSnapshotSchema); }
  bool is_report() const { return is_of(kReportSchema); }
};

Result<Document> read_document(const std::string& path) {
  const std::string name = path == kStandardStream ? "standard input" : path;
  const auto text = read_named_file(path, kLargestRecordBytes);
  if (!text) return text.error();
  auto json = parse_json(*text, name);
  if (!json) return json.error();
  Document document{path, name, *std::move(json)};
  if (document.is_snapshot() || document.is_report()) return document;
  const std::string schema = document.json.text_at("schema");
  return Error{
      ErrorKind::kCorrupt,
      fmt::format("{}: {}; two snapshots of `sysctl-advisor snapshot` can be compared, or "
                  "two reports of `audit --format json`",
                  name, schema.empty() ? "it names no schema of ours" : "it has " + schema),
      0};
}

/// Nothing, with the reason printed, if the host of the snapshot cannot be audited.
std::optional<ComparedHost> audited(const Context& asking, const Document& document) {
  auto record = record_of(document.name, document.json);
  if (!record) {
    fail(record.error());
    return std::nullopt;
  }
  ComparedHost host{document.name, record->anonymized, {}, figures_of(record->snapshot)};
  Request request = asking.request();
  request.from = document.path;
  Context context(request);
  context.take_record(*std::move(record));
  if (!context.load()) return std::nullopt;
  auto advice = advise(context);
  if (!advice) return std::nullopt;
  add_boot_findings(context, *advice);
  host.report = std::move(advice->report);
  host.report.snapshot.parameters = context.record()->snapshot.parameters;
  return host;
}

std::optional<ComparedHost> reported(const Document& document) {
  auto host = report_of(document.name, document.json);
  if (host) return *std::move(host);
  fail(host.error());
  return std::nullopt;
}

/// Why the two cannot be compared with each other, and what can be done about it.
std::string why_unlike(const Document& report, const Document& snapshot) {
  std::string profiles;
  const Json* named = report.json.find("profiles");
  const auto* names = named ? named->as<Json::Array>() : nullptr;
  for (const Json& name : names ? *names : Json::Array()) {
    if (const auto* text = name.as<std::string>()) profiles += " --profile " + shell_word(*text);
  }
  return fmt::format(
      "{} is a report, and {} a snapshot: make a report of the snapshot, and compare the two: "
      "`sysctl-advisor audit --from {}{} --format json`",
      report.name, snapshot.name, shell_word(snapshot.path), profiles);
}

/// Nothing, with the reason printed, if they cannot be compared.
std::optional<std::array<ComparedHost, 2>> read_hosts(const Context& context) {
  const std::vector<std::string>& paths = context.request().arguments;
  const auto before = read_document(paths[0]), after = read_document(paths[1]);
  if (!before) fail(before.error());
  if (!after) fail(after.error());
  if (!before || !after) return std::nullopt;
  if (before->is_snapshot() != after->is_snapshot()) {
    fail(before->is_report() ? why_unlike(*before, *after) : why_unlike(*after, *before));
    return std::nullopt;
  }
  if (before->is_report() && !context.request().profiles.empty()) {
    fail("--profile is for snapshots, which are audited; reports hold what their profiles found");
    return std::nullopt;
  }
  const auto host_of = [&](const Document& document) {
    return document.is_report() ? reported(document) : audited(context, document);
  };
  auto old = host_of(*before);
  auto now = old ? host_of(*after) : std::nullopt;
  if (!now) return std::nullopt;
  return std::array{*std::move(old), *std::move(now)};
}

ExitStatus run_compare(Context& context) {
  const auto hosts = read_hosts(context);
  if (!hosts) return ExitStatus::kTrouble;
  const Comparison comparison = compare((*hosts)[0], (*hosts)[1], context.catalogue());
  const ExitStatus status = comparison.differs() ? ExitStatus::kSomething : ExitStatus::kNothing;
  if (context.request().format == Format::kJson)
    return print_json(json_comparison(comparison), status);
  return print(text_comparison(comparison, context.style()), status);
}

}  // namespace

const Command kCompareCommand{
    .name = "compare",
    .summary = "what became of a host between two snapshots, or two reports",
    .example = "sysctl-advisor compare yesterday.json today.json",
    .flags = "--profile --format",
    .formats = "text,json",
    .arguments = "BEFORE AFTER",
    .most_arguments = 2,
    .without_arguments =
        "say which two files to compare, the older one first; `sysctl-advisor snapshot - | "
        "sysctl-advisor compare FILE -` compares one with this host as it is now",
    .arguments_are_files = true,
    .run = run_compare,
};

}  // namespace advisor
