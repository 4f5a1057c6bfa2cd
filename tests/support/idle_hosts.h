#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/kernel_version.h"
#include "support/builders.h"

namespace advisor::testing {

/// Gives every parameter of the catalogue the kernel's default, where that is known.
inline void set_defaults(Snapshot& snapshot, const Catalogue& catalogue) {
  const KernelVersion kernel = *KernelVersion::parse(snapshot.host.kernel);
  const auto set_if_new = [&](const std::string& parameter, std::string_view text) {
    if (!snapshot.reading(name(parameter))) set(snapshot, parameter, std::string(text));
  };
  const auto later = [&](std::string_view version) {
    return !version.empty() && *KernelVersion::parse(version) > kernel;
  };
  // What the kernel computes on a host with 4 GiB.
  set(snapshot, "net.ipv4.tcp_congestion_control", "cubic");
  set(snapshot, "net.ipv4.tcp_max_orphans", "65536");
  set(snapshot, "net.ipv4.tcp_mem", "46000 61334 92000");
  set(snapshot, "net.ipv4.tcp_rmem", "4096 131072 6291456");
  set(snapshot, "net.ipv4.tcp_wmem", "4096 16384 4194304");
  set(snapshot, "net.ipv4.udp_mem", "92000 122668 184000");
  set(snapshot, "net.ipv4.tcp_available_congestion_control", "reno cubic");
  set(snapshot, "net.ipv4.udp_rmem_min", "4096");
  set(snapshot, "net.ipv4.udp_wmem_min", "4096");
  set(snapshot, "net.core.netdev_budget_usecs", "8000");
  set(snapshot, "net.netfilter.nf_conntrack_buckets", "65536");
  set(snapshot, "net.netfilter.nf_conntrack_count", "0");
  set(snapshot, "net.netfilter.nf_conntrack_max", "65536");
  set(snapshot, "fs.file-max", "400000");
  set(snapshot, "fs.file-nr", "1024 0 400000");
  set(snapshot, "fs.aio-nr", "0");
  set(snapshot, "kernel.threads-max", "31000");
  set(snapshot, "kernel.pid_max", "32768");
  set(snapshot, "kernel.pty.nr", "2");
  set(snapshot, "vm.min_free_kbytes", "8192");
  set(snapshot, "fs.inotify.max_user_watches", "32768");
  // Unlike that of interfaces, 1.
  set(snapshot, "net.ipv4.conf.all.accept_source_route", "0");
  for (const std::string& key : catalogue.keys()) {
    for (const char* segment : {"all", "default", "eth0"}) {
      std::string parameter = key;
      const size_t star = parameter.find('*');
      if (star != std::string::npos) parameter.replace(star, 1, segment);
      const ParameterInfo* info = catalogue.find(name(parameter));
      if (!info || later(info->since) || (!info->removed.empty() && !later(info->removed)))
        continue;
      if (const auto text = info->default_on(kernel)) set_if_new(parameter, *text);
    }
  }
}

/// Every counter that a fact reads.
constexpr const char* kCounters[] = {"Icmp.OutRateLimitGlobal",
                                     "Ip.FragFails",
                                     "Ip.ReasmFails",
                                     "IpExt.InOctets",
                                     "Tcp.InCsumErrors",
                                     "Tcp.OutSegs",
                                     "Tcp.RetransSegs",
                                     "TcpExt.IPReversePathFilter",
                                     "TcpExt.PAWSEstab",
                                     "TcpExt.PruneCalled",
                                     "TcpExt.SyncookiesRecv",
                                     "TcpExt.SyncookiesSent",
                                     "TcpExt.TCPAbortOnMemory",
                                     "TcpExt.TCPBacklogDrop",
                                     "TcpExt.TCPMTUPFail",
                                     "TcpExt.TCPMemoryPressures",
                                     "TcpExt.TCPRcvCollapsed",
                                     "TcpExt.TCPRcvQDrop",
                                     "TcpExt.TCPReqQFullDoCookies",
                                     "TcpExt.TCPSynRetrans",
                                     "TcpExt.TWRecycled",
                                     "Udp.MemErrors",
                                     "Udp.RcvbufErrors",
                                     "Udp.SndbufErrors",
                                     "arp_cache.forced_gc_runs",
                                     "arp_cache.table_fulls",
                                     "interfaces.lost",
                                     "ndisc_cache.forced_gc_runs",
                                     "ndisc_cache.table_fulls",
                                     "nf_conntrack.drop",
                                     "nf_conntrack.early_drop",
                                     "nf_conntrack.insert_failed",
                                     "nf_conntrack.invalid",
                                     "pressure.io.some",
                                     "pressure.memory.full",
                                     "pressure.memory.some",
                                     "snmp6.Ip6OutNoRoutes",
                                     "snmp6.Ip6ReasmFails",
                                     "snmp6.Udp6MemErrors",
                                     "snmp6.Udp6RcvbufErrors",
                                     "snmp6.Udp6SndbufErrors",
                                     "softnet.cpu0.dropped",
                                     "softnet.cpu0.processed",
                                     "softnet.cpu0.time_squeeze",
                                     "softnet.cpu1.dropped",
                                     "softnet.cpu1.processed",
                                     "softnet.cpu1.time_squeeze",
                                     "softnet.dropped",
                                     "softnet.processed",
                                     "softnet.time_squeeze",
                                     "vmstat.allocstall",
                                     "vmstat.pswpin",
                                     "vmstat.pswpout"};

/// Every level that a fact reads, as an idle host has it.
constexpr std::pair<const char*, int64_t> kLevels[] = {
    {"arp_cache.entries", 1},
    {"keys.bytes", 1},
    {"keys.bytes_max", 20000},
    {"keys.count", 1},
    {"keys.count_max", 200},
    {"keys.user", 1000},
    {"loadavg.tasks", 200},
    {"meminfo.CommitLimit", int64_t{2} << 30},
    {"meminfo.Committed_AS", int64_t{1} << 30},
    {"meminfo.HugePages_Free", 0},
    {"meminfo.HugePages_Rsvd", 0},
    {"meminfo.HugePages_Total", 0},
    {"meminfo.Hugepagesize", 2097152},
    {"meminfo.SwapTotal", int64_t{1} << 30},
    {"ndisc_cache.entries", 1},
    {"nf_conntrack.entries", 0},
    {"rt6_stats.destinations", 10},
    {"sockstat.FRAG.memory", 0},
    {"sockstat.FRAG6.memory", 0},
    {"sockstat.TCP.mem", 1},
    {"sockstat.TCP.orphan", 1},
    {"sockstat.UDP.inuse", 1},
    {"sockstat.UDP.mem", 1},
    {"sysvipc.msg", 0},
    {"sysvipc.sem", 0},
    {"sysvipc.semaphores", 0},
    {"sysvipc.shm", 0},
    {"vmstat.nr_dirty", 20},
    {"vmstat.nr_dirty_threshold", 100000},
    {"vmstat.nr_dirty_background_threshold", 50000},
    {"vmstat.nr_writeback", 0}};

/// Shows all of them, at rest.
inline void show_counters(Snapshot& snapshot) {
  for (const char* counter : kCounters) count(snapshot, counter, 0);
  for (const auto& [level, value] : kLevels) {
    snapshot.counters.first[level] = snapshot.counters.last[level] = value;
  }
}

/// idle_host() with nothing left that could not be read.
inline Snapshot idle_host_in_full(const Catalogue& catalogue,
                                  const std::string& release = "6.1.0-40-amd64") {
  Snapshot snapshot = idle_host();
  snapshot.host.kernel = release;
  set_defaults(snapshot, catalogue);
  show_counters(snapshot);
  snapshot.host.available_bytes = int64_t{3} << 30;
  snapshot.host.cpus = 2;
  snapshot.host.link_bytes_per_second = 125'000'000;
  snapshot.host.default_interfaces = std::vector<std::string>{"eth0"};
  snapshot.host.unheeded_advertisements.emplace();
  snapshot.inotify = InotifyUse{{1000, 2}, {1000, 40}};
  snapshot.host.reverse_path_filters = std::map<std::string, int64_t>{{"eth0", 0}};
  return snapshot;
}

/// That host as a container sees it: without what the kernel shows to the host alone.
inline Snapshot idle_container(const Catalogue& catalogue) {
  Snapshot snapshot = idle_host_in_full(catalogue);
  snapshot.host.container = true;
  std::erase_if(snapshot.parameters, [&](const auto& parameter) {
    const ParameterInfo* info = catalogue.find(parameter.first);
    return info && info->in_new_namespace == InNewNamespace::kAbsent;
  });
  for (CounterValues* sample : {&snapshot.counters.first, &snapshot.counters.last}) {
    std::erase_if(*sample, [](const auto& counter) {
      const std::string_view name = counter.first;
      return name.starts_with("arp_cache") || name.starts_with("ndisc_cache");
    });
  }
  return snapshot;
}

}  // namespace advisor::testing
