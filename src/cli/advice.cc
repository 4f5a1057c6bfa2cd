#include "cli/advice.h"

#include <algorithm>

#include "apply/undo.h"
#include "os/host_identity.h"
#include "os/log.h"
#include "os/terminal.h"
#include "rules/drop_in.h"

namespace advisor {
namespace {

/// What is being waited for, on a terminal; the line is wiped when the wait is over.
class ProgressLine {
 public:
  explicit ProgressLine(const Options& options) : shown_(!options.quiet && stderr_is_terminal()) {}
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  ~ProgressLine() {
    if (shown_) write_stderr("\r\033[K");
  }
  void show(const std::string& text) const {
    if (shown_) write_stderr("\r\033[K" + text + " ...");
  }

 private:
  bool shown_;
};

/// What facts stand on, whatever the rules name.
constexpr const char* kParametersOfFacts[] = {
    "net.ipv4.ip_local_port_range", "net.ipv4.ip_local_reserved_ports", "net.ipv4.tcp_tw_reuse",
    "net.ipv4.tcp_timestamps", "net.ipv4.tcp_ehash_entries"};

}  // namespace

std::optional<Snapshot> read_host(Context& context, std::set<ParameterName> parameters,
                                  Samples samples) {
  const Options& options = context.options();
  const auto interval = parse_duration(options.interval);
  if (!interval) {
    fail("--interval must be a time such as 500ms, 1s or 1m, up to one hour, not \"" +
         options.interval + "\"");
    return std::nullopt;
  }
  log_step("reading the host");
  const ProgressLine progress(options);
  DiagSocketTable diag;
  ProcSocketTable proc(options.root);
  std::vector<SocketTable*> tables{&proc};
  if (context.live()) tables.insert(tables.begin(), &diag);
  for (const char* name : kParametersOfFacts) parameters.insert(*ParameterName::parse(name));
  SnapshotRequest request;
  request.parameters = std::move(parameters);
  if (samples == Samples::kByTheOptions) request.interval = *interval;
  request.progress = [&](const std::string& text) { progress.show(text); };
  return collect({context.tree(), context.files(), tables, context.clock(), page_bytes()}, request);
}

std::optional<Ground> read_ground(Context& context, Diagnostics& diagnostics) {
  std::vector<std::string> names = context.options().profiles;
  if (names.empty()) names.emplace_back(kDefaultProfile);
  EffectiveProfile profile =
      resolve_profiles(names, context.profiles(), context.parameters(), diagnostics);
  auto config = context.config(diagnostics);
  if (config && !has_errors(diagnostics)) return Ground{std::move(profile), std::move(*config)};
  show(diagnostics);
  return std::nullopt;
}

std::optional<Report> advise(Context& context) {
  const Options& options = context.options();
  Diagnostics diagnostics;
  auto ground = read_ground(context, diagnostics);
  if (!ground) return std::nullopt;
  EffectiveProfile& profile = ground->profile;
  select_rules(profile, options.only, options.skip);
  auto snapshot = read_host(context, parameters_of(profile));
  if (!snapshot) return std::nullopt;
  Report report = audit(profile, context.catalogue(), std::move(*snapshot),
                        ground->config.suppressions, diagnostics);
  show(diagnostics);
  if (has_errors(diagnostics)) return std::nullopt;
  return report;
}

Result<Proposal> propose(Context& context, const Report& report) {
  const Options& options = context.options();
  PlanningOutcome outcome =
      plan_changes(report, context.catalogue(), {.allow_one_way = options.allow_one_way});
  Proposal proposal;
  proposal.refusals = std::move(outcome.refusals);
  if (!options.persist || options.runtime) proposal.plan.changes = outcome.changes;
  if (options.runtime && !options.persist) return proposal;
  auto before = read_if_present(context.files(), kDropInPath);
  if (!before) return before.error();
  FileChange drop_in{kDropInPath, *before, *before};
  if (!outcome.changes.empty()) {
    drop_in.after = updated_drop_in(before->value_or(""), outcome.changes, report);
  }
  if (drop_in.changes()) proposal.plan.drop_in = std::move(drop_in);
  return proposal;
}

ExitStatus status_of(const Report& report, const Options& options) {
  const auto least = parse_severity(options.fail_on);
  const bool something =
      std::any_of(report.findings.begin(), report.findings.end(), [&](const Finding& finding) {
        return least && finding.asks() && finding.severity >= *least;
      });
  return something ? ExitStatus::kSomething : ExitStatus::kNothing;
}

}  // namespace advisor
