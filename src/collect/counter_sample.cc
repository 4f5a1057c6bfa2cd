#include "collect/counter_sample.h"

#include <string>
#include <utility>

#include "base/text.h"
#include "collect/proc_text.h"

namespace advisor {
namespace {

/// What cards lost for want of room in their rings. The kernel counts what nobody asked for among
/// the drops of /proc/net/dev as well, so the card's own number is read of those that have any.
void add_interface_losses(const FileStore& files, CounterValues& counters) {
  const auto text = files.read("/proc/net/dev");
  if (!text) return;
  int64_t all = 0;
  for (const InterfaceLoss& loss : parse_interface_losses(*text)) {
    const auto missed = files.read("/sys/class/net/" + loss.name + "/statistics/rx_missed_errors");
    const int64_t lost = loss.fifo + (missed ? parse_decimal(trim(*missed)).value_or(0) : 0);
    // A bond tells the sum of its members.
    if (lost == 0 || files.list("/sys/class/net/" + loss.name + "/bonding")) continue;
    counters[SharedText("interface." + loss.name + ".lost")] = lost;
    all += lost;
  }
  counters["interfaces.lost"] = all;
}

/// A file, and who takes it apart.
struct CounterFile {
  const char* path;
  void (*parse)(std::string_view text, CounterValues& counters);
  bool levels = false;  ///< it tells what is, and not how often something was: no rate needs it
};

constexpr CounterFile kCounterFiles[] = {
    {"/proc/net/snmp", parse_counter_table},
    {"/proc/net/netstat", parse_counter_table},
    {"/proc/net/sockstat", parse_sockstat, true},
    {"/proc/net/sockstat6", parse_sockstat, true},
    {"/proc/net/snmp6", parse_snmp6},
    {"/proc/net/softnet_stat", parse_softnet},
    {"/proc/net/rt6_stats", parse_rt6_stats, true},
    {"/proc/vmstat", parse_vmstat},
    {"/proc/meminfo", parse_memory_levels, true},
    {"/proc/loadavg", parse_loadavg, true},
    {"/proc/key-users", parse_key_users, true},
};

CounterValues read_counters(const FileStore& files, bool interfaces_shown, Levels levels) {
  CounterValues counters;
  for (const CounterFile& file : kCounterFiles) {
    if (file.levels && levels == Levels::kLeftOut) continue;
    if (const auto text = files.read(file.path)) file.parse(*text, counters);
  }
  for (const char* table : {"nf_conntrack", "arp_cache", "ndisc_cache"}) {
    const auto text = files.read(std::string("/proc/net/stat/") + table);
    if (text) parse_cpu_table(table, *text, counters);
  }
  for (const char* kind : {"msg", "sem", "shm"}) {
    if (levels == Levels::kLeftOut) break;
    const auto table = files.read(std::string("/proc/sysvipc/") + kind);
    if (table) parse_system_v(kind, *table, counters);
  }
  for (const char* resource : {"memory", "io"}) {
    const auto text = files.read(std::string("/proc/pressure/") + resource);
    if (text) parse_pressure(resource, *text, counters);
  }
  if (interfaces_shown) add_interface_losses(files, counters);
  return counters;
}

}  // namespace

CounterSample sample_counters(const FileStore& files, const Clock& clock, bool interfaces_shown,
                              Levels levels) {
  CounterSample sample{read_counters(files, interfaces_shown, levels), 0};
  sample.monotonic_seconds = clock.monotonic_seconds();
  return sample;
}

Counters counters_between(CounterSample first, CounterSample last) {
  const double interval = last.monotonic_seconds - first.monotonic_seconds;
  return {std::move(first.values), std::move(last.values), interval};
}

}  // namespace advisor
