#include <algorithm>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/lint_report.h"
#include "cli/version.h"
#include "lint/repaired.h"
#include "os/named_file.h"
#include "render/json_lint.h"
#include "render/text_lint.h"
#include "render/unified_diff.h"
#include "sysctld/reading_order.h"

namespace advisor {
namespace {

constexpr size_t kMostLinted = 100'000;

/// What an earlier answer said of a line, whatever its number is now.
using Said = std::set<std::vector<std::string>>;

std::vector<std::string> key_of(const LintRemark& remark) {
  return {std::string(remark.where.file), remark.rule, remark.written};
}

/// Nothing, with the reason printed, if it is no such answer.
std::optional<Said> read_baseline(const std::string& path) {
  constexpr size_t kLargestBaselineBytes = 64 << 20;
  Said said;
  if (path.empty()) return said;
  const auto text = read_named_file(path, kLargestBaselineBytes);
  const auto document = text ? parse_json(*text, path) : Result<Json>(text.error());
  if (!document) {
    fail(document.error().message);
    return std::nullopt;
  }
  const Json* remarks = document->find("remarks");
  const auto* list = remarks ? remarks->as<Json::Array>() : nullptr;
  if (!list || document->text_at("schema") != "sysctl-advisor/lint/1") {
    fail(path + " is no answer of `lint --format json`");
    return std::nullopt;
  }
  for (const Json& one : *list) {
    said.insert({one.text_at("file"), one.text_at("rule"), one.text_at("written")});
  }
  return said;
}

/// What is not to be shown: without --all defaults, and files of packages unless they were named;
/// and what was said before.
void leave_out(const Request& request, const Said& said, std::vector<LintRemark>& remarks) {
  std::erase_if(remarks, [&](const LintRemark& remark) {
    const bool unnamed = request.arguments.empty() && is_of_package(remark.where.file.view());
    const bool quiet = remark.verdict == LintVerdict::kDefault || unnamed;
    return (quiet && !request.all) || said.contains(key_of(remark));
  });
}

ExitStatus print_report(Context& context, const LintReport& report, ExitStatus status) {
  switch (context.request().format) {
    case Format::kJson:
      return print_json(json_lint(report), status);
    case Format::kSarif:
      return print_json(sarif_lint(report, kVersion), status);
    case Format::kGcc:
      return print(gcc_lint(report), status);
    case Format::kGithub:
      return print(github_lint(report), status);
    default:
      return print(text_lint(report, context.style()), status);
  }
}

/// Why no patch can be made of the file; nothing if one can.
std::optional<std::string> why_not_patched(const LintedFile& file, const std::string& patch) {
  if (file.name == kStandardStream) return "--fix needs a file by its name";
  if (file.name.find("..") != std::string::npos) {
    return "--fix needs a path without `..`, which patch(1) does not take: go where the file lies";
  }
  if (!find_control(patch)) return std::nullopt;
  return file.name +
         " holds a control character, which a patch could not show and still be right; take it out "
         "of the file";
}

ExitStatus print_patch(const LintReport& report, ExitStatus status) {
  std::string patches;
  for (const LintedFile& file : report.files) {
    // For patch -p1, from where the program was started.
    const std::string path = file.name.starts_with('/') ? file.name : "/" + file.name;
    const std::string patch = unified_diff({path, file.text, repaired(file, report)});
    if (patch.empty()) continue;
    if (const auto why = why_not_patched(file, patch)) return fail(*why);
    patches += patch;
  }
  return print_document(patches, status);
}

ExitStatus run_lint(Context& context) {
  const Request& request = context.request();
  const LintInput input = read_lint_input(context, request.arguments);
  for (const std::string& failure : input.failures) fail(failure);
  const auto said = read_baseline(request.baseline);
  auto report = said ? lint_report(context, input) : std::nullopt;
  if (!report) return ExitStatus::kTrouble;
  leave_out(request, *said, report->remarks);
  const bool something = std::ranges::any_of(report->remarks, [&](const LintRemark& remark) {
    return request.lint_fail_on && !remark.ignored_because &&
           remark.severity >= *request.lint_fail_on;
  });
  ExitStatus status = something ? ExitStatus::kSomething : ExitStatus::kNothing;
  if (!input.failures.empty()) status = ExitStatus::kTrouble;
  return request.fix ? print_patch(*report, status) : print_report(context, *report, status);
}

}  // namespace

const Command kLintCommand{
    .name = "lint",
    .summary = "what of sysctl.d files is good, dead, refused or harmful",
    .example = "sysctl-advisor lint --kernel 6.1,6.12 /etc/sysctl.d/90-tuning.conf",
    .flags =
        "--kernel --profile --container --loader --as --all --fail-on --baseline --fix "
        "--format",
    .formats = "text,json,gcc,sarif,github",
    .arguments = "[FILE|DIR|-]...",
    .most_arguments = kMostLinted,
    .arguments_are_files = true,
    .run = run_lint,
};

}  // namespace advisor
