#include "cli/lint_report.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "lint/known_names.h"
#include "sysctld/conf_line.h"

namespace advisor {
namespace {

/// The kernels that the lines are judged for; none, with the reason printed, if none is known.
std::vector<std::string> kernels_of(Context& context) {
  std::vector<std::string> kernels;
  for (const std::string& release : context.request().kernels) {
    if (std::ranges::find(kernels, release) == kernels.end()) kernels.push_back(release);
  }
  if (!kernels.empty()) return kernels;
  const Reading release = context.tree().read(*ParameterName::parse("kernel.osrelease"));
  if (release) return {release->text()};
  fail(release.error().message + "; say for which kernel, such as --kernel 6.12");
  return {};
}

std::vector<LintedFile> linted_files(const LintInput& input) {
  std::vector<LintedFile> files;
  for (const auto& [name, text] : input.texts) {
    std::set<int> lines;
    for (const ConfLine& line : parse_conf_text(name, text).lines) lines.insert(line.line);
    files.push_back({name, {lines.begin(), lines.end()}, text});
  }
  for (const LintRemark& remark : input.remarks) {
    files.push_back({std::string(remark.where.file), {}, {}});
  }
  return files;
}

/// The loader that is meant, or that the host has; systemd-sysctl where neither is known.
SysctlLoader loader_of(const Request& request, const LintInput& input) {
  if (request.loader) return *request.loader;
  if (input.hosts.empty()) return SysctlLoader::kSystemd;
  return input.hosts.front().configuration.at_boot.value_or(SysctlLoader::kSystemd);
}

/// Whether each profile that is named exists: a misspelt one would turn no verdict.
bool profiles_are_known(Context& context) {
  for (const std::string& name : context.request().profiles) {
    const auto source = context.profiles().profile(name);
    if (source) continue;
    fail("--profile " + name + ": " + source.error().message);
    return false;
  }
  return true;
}

}  // namespace

std::optional<LintReport> lint_report(Context& context, const LintInput& input) {
  const Request& request = context.request();
  Diagnostics diagnostics;
  const LintKnowledge knowledge = context.profiles().lint_rules(context.catalogue(), diagnostics);
  show(diagnostics);
  LintReport report{kernels_of(context), {}, request.profiles, request.container,
                    linted_files(input), {}};
  const bool known = profiles_are_known(context);
  if (!known || has_errors(diagnostics) || report.kernels.empty()) return std::nullopt;
  const auto names = names_in_catalogue(context.catalogue());
  const SysctlLoader loader = loader_of(request, input);
  report.loader = to_text(loader);
  std::vector<std::vector<LintRemark>> lists;
  for (const std::string& release : report.kernels) {
    const LintGround ground{context.catalogue(),
                            names,
                            knowledge,
                            *KernelVersion::parse(release),
                            release,
                            loader,
                            request.profiles,
                            request.container};
    std::vector<LintRemark>& list = lists.emplace_back(input.remarks);
    for (LintRemark& remark : list) remark.kernels = {release};
    for (const LintFiles& host : input.hosts) {
      std::ranges::move(lint(host, ground), std::back_inserter(list));
    }
  }
  report.remarks = with_kernels_merged(lists);
  return report;
}

}  // namespace advisor
