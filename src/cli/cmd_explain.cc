#include "cli/advice.h"
#include "cli/commands.h"
#include "cli/host_reading.h"
#include "cli/settable.h"
#include "os/log.h"
#include "render/json_explain.h"
#include "render/text_explain.h"
#include "rules/explain.h"

namespace advisor {
namespace {

/// What `explain` takes at a time.
constexpr size_t kMostTopics = 1000;

/// The host as it takes to explain the topics: two samples of the counters only where one does
/// not do.
std::optional<Snapshot> read_for(Context& context, const Topics& topics,
                                 const EffectiveProfile& profile) {
  std::set<ParameterName> parameters = parameters_of(profile);
  parameters.merge(parameters_of(topics.outside));
  parameters.insert(topics.parameters.begin(), topics.parameters.end());
  auto snapshot = HostReading(context, Samples::kOne).finish(parameters);
  if (!snapshot || !need_two_samples(topics, profile, *snapshot)) return snapshot;
  return HostReading(context).finish(parameters);
}

ExitStatus run_explain(Context& context) {
  const Options& options = context.options();
  if (options.arguments.empty()) {
    return fail("say what to explain: a parameter, or a rule that `audit` names");
  }
  Diagnostics diagnostics;
  const auto ground = read_ground(context, diagnostics);
  if (!ground) return ExitStatus::kTrouble;
  const EffectiveProfile& profile = ground->profile;
  const Topics topics = find_topics(options.arguments, profile, context.profiles(),
                                    context.parameters(), diagnostics);
  if (has_errors(diagnostics)) {
    show(diagnostics);
    return ExitStatus::kTrouble;
  }
  const auto snapshot = read_for(context, topics, profile);
  if (!snapshot) return ExitStatus::kTrouble;
  const PersistentSettings persistent = context.persistent_settings();
  const Explanation explanation = explain(topics, profile, context.catalogue(), *snapshot,
                                          persistent, ground->config.suppressions, diagnostics,
                                          settable_here(context), values_at_boot(context));
  show(diagnostics);
  if (!options.netns.empty()) {
    log_warning("what is said of files and of the boot is of the host's own network namespace");
  }
  const ExitStatus status = has_errors(diagnostics) ? ExitStatus::kTrouble : ExitStatus::kNothing;
  const bool json = options.format == "json";
  return print(
      json ? json_explanation(explanation).dump() : text_explanation(explanation, context.style()),
      status);
}

}  // namespace

const Command kExplainCommand{"explain",
                              "all about a parameter or a rule: value, who sets it, evidence",
                              "sysctl-advisor explain net.ipv4.tcp_tw_reuse time-wait-reuse",
                              "--profile --interval --format --netns --from",
                              "text,json",
                              "KEY|RULE...",
                              kMostTopics,
                              false,
                              run_explain};

}  // namespace advisor
