#include <array>

#include "base/text.h"
#include "facts/fact_values.h"
#include "facts/facts.h"
#include "model/kernel_version.h"

namespace advisor {
namespace {

using expr::Type;
using expr::Unknown;
using expr::Value;

constexpr const char* kMeminfo = "/proc/meminfo";

Value kernel_number(const Snapshot& snapshot, size_t index) {
  const auto version = KernelVersion::parse(snapshot.host.kernel);
  if (!version) return Unknown{{"the kernel release could not be read"}};
  return int64_t{version->numbers[index]};
}

constexpr std::array kHostFacts{
    Fact{"host.available_bytes", Type::kInt, "bytes", kMeminfo,
         "memory that programs could still have without swapping (MemAvailable)",
         [](const Snapshot& s) {
           return or_unknown(s.host.available_bytes, "/proc/meminfo could not be read");
         }},
    Fact{"host.container",
         Type::kBool,
         "",
         "/run/systemd/container, /.dockerenv",
         "whether this is a container",
         [](const Snapshot& s) {
           return or_unknown(s.host.container, "/run/systemd/container could not be looked for");
         },
         {},
         "this is a container, and it is a matter of the host below it"},
    Fact{"host.container_engine", Type::kBool, "", "files of Docker, podman, containerd and CNI",
         "whether this host runs containers",
         [](const Snapshot& s) {
           return or_unknown(s.host.container_engine,
                             "whether this host runs containers could not be told");
         }},
    Fact{"host.cpus", Type::kInt, "CPUs", "/proc/net/softnet_stat", "CPUs that are online",
         [](const Snapshot& s) {
           return or_unknown(s.host.cpus, "/proc/net/softnet_stat could not be read");
         }},
    Fact{"host.default_interfaces", Type::kStringList, "", "/proc/net/route",
         "the interfaces that carry an IPv4 default route",
         [](const Snapshot& s) {
           return or_unknown(s.host.default_interfaces, "/proc/net/route could not be read");
         }},
    Fact{
        "host.unheeded_advertisements", Type::kString, "", "/proc/net/dev_snmp6",
        "the interfaces that got router advertisements and pass them over, since they forward with "
        "accept_ra 1, on a host without an IPv6 default route",
        [](const Snapshot& s) {
          const auto& interfaces = s.host.unheeded_advertisements;
          if (interfaces) return Value(join(*interfaces, ", "));
          return Value(Unknown{{"the routes of IPv6 could not be read, or there are too many"}});
        }},
    Fact{"host.ipv6",
         Type::kBool,
         "",
         "/proc/net/snmp6",
         "whether this host speaks IPv6 at all",
         [](const Snapshot& s) { return has_counters_of(s, "snmp6."); },
         {},
         "this host speaks IPv6",
         "this host does not speak IPv6"},
    Fact{"host.kernel", Type::kString, "", "uname(2)", "the kernel release",
         [](const Snapshot& s) { return Value(s.host.kernel); }},
    Fact{"host.kernel_major", Type::kInt, "", "uname(2)", "6 of 6.18",
         [](const Snapshot& s) { return kernel_number(s, 0); }},
    Fact{"host.kernel_minor", Type::kInt, "", "uname(2)", "18 of 6.18",
         [](const Snapshot& s) { return kernel_number(s, 1); }},
    Fact{"host.kernel_number", Type::kInt, "", "uname(2)",
         "the version as one number: 6018 of 6.18, to compare with",
         [](const Snapshot& s) -> Value {
           const Value major = kernel_number(s, 0);
           if (!std::holds_alternative<int64_t>(major)) return major;
           constexpr int64_t kMajor = 1000;
           return std::get<int64_t>(major) * kMajor + std::get<int64_t>(kernel_number(s, 1));
         }},
    Fact{"host.kubernetes", Type::kBool, "", "files of kubelet, kube-proxy and Cilium",
         "whether this is a node of a Kubernetes cluster",
         [](const Snapshot& s) {
           return or_unknown(s.host.kubernetes,
                             "whether this is a node of Kubernetes could not be told");
         }},
    Fact{"host.link_bytes_per_second", Type::kInt, "bytes/s", "/sys/class/net/*/speed",
         "the speed of the fastest network interface",
         [](const Snapshot& s) {
           return or_unknown(s.host.link_bytes_per_second,
                             "no network interface tells its speed in /sys/class/net/*/speed");
         }},
    Fact{"host.memory_bytes", Type::kInt, "bytes", kMeminfo, "the memory of the host (MemTotal)",
         [](const Snapshot& s) {
           return or_unknown(s.host.memory_bytes, "/proc/meminfo could not be read");
         }},
    Fact{"host.page_bytes", Type::kInt, "bytes", "sysconf(3)",
         "the size of a page, in which tcp_mem and udp_mem count",
         [](const Snapshot& s) { return Value(s.host.page_bytes); }}};

}  // namespace

std::span<const Fact> host_facts() {
  return kHostFacts;
}

}  // namespace advisor
