#include "facts/port_pressure.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "model/typed_value.h"

namespace advisor {
namespace {

/// Where a connection may take over a port in TIME_WAIT: tcp_tw_reuse 1 means everywhere, 2 between
/// loopback addresses only, and both need timestamps (tcp_twsk_unique, net/ipv4/tcp_ipv4.c).
struct Reuse {
  explicit Reuse(const Snapshot& snapshot) {
    if (parameter_number(snapshot, kTimestamps).value_or(0) < 1) return;
    const int64_t reuse = parameter_number(snapshot, kTimeWaitReuse).value_or(0);
    everywhere = reuse == 1;
    on_loopback = reuse == 1 || reuse == 2;
  }
  bool works(const Destination& to) const {
    return everywhere || (on_loopback && (to.source.is_loopback() || to.address.is_loopback()));
  }

  bool everywhere = false;
  bool on_loopback = false;
};

PortPressure pressure_of(const SocketLoad& sockets, const Reuse& reuse,
                         const DestinationLoad& load) {
  PortPressure pressure;
  pressure.load = &load;
  pressure.usable = sockets.usable_ports;
  pressure.reuse_works = reuse.works(load.destination);
  pressure.hold_seconds = pressure.reuse_works ? sockets.reuse_delay_seconds : kTimeWaitSeconds;
  pressure.blocked =
      load.ports_in_use - (pressure.reuse_works ? load.settled_ports : 0) + sockets.bound_ports;
  return pressure;
}

/// What is exhausted now comes before what will be, whatever the numbers; then the more ports.
double urgency(const PortPressure& pressure) {
  const double usable = double(pressure.usable);
  const double held = double(std::max(pressure.blocked, pressure.load->ports_in_use));
  return std::max(held, std::min(pressure.demand(), kExhaustedShare * usable - 1));
}

}  // namespace

double PortPressure::share_of(int64_t ports) const {
  if (!load) return 0;
  return usable > 0 ? double(ports) / double(usable) : 1;
}

int64_t PortPressure::live_ports() const {
  return load ? load->ports_in_use - load->time_wait_ports : 0;
}

double PortPressure::demand() const {
  return load ? double(live_ports()) + load->opened_per_second() * hold_seconds : 0;
}

double PortPressure::sustainable_per_second() const {
  if (!load) return 0;
  return std::max(0.0, double(usable - live_ports()) / hold_seconds);
}

double PortPressure::exhausted_in_seconds() const {
  if (demand() <= double(usable)) return std::numeric_limits<double>::infinity();
  const double net = load->opened_per_second() - load->released_per_second();
  const double rate = net > 0 ? net : load->opened_per_second();
  if (rate <= 0) return 0;
  return std::max(0.0, double(usable - blocked) / rate);
}

PortPressure busiest_ports(const Snapshot& snapshot) {
  PortPressure busiest;
  busiest.usable = snapshot.sockets->usable_ports;
  const Reuse reuse(snapshot);
  for (const DestinationLoad& load : snapshot.sockets->destinations) {
    const PortPressure pressure = pressure_of(*snapshot.sockets, reuse, load);
    if (!busiest.load || urgency(pressure) > urgency(busiest)) busiest = pressure;
  }
  return busiest;
}

const DestinationLoad* busiest_churn(const SocketLoad& load) {
  const auto busiest = std::max_element(load.destinations.begin(), load.destinations.end(),
                                        [](const DestinationLoad& a, const DestinationLoad& b) {
                                          return a.recently_closed < b.recently_closed;
                                        });
  return busiest == load.destinations.end() ? nullptr : &*busiest;
}

int64_t pool_size_for(int64_t live) {
  const double mean = double(std::max<int64_t>(live, 1));
  return int64_t(std::ceil(mean + 3 * std::sqrt(mean)));
}

std::optional<int64_t> parameter_number(const Snapshot& snapshot, std::string_view parameter,
                                        size_t field) {
  const auto name = ParameterName::of_canonical(SharedText::lasting(parameter));
  const ParameterValue* value = snapshot.value_of(name);
  if (!value || field >= value->words().size()) return std::nullopt;
  return parse_kernel_integer(value->words()[field]);
}

}  // namespace advisor
