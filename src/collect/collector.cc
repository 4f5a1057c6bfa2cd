#include "collect/collector.h"

#include <fmt/format.h>

#include "base/text.h"
#include "collect/proc_text.h"
#include "model/typed_value.h"

namespace advisor {
namespace {

CounterValues read_counters(const FileStore& files) {
  CounterValues counters;
  for (const char* path : {"/proc/net/snmp", "/proc/net/netstat"}) {
    if (const auto text = files.read(path)) parse_counter_table(*text, counters);
  }
  for (const char* path : {"/proc/net/sockstat", "/proc/net/sockstat6"}) {
    if (const auto text = files.read(path)) parse_sockstat(*text, counters);
  }
  return counters;
}

Counters sample_counters(const HostSources& sources, const SnapshotRequest& request) {
  Counters counters;
  counters.first = read_counters(sources.files);
  if (request.interval.count() == 0) {
    counters.last = counters.first;
    return counters;
  }
  const double start = sources.clock.monotonic_seconds();
  request.progress(fmt::format("watching the counters for {} ms", request.interval.count()));
  sources.clock.sleep(request.interval);
  counters.last = read_counters(sources.files);
  counters.interval_seconds = sources.clock.monotonic_seconds() - start;
  return counters;
}

/// The ports a connection may use, as the parameters say; nothing if they cannot be read.
std::optional<PortSet::Range> port_range(const SysctlTree& tree) {
  const Reading reading = tree.read(*ParameterName::parse("net.ipv4.ip_local_port_range"));
  if (!reading || reading->words().size() != 2) return std::nullopt;
  const auto low = parse_kernel_integer(reading->words()[0]);
  const auto high = parse_kernel_integer(reading->words()[1]);
  if (!low || !high || *low < 0 || *high > 65535 || *low > *high) return std::nullopt;
  return PortSet::Range{int(*low), int(*high)};
}

PortSet reserved_ports(const SysctlTree& tree) {
  const Reading reading = tree.read(*ParameterName::parse("net.ipv4.ip_local_reserved_ports"));
  return reading ? PortSet::parse(reading->text()).value_or(PortSet()) : PortSet();
}

double reuse_delay_seconds(const SysctlTree& tree) {
  const Reading reading = tree.read(*ParameterName::parse("net.ipv4.tcp_tw_reuse_delay"));
  const auto milliseconds =
      reading ? parse_kernel_integer(reading->text()) : std::optional<int64_t>();
  return milliseconds ? double(*milliseconds) / 1000 : kReuseDelaySeconds;
}

Result<SocketLoad> read_sockets(const HostSources& sources) {
  const auto range = port_range(sources.tree);
  if (!range) {
    return Error{ErrorKind::kNotFound,
                 "cannot judge the socket table: net.ipv4.ip_local_port_range is not readable", 0};
  }
  const PortSet reserved = reserved_ports(sources.tree);
  const double reuse_delay = reuse_delay_seconds(sources.tree);
  Error failure{ErrorKind::kNotFound, "there is no socket table to read", 0};
  for (SocketTable* table : sources.socket_tables) {
    SocketLoadBuilder builder(*range, reserved, reuse_delay);
    const Status visited = table->visit([&](const SocketRow& row) { builder.add_listener(row); },
                                        [&](const SocketRow& row) { builder.add_connection(row); });
    if (visited) return builder.finish(table->source());
    failure = visited.error();
  }
  return failure;
}

}  // namespace

Snapshot collect(const HostSources& sources, const SnapshotRequest& request) {
  Snapshot snapshot;
  snapshot.counters = sample_counters(sources, request);
  snapshot.sockets = read_sockets(sources);
  // After the wait, so that the values are those that hold when the advice is given.
  for (const ParameterName& name : request.parameters) {
    snapshot.parameters.emplace(name, sources.tree.read(name));
  }
  if (const auto name = sources.files.read("/proc/sys/kernel/hostname")) {
    snapshot.host.name = trim(*name);
  }
  if (const auto release = sources.files.read("/proc/sys/kernel/osrelease")) {
    snapshot.host.kernel = trim(*release);
  }
  if (const auto meminfo = sources.files.read("/proc/meminfo")) {
    snapshot.host.memory_bytes = parse_memory_bytes(*meminfo);
  }
  return snapshot;
}

}  // namespace advisor
