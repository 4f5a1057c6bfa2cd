#include "collect/report_file.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "collect/json_values.h"

namespace advisor {
namespace {

// Each takes the members of a report that are compared, and leaves the others.

struct ReportedHost {
  Host host;
};
void json_fields(JsonReader& reader, ReportedHost& one) {
  constexpr int64_t kMostBytes = int64_t{1} << 60;
  reader.leave_others();
  reader("name", one.host.name);
  reader("kernel", one.host.kernel);
  reader("memory_bytes", within(one.host.memory_bytes, 0, kMostBytes));
  reader("available_bytes", within(one.host.available_bytes, 0, kMostBytes));
}

struct ReportedParameter {
  ParameterName name;
  Reading reading = Error{ErrorKind::kIo, "the report does not say", 0};
};
void json_fields(JsonReader& reader, ReportedParameter& one) {
  std::optional<ParameterValue> value;
  std::optional<Error> error;
  reader("name", one.name);
  reader("value", value);
  reader("error", error);
  if (error) one.reading = *std::move(error);
  if (value) one.reading = *std::move(value);
}

/// A list, unlike that of a snapshot.
struct ReportedState {
  TcpState state = TcpState::kClose;
  int64_t sockets = 0;
};
void json_fields(JsonReader& reader, ReportedState& one) {
  std::string name;
  reader("state", name);
  reader("sockets", one.sockets);
  const auto state = state_of(name);
  if (!state) return reader.fail("there is no TCP state \"" + name + "\"");
  one.state = *state;
}

StateCounts states_in(JsonReader& reader, const char* member) {
  std::vector<ReportedState> states;
  reader(member, states);
  StateCounts counts;
  for (const ReportedState& one : states) counts[one.state] = one.sockets;
  return counts;
}

struct ReportedDestination {
  DestinationLoad load;
};
void json_fields(JsonReader& reader, ReportedDestination& one) {
  reader.leave_others();
  reader("source", one.load.destination.source);
  reader("destination", one.load.destination.address);
  reader("port", one.load.destination.port);
  reader("ports_in_use", one.load.ports_in_use);
}

struct ReportedListener {
  ListenerLoad load;
};
void json_fields(JsonReader& reader, ReportedListener& one) {
  reader.leave_others();
  reader("address", one.load.address);
  reader("port", one.load.port);
  reader("waiting", one.load.waiting);
  reader("backlog", one.load.backlog);
}

struct ReportedTail {
  DestinationTail tail;
};
void json_fields(JsonReader& reader, ReportedTail& one) {
  reader("destinations", one.tail.destinations);
  reader("sockets", one.tail.sockets);
}

/// By the names of the facts.
struct ReportedRates {
  Figures figures;
};
void json_fields(JsonReader& reader, ReportedRates& rates) {
  reader.leave_others();
  for (const auto& [member, fact] :
       {std::pair("opened_per_second", "connections.outgoing_per_second"),
        std::pair("accepted_per_second", "connections.incoming_per_second"),
        std::pair("reused_per_second", "tcp.time_wait_reused_per_second")}) {
    std::optional<double> rate;
    reader(member, rate);
    if (rate) rates.figures.emplace(fact, *rate);
  }
}

struct ReportedLoad {
  Result<SocketLoad> sockets = Error{ErrorKind::kIo, "the report does not say", 0};
  std::optional<ReportedRates> rates;
};
void json_fields(JsonReader& reader, ReportedLoad& load) {
  reader.leave_others();
  std::optional<std::string> why;
  reader("error", why);
  if (why) {
    load.sockets = Error{ErrorKind::kIo, *why, 0};
    return;
  }
  SocketLoad sockets;
  sockets.client = states_in(reader, "client");
  sockets.server = states_in(reader, "server");
  reader("rates", load.rates);
  ReportedTail tail;
  reader("tail", tail);
  int64_t count = 0;
  reader("destination_count", count);
  std::vector<ReportedDestination> destinations;
  reader("destinations", destinations);
  std::vector<ReportedListener> listeners;
  reader("listeners", listeners);
  for (auto& one : destinations) sockets.destinations.push_back(std::move(one.load));
  for (auto& one : listeners) sockets.listeners.push_back(std::move(one.load));
  // Those that the report does not list are as unknown as those that nobody kept apart.
  sockets.tail = tail.tail;
  sockets.tail.destinations += std::max<int64_t>(0, count - int64_t(destinations.size()));
  load.sockets = std::move(sockets);
}

struct ReportedAdvice {
  Recommendation wanted;
};
void json_fields(JsonReader& reader, ReportedAdvice& advice) {
  reader.leave_others();
  reader("parameter", advice.wanted.parameter);
  reader("advised", advice.wanted.advised);
}

struct ReportedSuppression {
  std::string reason;
};
void json_fields(JsonReader& reader, ReportedSuppression& suppression) {
  reader.leave_others();
  reader("reason", suppression.reason);
}

struct ReportedVerdict {
  Verdict verdict;
};
void json_fields(JsonReader& reader, ReportedVerdict& one) {
  one.verdict = reader.word(parse_verdict, "a verdict").value_or(Verdict::kUnknown);
}

struct ReportedSeverity {
  Severity severity;
};
void json_fields(JsonReader& reader, ReportedSeverity& one) {
  one.severity = reader.word(parse_severity, "a severity").value_or(Severity::kNote);
}

struct ReportedFinding {
  Finding finding;
};
void json_fields(JsonReader& reader, ReportedFinding& one) {
  reader.leave_others();
  Finding& finding = one.finding;
  reader("rule", finding.rule);
  reader("title", finding.title);
  ReportedVerdict verdict{finding.verdict};
  reader("verdict", verdict);
  finding.verdict = verdict.verdict;
  ReportedSeverity severity{finding.severity};
  reader("severity", severity);
  finding.severity = severity.severity;
  reader("evidence", finding.evidence);
  reader("missing", finding.missing);
  std::vector<ReportedAdvice> advice;
  reader("recommendations", advice);
  for (auto& wanted : advice) finding.recommendations.push_back(std::move(wanted.wanted));
  std::optional<ReportedSuppression> suppressed;
  reader("suppressed", suppressed);
  if (!suppressed) return;
  Suppression suppression;
  suppression.reason = suppressed->reason;
  finding.suppressed = std::make_shared<Suppression>(std::move(suppression));
}

struct ReportedAudit {
  ComparedHost host;
};
void json_fields(JsonReader& reader, ReportedAudit& audit) {
  reader.leave_others();
  Report& report = audit.host.report;
  std::string detail;
  reader("detail", detail);
  if (detail != "all") {
    return reader.fail(
        "a report of --detail asks lacks findings, which would look gone; write it "
        "with --detail all");
  }
  Snapshot& snapshot = report.snapshot;
  reader("profiles", report.profiles);
  ReportedHost host;
  reader("host", host);
  snapshot.host = std::move(host.host);
  reader("taken", snapshot.taken);
  reader("interval_seconds", snapshot.counters.interval_seconds);
  std::vector<ReportedParameter> parameters;
  reader("parameters", parameters);
  for (auto& one : parameters) snapshot.parameters.insert_or_assign(one.name, one.reading);
  ReportedLoad load;
  reader("load", load);
  snapshot.sockets = std::move(load.sockets);
  if (load.rates) audit.host.figures = std::move(load.rates->figures);
  for (const auto& [fact, bytes] :
       {std::pair("host.memory_bytes", snapshot.host.memory_bytes),
        std::pair("host.available_bytes", snapshot.host.available_bytes)}) {
    if (bytes) audit.host.figures.emplace(fact, double(*bytes));
  }
  std::vector<ReportedFinding> findings;
  reader("findings", findings);
  for (auto& one : findings) report.findings.push_back(std::move(one.finding));
}

}  // namespace

Result<ComparedHost> report_of(const std::string& name, const Json& document) {
  std::string wrong = why_not_schema(document, kReportSchema, "audit --format json");
  ReportedAudit audit;
  if (wrong.empty()) JsonReader(document, wrong).read(audit);
  if (!wrong.empty()) return Error{ErrorKind::kCorrupt, name + ": " + wrong, 0};
  audit.host.file = name;
  audit.host.anonymized = audit.host.report.snapshot.host.name == kAnonymizedName;
  return std::move(audit.host);
}

}  // namespace advisor
