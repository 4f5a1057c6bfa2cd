#include "collect/snapshot_file.h"

#include <limits>
#include <map>
#include <optional>
#include <vector>

#include "collect/json_values.h"

namespace advisor {
namespace {

/// The kernel takes any whole number of 32 bits for rp_filter.
constexpr int64_t kLeastInt = std::numeric_limits<int32_t>::min();
constexpr int64_t kMostInt = std::numeric_limits<int32_t>::max();
constexpr int64_t kMostBytes = int64_t{1} << 60;
/// Of TCP, by all connections to one destination.
constexpr int64_t kMostSegments = int64_t{1} << 48;
/// Counters are sums of the kernel's, and some are -1 (Tcp.MaxConn); the difference of two fits.
constexpr int64_t kLeastCount = std::numeric_limits<int32_t>::min();
constexpr int64_t kMostCount = std::numeric_limits<int64_t>::max() + kLeastCount;

}  // namespace

// Each type that is written as one JSON value.

/// Pairs of a step and how many times are in it; steps without any are left out.
void json_fields(JsonWriter& writer, TimeHistogram& times) {
  Json::Array pairs;
  for (size_t step = 0; step < times.counts().size(); ++step) {
    const uint32_t count = times.counts()[step];
    if (count != 0) pairs.push_back(Json::Array{int64_t(step), int64_t{count}});
  }
  writer.set(std::move(pairs));
}
void json_fields(JsonReader& reader, TimeHistogram& times) {
  std::vector<std::vector<uint32_t>> pairs;
  reader.read(pairs);
  for (const std::vector<uint32_t>& pair : pairs) {
    if (pair.size() != 2 || pair[0] >= TimeHistogram::kSteps) {
      return reader.fail("must be pairs of a step below " + std::to_string(TimeHistogram::kSteps) +
                         " and a count");
    }
    times.add_counted(pair[0], pair[1]);
  }
}

// Each struct: one row for each member, which both writes and reads it.

template <typename Archive>
void json_fields(Archive& archive, Host& host) {
  archive("name", host.name);
  archive("kernel", host.kernel);
  archive("memory_bytes", within(host.memory_bytes, 0, kMostBytes));
  archive("available_bytes", within(host.available_bytes, 0, kMostBytes));
  archive("cpus", host.cpus);
  archive("page_bytes", within(host.page_bytes, 1, int64_t{1} << 30));
  archive("link_bytes_per_second", within(host.link_bytes_per_second, 0, kMostBytes));
  archive("default_interfaces", host.default_interfaces);
  archive("reverse_path_filters", within(host.reverse_path_filters, kLeastInt, kMostInt));
  archive("container", host.container);
  archive("kubernetes", host.kubernetes);
  archive("container_engine", host.container_engine);
  archive("unheeded_advertisements", host.unheeded_advertisements);
  archive("other_namespaces", within(host.other_namespaces, 0, kMostInt));
  archive("id", host.id);
  archive("boot_id", host.boot_id);
}

/// In the order of their names.
template <typename Archive>
void counter_fields(Archive& archive, const char* key, CounterValues& counters) {
  std::map<SharedText, int64_t> sorted(counters.begin(), counters.end());
  archive(key, within(sorted, kLeastCount, kMostCount));
  if constexpr (Archive::kReads) counters = {sorted.begin(), sorted.end()};
}

template <typename Archive>
void json_fields(Archive& archive, Counters& counters) {
  archive("interval_seconds", counters.interval_seconds);
  counter_fields(archive, "first", counters.first);
  counter_fields(archive, "last", counters.last);
}

template <typename Archive>
void json_fields(Archive& archive, PathLoad& paths) {
  archive("measured", paths.measured);
  archive("round_trips", paths.round_trips);
  archive("stalled", paths.stalled);
  archive("quiet", paths.quiet);
  archive("pooled_idle", paths.pooled_idle);
  archive("buffer_limited", paths.buffer_limited);
  // Snapshots of 0.1.0 lack these.
  for (const auto& [name, member] :
       {std::pair("unanswered", &PathLoad::unanswered), std::pair("unsent", &PathLoad::unsent),
        std::pair("most_buffered_bytes", &PathLoad::most_buffered_bytes),
        std::pair("window_limited", &PathLoad::window_limited)}) {
    std::optional<int64_t> value;
    if (paths.tells_buffers) value = paths.*member;
    archive(name, value);
    if constexpr (Archive::kReads) paths.tells_buffers &= value.has_value();
    paths.*member = value.value_or(0);
  }
}

template <typename Archive>
void json_fields(Archive& archive, SocketOwner& owner) {
  archive("pid", owner.pid);
  archive("command", owner.command);
}

/// The inodes have served once owners are found.
template <typename Archive>
void json_fields(Archive& archive, DestinationLoad& load) {
  archive("source", load.destination.source);
  archive("destination", load.destination.address);
  archive("port", load.destination.port);
  archive("states", load.states);
  archive("ports_in_use", load.ports_in_use);
  archive("time_wait_ports", load.time_wait_ports);
  archive("settled_ports", load.settled_ports);
  archive("recently_closed", load.recently_closed);
  archive("about_to_expire", load.about_to_expire);
  archive("with_timestamps", load.with_timestamps);
  archive("without_timestamps", load.without_timestamps);
  archive("round_trips", load.round_trips);
  archive("sent_segments", within(load.sent_segments, 0, kMostSegments));
  archive("resent_segments", within(load.resent_segments, 0, kMostSegments));
  archive("missed", load.missed);
  archive("owners", load.owners);
}

template <typename Archive>
void json_fields(Archive& archive, ServerLoad& load) {
  archive("port", load.port);
  archive("states", load.states);
}

template <typename Archive>
void json_fields(Archive& archive, ListenerLoad& listener) {
  archive("address", listener.address);
  archive("port", listener.port);
  archive("waiting", listener.waiting);
  archive("backlog", listener.backlog);
  archive("dropped", listener.dropped);
  archive("owners", listener.owners);
}

/// As the text that /proc/sys has for such ports.
void json_fields(JsonWriter& writer, PortSet& ports) {
  writer.set(ports.text());
}
void json_fields(JsonReader& reader, PortSet& ports) {
  ports = reader.word(PortSet::parse, "a set of ports").value_or(PortSet());
}

template <typename Archive>
void json_fields(Archive& archive, DatagramSocket& socket) {
  archive("address", socket.address);
  archive("port", socket.port);
  archive("waiting_bytes", socket.waiting_bytes);
  archive("dropped", socket.dropped);
  archive("since_made", socket.since_made);
  archive("owners", socket.owners);
}

template <typename Archive>
void json_fields(Archive& archive, DatagramLoad& load) {
  archive("ports", load.ports);
  archive("bound", load.bound);
  archive("dropping", load.dropping);
  archive("owners_missing", load.owners_missing);
}

template <typename Archive>
void json_fields(Archive& archive, InotifyShare& share) {
  archive("user", within(share.user, 0, int64_t{UINT32_MAX}));
  archive("count", within(share.count, 0, kMostInt));
}

template <typename Archive>
void json_fields(Archive& archive, InotifyUse& use) {
  archive("instances", use.instances);
  archive("watches", use.watches);
}

template <typename Archive>
void json_fields(Archive& archive, DestinationTail& tail) {
  archive("destinations", tail.destinations);
  archive("sockets", tail.sockets);
}

template <typename Archive>
void json_fields(Archive& archive, KernelLogHint& hint) {
  archive("line", hint.line);
  archive("times", hint.times);
  archive("seconds_ago", hint.seconds_ago);
}

template <typename Archive>
void json_fields(Archive& archive, SocketLoad& load) {
  archive("read_from", load.read_from);
  archive("client", load.client);
  archive("server", load.server);
  archive("loopback", load.loopback);
  archive("usable_ports", load.usable_ports);
  archive("bound_ports", load.bound_ports);
  archive("reuse_delay_seconds", load.reuse_delay_seconds);
  std::optional<double> window = load.rate_window_seconds;
  archive("rate_window_seconds", window);
  if constexpr (Archive::kReads) {
    if (window && *window <= 0) archive.fail("rate_window_seconds must be above 0");
  }
  load.rate_window_seconds = window.value_or(kRateWindowSeconds);
  archive("close_wait_held", load.close_wait_held);
  archive("paths", load.paths);
  archive("destinations", load.destinations);
  archive("tail", load.tail);
  archive("servers", load.servers);
  archive("listeners", load.listeners);
  archive("uneven", load.uneven);
  archive("owners_missing", load.owners_missing);
}

template <typename Archive>
void json_fields(Archive& archive, SourceLocation& where) {
  archive("file", where.file);
  archive("line", where.line);
  archive("column", where.column);
}

template <typename Archive>
void json_fields(Archive& archive, OtherSetting& other) {
  archive("program", other.program);
  archive("parameter", other.parameter);
  archive("value", other.value);
  archive("where", other.where);
  archive("certain", other.certain);
  archive("when", other.when);
}

template <typename Archive>
void json_fields(Archive& archive, FileRecord& files) {
  archive("texts", files.texts);
  archive("listings", files.listings);
}

/// A parameter that is there, and cannot be read.
struct UnreadParameter {
  ParameterName name;
  Error error;
};
template <typename Archive>
void json_fields(Archive& archive, UnreadParameter& unread) {
  archive("name", unread.name);
  archive("error", unread.error);
}

/// The values by name; hundreds that a kernel lacks are names alone, and say the same when read.
void parameter_fields(JsonWriter& writer, std::map<ParameterName, Reading>& parameters) {
  std::map<ParameterName, ParameterValue> values;
  std::vector<ParameterName> absent;
  std::vector<UnreadParameter> unread;
  for (const auto& [name, reading] : parameters) {
    if (reading) {
      values.emplace(name, *reading);
    } else if (reading.error() == absent_parameter(name)) {
      absent.push_back(name);
    } else {
      unread.push_back({name, reading.error()});
    }
  }
  writer("parameters", values);
  writer("absent_parameters", absent);
  writer("unread_parameters", unread);
}
void parameter_fields(JsonReader& reader, std::map<ParameterName, Reading>& parameters) {
  reader("parameters", parameters);
  std::optional<std::vector<ParameterName>> absent;
  reader("absent_parameters", absent);
  std::optional<std::vector<UnreadParameter>> unread;
  reader("unread_parameters", unread);
  for (const ParameterName& name : absent.value_or(std::vector<ParameterName>())) {
    parameters.insert_or_assign(name, absent_parameter(name));
  }
  if (!unread) return;
  for (const UnreadParameter& one : *unread) parameters.insert_or_assign(one.name, one.error);
}

template <typename Archive>
void json_fields(Archive& archive, HostRecord& record) {
  std::string schema = kSnapshotSchema;
  archive("schema", schema);
  archive("version", record.version);
  archive("taken", record.snapshot.taken);
  archive("anonymized", record.anonymized);
  archive("host", record.snapshot.host);
  parameter_fields(archive, record.snapshot.parameters);
  archive("counters", record.snapshot.counters);
  archive("sockets", record.snapshot.sockets);
  archive("datagrams", record.snapshot.datagrams);
  archive("inotify", record.snapshot.inotify);
  archive("kernel_log", record.snapshot.kernel_log);
  archive("boot_files", record.boot_files);
  archive("other_writers", record.others);
}

std::string record_text(HostRecord record) {
  return JsonWriter::json_of(record).dump();
}

Result<HostRecord> parse_record(const std::string& name, const std::string& text) {
  const auto json = parse_json(text, name);
  return json ? record_of(name, *json) : json.error();
}

Result<HostRecord> record_of(const std::string& name, const Json& document) {
  std::string wrong;
  if (document.text_at("schema") != kOlderSnapshotSchema) {
    wrong = why_not_schema(document, kSnapshotSchema, "snapshot");
  }
  HostRecord record;
  if (wrong.empty()) JsonReader(document, wrong).read(record);
  if (!wrong.empty()) return Error{ErrorKind::kCorrupt, name + ": " + wrong, 0};
  return record;
}

}  // namespace advisor
