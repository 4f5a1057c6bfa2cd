#include "collect/collector.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <span>

#include "base/digest.h"
#include "base/text.h"
#include "collect/counter_sample.h"
#include "collect/datagram_sockets.h"
#include "collect/other_writers.h"
#include "collect/proc_text.h"
#include "collect/routing.h"
#include "model/socket_load_builder.h"
#include "model/typed_value.h"

namespace advisor {
namespace {

/// How many datagrams found no room, over both protocols.
int64_t lost_datagrams(const CounterValues& counters) {
  int64_t lost = 0;
  for (const char* name :
       {"Udp.RcvbufErrors", "Udp.MemErrors", "snmp6.Udp6RcvbufErrors", "snmp6.Udp6MemErrors"}) {
    const auto counter = counters.find(name);
    if (counter != counters.end()) lost += counter->second;
  }
  return lost;
}

/// What is known from before the second sample.
struct Before {
  FirstSample first;
  Result<InotifyUse> inotify = Error{
      ErrorKind::kNotFound, "descriptors of processes are looked at between two samples only", 0};
};

Counters take_counters(const HostSources& sources, SnapshotRequest& request, Before& before) {
  if (request.counters) {
    const bool spans = request.counters->interval_seconds > 0;
    if (spans && sources.read_inotify_use) before.inotify = sources.read_inotify_use();
    return *std::move(request.counters);
  }
  const auto sample = [&] {
    return sample_counters(sources.files, sources.clock, sources.interfaces_shown);
  };
  if (request.interval.count() == 0) return Counters{{}, sample().values, 0};
  before.first = request.first ? *std::move(request.first) : take_first_sample(sources);
  request.progress(fmt::format("watching the counters for {} ms", request.interval.count()));
  // What takes longer than an audit should is done while it has to wait anyway.
  if (sources.read_inotify_use) before.inotify = sources.read_inotify_use();
  const std::chrono::duration<double> passed(sources.clock.monotonic_seconds() -
                                             before.first.counters.monotonic_seconds);
  const auto left = request.interval - std::chrono::round<std::chrono::milliseconds>(passed);
  if (left.count() > 0) sources.clock.sleep(left);
  return counters_between(std::move(before.first.counters), sample());
}

/// What the parameters say of ports: the socket table is judged by it.
struct Ports {
  std::optional<PortSet::Range> range;  ///< that a connection may use; nothing if not readable
  PortSet reserved;
  double reuse_delay_seconds = kReuseDelaySeconds;
};

std::optional<PortSet::Range> port_range(const SysctlTree& tree) {
  const Reading reading = tree.read(*ParameterName::parse("net.ipv4.ip_local_port_range"));
  if (!reading || reading->words().size() != 2) return std::nullopt;
  const auto low = parse_kernel_integer(reading->words()[0]);
  const auto high = parse_kernel_integer(reading->words()[1]);
  if (!low || !high || *low < 0 || *high > 65535 || *low > *high) return std::nullopt;
  return PortSet::Range{int(*low), int(*high)};
}

Ports read_ports(const SysctlTree& tree) {
  Ports ports;
  ports.range = port_range(tree);
  const Reading reserved = tree.read(*ParameterName::parse("net.ipv4.ip_local_reserved_ports"));
  if (reserved) ports.reserved = PortSet::parse(reserved->text()).value_or(PortSet());
  const Reading delay = tree.read(*ParameterName::parse("net.ipv4.tcp_tw_reuse_delay"));
  const auto delay_ms = delay ? parse_kernel_integer(delay->text()) : std::nullopt;
  if (delay_ms) ports.reuse_delay_seconds = double(*delay_ms) / 1000;
  return ports;
}

/// The table summed up; read once more if it changed too much meanwhile, a few times.
template <typename MakeBuilder>
Result<SocketLoad> read_evenly(SocketTable& table, const MakeBuilder& make_builder) {
  constexpr int kAttempts = 3;
  for (int attempt = 1;; ++attempt) {
    SocketLoadBuilder builder = make_builder();
    const auto visit = table.visit([&](const SocketRow& row) { builder.add_listener(row); },
                                   [&](const SocketRow& row) { builder.add_connection(row); });
    if (!visit) return visit.error();
    if (visit->uneven && attempt < kAttempts) continue;
    SocketLoad load = builder.finish(table.source());
    load.uneven = visit->uneven;
    return load;
  }
}

Result<SocketLoad> read_sockets(const std::vector<SocketTable*>& tables, const Ports& ports,
                                const FirstLook& before) {
  if (!ports.range) {
    return Error{ErrorKind::kNotFound,
                 "cannot judge the socket table: net.ipv4.ip_local_port_range is not readable", 0};
  }
  Error failure{ErrorKind::kNotFound, "there is no socket table to read", 0};
  for (SocketTable* table : tables) {
    auto load = read_evenly(*table, [&] {
      return SocketLoadBuilder(*ports.range, ports.reserved, ports.reuse_delay_seconds, before);
    });
    if (load) return load;
    failure = load.error();
  }
  return failure;
}

/// How many listeners and destinations, the worst of each, are worth a look at their processes.
constexpr size_t kOwnersWanted = 3;

bool is_filling(const ListenerLoad& listener) {
  return listener.waiting > 0 && 2 * listener.waiting >= listener.backlog.value_or(0);
}

bool is_filling(const DestinationLoad& load, int64_t usable_ports) {
  constexpr int64_t kShare = 20;
  return load.ports_in_use * kShare > usable_ports;
}

/// Names the processes behind what is running full; they are searched for only if something is.
void name_owners(const HostSources& sources, SocketLoad& load) {
  const auto first = [](auto& loads) {
    return std::span(loads).first(std::min(kOwnersWanted, loads.size()));
  };
  std::vector<ListenerLoad*> listeners;
  for (ListenerLoad& listener : first(load.listeners)) {
    if (is_filling(listener)) listeners.push_back(&listener);
  }
  std::vector<ListenerLoad*> dropping;
  for (ListenerLoad& listener : load.listeners) {
    if (listener.dropped.value_or(0) > 0) dropping.push_back(&listener);
  }
  std::ranges::stable_sort(dropping, std::greater(),
                           [](const ListenerLoad* listener) { return *listener->dropped; });
  std::ranges::copy(first(dropping), std::back_inserter(listeners));
  std::vector<DestinationLoad*> destinations;
  for (DestinationLoad& to : first(load.destinations)) {
    if (is_filling(to, load.usable_ports)) destinations.push_back(&to);
  }
  std::set<uint32_t> wanted;
  for (const ListenerLoad* listener : listeners) wanted.insert(listener->inode);
  for (const DestinationLoad* to : destinations)
    wanted.insert(to->inodes.begin(), to->inodes.end());
  wanted.erase(0);
  if (wanted.empty()) return;
  if (!sources.find_owners) {
    load.owners_missing = "there are no processes to look into";
    return;
  }
  const FoundOwners found = sources.find_owners(wanted);
  load.owners_missing = found.missing;
  const auto owners_of = [&](uint32_t inode, std::vector<SocketOwner>& owners) {
    const auto known = found.by_inode.find(inode);
    if (known == found.by_inode.end()) return;
    for (const SocketOwner& owner : known->second) {
      if (std::find(owners.begin(), owners.end(), owner) == owners.end()) owners.push_back(owner);
    }
  };
  for (ListenerLoad* listener : listeners) owners_of(listener->inode, listener->owners);
  for (DestinationLoad* to : destinations) {
    for (const uint32_t inode : to->inodes) owners_of(inode, to->owners);
  }
}

/// Those that lost datagrams are told only if the counters say that there are some.
Result<DatagramLoad> read_datagrams(const HostSources& sources, const Counters& counters,
                                    const std::optional<DatagramDrops>& before) {
  const bool lost_some = lost_datagrams(counters.last) > lost_datagrams(counters.first);
  auto load = read_datagram_sockets(sources.files, before && lost_some ? &*before : nullptr);
  if (!load || load->dropping.empty()) return load;
  load->dropping.resize(std::min(kOwnersWanted, load->dropping.size()));
  if (!sources.find_owners) {
    load->owners_missing = "there are no processes to look into";
    return load;
  }
  std::set<uint32_t> wanted;
  for (const DatagramSocket& socket : load->dropping) wanted.insert(socket.inode);
  FoundOwners found = sources.find_owners(wanted);
  load->owners_missing = found.missing;
  for (DatagramSocket& socket : load->dropping) {
    socket.owners = std::move(found.by_inode[socket.inode]);
  }
  return load;
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

/// Whether there is an interface of one of these names.
bool has_interface(const SysctlTree& tree, std::initializer_list<const char*> names) {
  return std::ranges::any_of(names, [&](const char* name) {
    const auto parameter = ParameterName::parse(fmt::format("net/ipv4/conf/{}/forwarding", name));
    const auto presence = tree.presence_of(*parameter);
    return presence && *presence == Presence::kThere;
  });
}

Host read_host(const FileStore& files, const SysctlTree& tree) {
  Host host = identify(files);
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
  // What agents of a cluster, and engines, call the interfaces that they make.
  const bool has_agent = has_interface(tree, {"cilium_host", "kube-ipvs0", "kube-bridge"});
  const bool has_bridge = has_interface(tree, {"cni0", "docker0", "nerdctl0", "podman0"});
  host.kubernetes = has_agent ? true : is_kubernetes_node(files);
  const bool has_engine = has_bridge || host.kubernetes.value_or(false);
  host.container_engine = has_engine ? true : has_container_engine(files);
  return host;
}

}  // namespace

Host identify(const FileStore& files) {
  Host host;
  if (const auto name = files.read("/proc/sys/kernel/hostname")) host.name = trim(*name);
  if (const auto release = files.read("/proc/sys/kernel/osrelease")) host.kernel = trim(*release);
  if (const auto id = files.read("/etc/machine-id")) host.id = hashed_id(trim(*id));
  if (const auto id = files.read("/proc/sys/kernel/random/boot_id")) {
    host.boot_id = hashed_id(trim(*id));
  }
  return host;
}

std::optional<bool> is_container(const FileStore& files) {
  bool told = true;
  for (const char* mark : {"/run/systemd/container", "/run/.containerenv", "/.dockerenv"}) {
    const auto text = files.read(mark);
    if (text) return true;
    told = told && text.error().kind == ErrorKind::kNotFound;
  }
  return told ? std::optional(false) : std::nullopt;
}

FirstSample take_first_sample(const HostSources& sources) {
  FirstSample first;
  first.counters =
      sample_counters(sources.files, sources.clock, sources.interfaces_shown, Levels::kLeftOut);
  const CounterValues& counters = first.counters.values;
  first.datagrams.emplace();
  if (lost_datagrams(counters) > 0) first.datagrams = read_datagram_drops(sources.files);
  first.sockets.listener_drops.emplace();
  SocketTable* table = sources.socket_tables.empty() ? nullptr : sources.socket_tables.front();
  const auto drops = counters.find("TcpExt.ListenDrops");
  if (table && drops != counters.end() && drops->second > 0) {
    const auto visit = table->visit_listeners([&](const SocketRow& row) {
      if (row.drops.value_or(0) > 0) (*first.sockets.listener_drops)[row.inode] = *row.drops;
    });
    if (!visit) first.sockets.listener_drops.reset();
  }
  if (table && !table->tells_ages()) {
    auto& inodes = first.sockets.close_wait.emplace();
    const auto visit = table->visit([](const SocketRow&) {},
                                    [&](const SocketRow& row) {
                                      constexpr size_t kMost = 100'000;
                                      const bool counts = row.state == TcpState::kCloseWait &&
                                                          row.inode != 0 && inodes.size() < kMost;
                                      if (counts) inodes.insert(row.inode);
                                    });
    if (!visit) first.sockets.close_wait.reset();
  }
  return first;
}

Snapshot collect(const HostSources& sources, SnapshotRequest request) {
  Snapshot snapshot;
  Before before;
  snapshot.counters = take_counters(sources, request, before);
  if (snapshot.counters.interval_seconds > 0) {
    before.first.sockets.interval_seconds = snapshot.counters.interval_seconds;
  }
  snapshot.inotify = std::move(before.inotify);
  snapshot.taken = sources.clock.utc();
  // With an interval of 0 the look should be cheap, and reading the whole log is not.
  if (sources.read_kernel_log && request.interval.count() > 0) {
    const auto records = sources.read_kernel_log();
    if (records)
      snapshot.kernel_log =
          kernel_log_hints(*records, sources.clock.monotonic_seconds(), sources.network_namespace);
    if (!records) snapshot.kernel_log = records.error();
  }
  // After the wait, so that the values are those that hold when the advice is given.
  snapshot.parameters = sources.tree.read_all(request.parameters);
  snapshot.host = read_host(sources.files, sources.tree);
  if (sources.made_pid_namespace.value_or(false)) snapshot.host.container = true;
  if (sources.count_other_namespaces) {
    snapshot.host.other_namespaces = sources.count_other_namespaces();
  }
  snapshot.host.reverse_path_filters = reverse_path_filters(sources.tree, snapshot);
  snapshot.host.unheeded_advertisements =
      unheeded_advertisements(sources.tree, sources.files, snapshot.counters);
  if (sources.interfaces_shown) {
    snapshot.host.link_bytes_per_second = link_bytes_per_second(sources.files);
  }
  snapshot.host.page_bytes = sources.page_bytes;
  request.progress("reading the socket table");
  snapshot.datagrams = read_datagrams(sources, snapshot.counters, before.first.datagrams);
  snapshot.sockets =
      read_sockets(sources.socket_tables, read_ports(sources.tree), before.first.sockets);
  if (!snapshot.sockets) return snapshot;
  name_owners(sources, *snapshot.sockets);
  if (snapshot.kernel_log) keep_hints_on(snapshot.sockets->listeners, *snapshot.kernel_log);
  return snapshot;
}

}  // namespace advisor
