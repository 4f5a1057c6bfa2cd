#include "collect/routing.h"

#include <fmt/format.h>

#include "base/text.h"
#include "collect/proc_text.h"
#include "model/typed_value.h"

namespace advisor {
namespace {

std::optional<int64_t> of_interface(const SysctlTree& tree, const std::string& interface,
                                    const char* parameter) {
  const auto name = ParameterName::parse(fmt::format("net/ipv6/conf/{}/{}", interface, parameter));
  if (!name) return std::nullopt;
  const Reading reading = tree.read(*name);
  return reading ? parse_kernel_integer(reading->text()) : std::nullopt;
}

}  // namespace

std::optional<std::map<std::string, int64_t>> reverse_path_filters(const SysctlTree& tree,
                                                                   const Snapshot& snapshot) {
  std::vector<ParameterName> names;
  const bool drops = snapshot.counters.rate("TcpExt.IPReversePathFilter").value_or(0) > 0;
  if (drops) {
    const auto all = tree.matching("net/ipv4/conf/*/rp_filter");
    if (!all) return std::nullopt;
    names = *all;
  } else if (!snapshot.host.default_interfaces) {
    return std::nullopt;
  } else {
    for (const std::string& interface : *snapshot.host.default_interfaces) {
      if (auto name = ParameterName::parse("net/ipv4/conf/" + interface + "/rp_filter")) {
        names.push_back(*std::move(name));
      }
    }
  }
  std::map<std::string, int64_t> filters;
  for (const ParameterName& name : names) {
    const std::vector<std::string> parts = split(name.path(), '/');
    constexpr size_t kInterface = 3;
    const std::string& interface = parts.at(kInterface);
    if (interface == "all" || interface == "default") continue;
    const Reading reading = tree.read(name);
    // It went meanwhile.
    if (!reading && reading.error().kind == ErrorKind::kNotFound) continue;
    const auto value = reading ? parse_kernel_integer(reading->text()) : std::nullopt;
    if (!value) return std::nullopt;
    filters[interface] = *value;
  }
  return filters;
}

std::optional<std::vector<std::string>> unheeded_advertisements(const SysctlTree& tree,
                                                                const FileStore& files,
                                                                const Counters& counters) {
  std::vector<std::string> unheeded;
  constexpr const char* kReceived = "snmp6.Icmp6InRouterAdvertisements";
  if (counters.since_boot(kReceived).value_or(0) == 0) return unheeded;
  // The table of a router can be as long as that of the whole Internet.
  constexpr int64_t kMostRoutes = 10'000;
  const auto routes = counters.since_boot("rt6_stats.routes");
  if (!routes || *routes > kMostRoutes) return std::nullopt;
  const auto table = files.read("/proc/net/ipv6_route");
  const auto interfaces = files.list("/proc/net/dev_snmp6");
  if (!table || !interfaces) return std::nullopt;
  if (has_default_route_v6(*table)) return unheeded;
  for (const std::string& interface : *interfaces) {
    const auto text = files.read("/proc/net/dev_snmp6/" + interface);
    CounterValues received;
    if (text) parse_snmp6(*text, received);
    if (received[kReceived] > 0 && of_interface(tree, interface, "accept_ra") == 1 &&
        of_interface(tree, interface, "forwarding").value_or(0) != 0) {
      unheeded.push_back(interface);
    }
  }
  return unheeded;
}

}  // namespace advisor
