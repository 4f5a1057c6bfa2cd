#include "render/metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "base/utc.h"

namespace advisor {
namespace {

constexpr size_t kMostRules = 10;
/// A destination that holds less of the range is nothing to keep a series for.
constexpr double kLeastShare = 0.1;

/// What a value measures: its name, without the prefix of all names of ours.
struct MetricFamily {
  const char* name;
  const char* unit;  ///< the last word of the name; empty if it has none
  const char* help;
  bool is_info = false;  ///< of which the labels are all that counts
};

constexpr MetricFamily kBuild{"build", "", "The version of the program", true};
constexpr MetricFamily kAudit{"audit", "", "What the host was held against", true};
constexpr MetricFamily kTimestamp{"audit_timestamp_seconds", "seconds",
                                  "When the audit was made, or failed"};
constexpr MetricFamily kSuccess{"audit_success", "",
                                "1 if the audit came about; if it did not, nothing else is known"};
constexpr MetricFamily kFindings{"findings", "",
                                 "Findings that ask for something, or explain (info), by severity"};
constexpr MetricFamily kChecks{"checks", "", "Checks that found nothing wrong, by verdict"};
constexpr MetricFamily kRule{"rule_violated", "", "The worst findings that ask for something"};
constexpr MetricFamily kUsablePorts{
    "local_ports_usable", "", "Local ports that connections may take, towards each destination"};
constexpr MetricFamily kInUse{
    "local_ports_in_use_max_ratio", "ratio",
    "Share of the usable local ports in use, towards the destination with most"};
constexpr MetricFamily kBlocked{
    "local_ports_blocked_max_ratio", "ratio",
    "Share of the usable local ports that a new connection cannot take, "
    "towards the destination with most"};
constexpr MetricFamily kExhausted{
    "local_ports_exhausted_min_seconds", "seconds",
    "Time until the local ports towards a destination run out at the present rate; +Inf: never"};
constexpr MetricFamily kDestinationInUse{
    "destination_local_ports_in_use", "",
    "Local ports in use towards the destination, if more than a tenth of the usable ones"};
constexpr MetricFamily kDestinationBlocked{
    "destination_local_ports_blocked", "",
    "Local ports that a new connection to the destination cannot take"};
constexpr MetricFamily kDestinationOpened{
    "destination_connections_opened_per_second", "",
    "Connections opened to the destination per second, during the interval of the audit"};
constexpr MetricFamily kQueue{
    "listener_accept_queue_sockets", "",
    "Connections that wait for accept(), at the listeners where most wait"};
constexpr MetricFamily kQueueLimit{"listener_accept_queue_limit", "",
                                   "The backlog of a listener at which connections wait"};
constexpr MetricFamily kState{"transaction_state", "",
                              "1 for the state of the newest change that stands or is pending"};
constexpr MetricFamily kDeadline{"transaction_deadline_timestamp_seconds", "seconds",
                                 "Until when the newest change has to be confirmed"};
constexpr MetricFamily kDrift{"drift_parameters", "",
                              "Parameters with another value than the one that was applied"};
constexpr MetricFamily kLost{
    "boot_mismatch_parameters", "",
    "Parameters that will not have the value that the profile needs after the next boot"};
constexpr MetricFamily kLines{"boot_lines_not_in_effect", "",
                              "Lines of sysctl.d files that do not do what they say"};

struct Label {
  const char* name;
  std::string value;
};

struct Sample {
  std::vector<Label> labels;
  double value = 1;
};

/// A label's value, as both formats want it. What is not UTF-8, or would steer a terminal, is
/// replaced.
std::string escaped(std::string_view text) {
  std::string value;
  while (!text.empty()) {
    const LeadingCharacter character = leading_character(text);
    const std::string_view bytes = text.substr(0, std::max<size_t>(character.bytes, 1));
    if (bytes == "\n") {
      value += "\\n";
    } else if (bytes == "\\" || bytes == "\"") {
      value.append("\\").append(bytes);
    } else {
      value += character.bytes == 0 || character.steers ? std::string_view("\ufffd") : bytes;
    }
    text.remove_prefix(bytes.size());
  }
  return value;
}

std::string number_text(double value) {
  return std::isinf(value) ? (value > 0 ? "+Inf" : "-Inf") : fmt::format("{}", value);
}

/// The text as it grows, a family after the other.
class Page {
 public:
  Page(Exposition exposition, const std::string& netns)
      : is_open_(exposition == Exposition::kOpenMetrics) {
    if (!netns.empty()) common_ = fmt::format("netns=\"{}\"", escaped(netns));
  }

  /// Nothing if there is no sample. Of several that are labelled alike, such as sockets that share
  /// a port, the first counts: whoever reads a series twice takes nothing of the file.
  void add(const MetricFamily& family, const std::vector<Sample>& samples) {
    if (samples.empty()) return;
    const std::string name = fmt::format("sysctl_advisor_{}", family.name);
    const std::string sample_name = family.is_info ? name + "_info" : name;
    const std::string& told = is_open_ ? name : sample_name;
    text_ += fmt::format("# HELP {} {}.\n", told, family.help);
    text_ += fmt::format("# TYPE {} {}\n", told, is_open_ && family.is_info ? "info" : "gauge");
    if (is_open_ && *family.unit) text_ += fmt::format("# UNIT {} {}\n", told, family.unit);
    std::set<std::string> seen;
    for (const Sample& sample : samples) {
      const std::string labels = labels_text(sample.labels);
      if (!seen.insert(labels).second) continue;
      text_ += fmt::format("{}{} {}\n", sample_name, labels, number_text(sample.value));
    }
  }
  void add(const MetricFamily& family, double value) { add(family, {Sample{{}, value}}); }
  void add(const MetricFamily& family, const std::optional<double>& value) {
    if (value) add(family, *value);
  }

  std::string take() { return std::move(text_) + (is_open_ ? "# EOF\n" : ""); }

 private:
  std::string labels_text(const std::vector<Label>& labels) const {
    std::vector<std::string> parts;
    if (!common_.empty()) parts.push_back(common_);
    for (const Label& label : labels) {
      parts.push_back(fmt::format("{}=\"{}\"", label.name, escaped(label.value)));
    }
    return parts.empty() ? "" : "{" + join(parts, ",") + "}";
  }

  bool is_open_;
  std::string common_;  ///< the label of all series
  std::string text_;
};

std::optional<double> seconds_of(const std::string& utc) {
  const auto seconds = parse_utc(utc);
  return seconds ? std::optional(double(*seconds)) : std::nullopt;
}

void add_audit(const HostSummary& host, Page& page) {
  page.add(kBuild, {Sample{{{"version", host.version}}}});
  page.add(kAudit, {Sample{{{"profiles", join(host.profiles, "+")},
                            {"profile_hash", host.profile_hash.value_or("")}}}});
  page.add(kTimestamp, seconds_of(host.taken));
  page.add(kSuccess, host.state == AuditState::kFailed ? 0 : 1);
}

void add_findings(const HostSummary& host, Page& page) {
  if (!host.counts) return;
  std::vector<Sample> violated, rules;
  for (const Severity severity :
       {Severity::kCritical, Severity::kWarning, Severity::kNote, Severity::kInfo}) {
    violated.push_back({{{"severity", name_of(severity)}}, double(host.counts->of(severity))});
  }
  page.add(kFindings, violated);
  const auto checks = [](const char* verdict, int64_t count) {
    return Sample{{{"verdict", verdict}}, double(count)};
  };
  page.add(kChecks,
           {checks("satisfied", host.counts->satisfied), checks("unknown", host.counts->unknown),
            checks("not_applicable", host.counts->not_applicable),
            checks("suppressed", host.counts->suppressed)});
  for (const HostSummary::Asking& asking : host.findings) {
    if (rules.size() == kMostRules) break;
    rules.push_back({{{"rule", std::string(asking.rule)}, {"severity", name_of(asking.severity)}}});
  }
  page.add(kRule, rules);
}

void add_ports(const HostSummary& host, Page& page) {
  if (!host.usable_ports) return;
  const auto share = [&](int64_t ports) {
    return double(ports) / double(std::max<int64_t>(*host.usable_ports, 1));
  };
  double in_use = 0, blocked = 0;
  std::vector<Sample> in_use_ports, blocked_ports, opened;
  for (const HostSummary::FullDestination& load : host.destinations) {
    in_use = std::max(in_use, share(load.ports_in_use));
    blocked = std::max(blocked, share(load.ports_blocked));
    if (share(load.ports_in_use) <= kLeastShare) continue;
    const std::vector<Label> labels{{"source", load.to.source.text()},
                                    {"destination", load.to.address.text()},
                                    {"port", std::to_string(load.to.port)}};
    in_use_ports.push_back({labels, double(load.ports_in_use)});
    blocked_ports.push_back({labels, double(load.ports_blocked)});
    if (load.opened_per_second) opened.push_back({labels, *load.opened_per_second});
  }
  page.add(kUsablePorts, double(*host.usable_ports));
  page.add(kInUse, in_use);
  page.add(kBlocked, blocked);
  page.add(kExhausted, host.ports_exhausted_in_seconds);
  page.add(kDestinationInUse, in_use_ports);
  page.add(kDestinationBlocked, blocked_ports);
  page.add(kDestinationOpened, opened);
}

void add_listeners(const HostSummary& host, Page& page) {
  std::vector<Sample> waiting, limits;
  for (const HostSummary::Listener& listener : host.listeners) {
    if (listener.waiting == 0) continue;
    const std::vector<Label> labels{{"address", listener.address.text()},
                                    {"port", std::to_string(listener.port)}};
    waiting.push_back({labels, double(listener.waiting)});
    if (listener.backlog) limits.push_back({labels, double(*listener.backlog)});
  }
  page.add(kQueue, waiting);
  page.add(kQueueLimit, limits);
}

void add_transaction(const HostSummary& host, Page& page) {
  if (!host.transactions_read) return;
  std::vector<Sample> states;
  for (const TransactionState state : {TransactionState::kPrepared, TransactionState::kProvisional,
                                       TransactionState::kCommitted, TransactionState::kStuck}) {
    const bool is_now = host.transaction && host.transaction->state == state;
    states.push_back({{{"state", name_of(state)}}, is_now ? 1.0 : 0.0});
  }
  page.add(kState, states);
  if (host.transaction && host.transaction->deadline) {
    page.add(kDeadline, seconds_of(*host.transaction->deadline));
  }
  page.add(kDrift, host.transaction ? double(host.transaction->drift.size()) : 0);
}

}  // namespace

std::string metrics(const HostSummary& host, Exposition exposition) {
  Page page(exposition, host.host.netns);
  add_audit(host, page);
  if (host.state == AuditState::kFailed) return page.take();
  add_findings(host, page);
  add_ports(host, page);
  add_listeners(host, page);
  add_transaction(host, page);
  if (host.boot) {
    page.add(kLost, double(host.boot->lost.size()));
    page.add(kLines, double(host.boot->not_in_effect.size()));
  }
  return page.take();
}

}  // namespace advisor
