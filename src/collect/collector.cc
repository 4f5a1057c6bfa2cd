#include "collect/collector.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

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
  if (const auto text = files.read("/proc/net/snmp6")) parse_snmp6(*text, counters);
  if (const auto text = files.read("/proc/net/softnet_stat")) parse_softnet(*text, counters);
  for (const char* table : {"nf_conntrack", "arp_cache", "ndisc_cache"}) {
    const auto text = files.read(std::string("/proc/net/stat/") + table);
    if (text) parse_cpu_table(table, *text, counters);
  }
  return counters;
}

Counters sample_counters(const HostSources& sources, const SnapshotRequest& request) {
  Counters counters;
  if (request.interval.count() == 0) {
    counters.last = read_counters(sources.files);
    return counters;
  }
  counters.first = read_counters(sources.files);
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

/// The speed of the fastest interface that tells it; virtual ones do not.
std::optional<int64_t> link_bytes_per_second(const FileStore& files) {
  constexpr int64_t kBytesPerMegabit = 1'000'000 / 8;
  std::optional<int64_t> fastest;
  const auto interfaces = files.list("/sys/class/net");
  for (const std::string& name : interfaces ? *interfaces : std::vector<std::string>()) {
    const auto text = files.read("/sys/class/net/" + name + "/speed");
    const auto megabits = text ? parse_decimal(trim(*text)) : std::nullopt;
    // -1 while the link is down.
    if (megabits && *megabits > 0) {
      fastest = std::max(fastest.value_or(0), *megabits * kBytesPerMegabit);
    }
  }
  return fastest;
}

bool is_container(const FileStore& files) {
  constexpr const char* kMarks[] = {"/run/systemd/container", "/run/.containerenv", "/.dockerenv"};
  return std::any_of(std::begin(kMarks), std::end(kMarks),
                     [&](const char* mark) { return bool(files.read(mark)); });
}

Host read_host(const FileStore& files) {
  Host host;
  if (const auto name = files.read("/proc/sys/kernel/hostname")) host.name = trim(*name);
  if (const auto release = files.read("/proc/sys/kernel/osrelease")) host.kernel = trim(*release);
  if (const auto meminfo = files.read("/proc/meminfo")) {
    host.memory_bytes = parse_meminfo(*meminfo, "MemTotal");
    host.available_bytes = parse_meminfo(*meminfo, "MemAvailable");
  }
  if (const auto softnet = files.read("/proc/net/softnet_stat")) {
    host.cpus = int64_t(split_lines(*softnet).size());
  }
  if (const auto routes = files.read("/proc/net/route")) {
    host.default_interfaces = parse_default_interfaces(*routes);
  }
  host.container = is_container(files);
  return host;
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
  snapshot.host = read_host(sources.files);
  if (sources.interfaces_shown) {
    snapshot.host.link_bytes_per_second = link_bytes_per_second(sources.files);
  }
  snapshot.host.page_bytes = sources.page_bytes;
  return snapshot;
}

}  // namespace advisor
