#include "facts/port_pressure.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/text.h"
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

/// Whether no port was taken over, although nearly all wait in TIME_WAIT for longer than the delay
/// and connections come and go: the peers use no timestamps, or did not when these were made.
bool nothing_reused(const Snapshot& snapshot, const DestinationLoad& load) {
  const auto reused = snapshot.counters.rate("TcpExt.TWRecycled");
  if (!reused || *reused > 0 || load.recently_closed == 0 || load.with_timestamps > 0) return false;
  return double(load.ports_in_use) >= kExhaustedShare * double(snapshot.sockets->usable_ports) &&
         2 * load.settled_ports >= snapshot.sockets->usable_ports;
}

PortPressure pressure_of(const Snapshot& snapshot, const Reuse& reuse, const ChurnTrust& trust,
                         const DestinationLoad& load) {
  const SocketLoad& sockets = *snapshot.sockets;
  PortPressure pressure;
  pressure.load = &load;
  pressure.usable = sockets.usable_ports;
  const bool allowed = reuse.works(load.destination);
  pressure.reuse_fails = allowed && nothing_reused(snapshot, load);
  pressure.reuse_works = allowed && !pressure.reuse_fails;
  pressure.opened_per_second = trust.scale * sockets.closed_per_second(load);
  if (trust.is_whole) pressure.rate_is_whole = *trust.is_whole && load.missed == 0;
  pressure.released_per_second = sockets.released_per_second(load);
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
  if (!load) return 0;
  if (!rate_is_whole.value_or(false)) return double(load->ports_in_use);
  return double(live_ports()) + opened_per_second * hold_seconds;
}

int64_t PortPressure::blocked_in_time_wait() const {
  if (!load) return 0;
  return load->time_wait_ports - (reuse_works ? load->settled_ports : 0);
}

double PortPressure::sustainable_per_second() const {
  if (!load) return 0;
  return std::max(0.0, double(usable - live_ports()) / hold_seconds);
}

double PortPressure::exhausted_in_seconds() const {
  if (demand() <= double(usable)) return std::numeric_limits<double>::infinity();
  const double net = opened_per_second - released_per_second;
  const double rate = net > 0 ? net : opened_per_second;
  if (rate <= 0) return 0;
  return std::max(0.0, double(usable - blocked) / rate);
}

PortPressure ports_towards(const Snapshot& snapshot, const DestinationLoad& load) {
  return pressure_of(snapshot, Reuse(snapshot), churn_trust(snapshot), load);
}

PortPressure busiest_ports(const Snapshot& snapshot) {
  PortPressure busiest;
  busiest.usable = snapshot.sockets->usable_ports;
  const Reuse reuse(snapshot);
  const ChurnTrust trust = churn_trust(snapshot);
  for (const DestinationLoad& load : snapshot.sockets->destinations) {
    const PortPressure pressure = pressure_of(snapshot, reuse, trust, load);
    if (!busiest.load || urgency(pressure) > urgency(busiest)) busiest = pressure;
  }
  return busiest;
}

ChurnTrust churn_trust(const Snapshot& snapshot) {
  constexpr double kNearlyAll = 0.9;
  const auto opened = snapshot.counters.rate("Tcp.ActiveOpens");
  if (!opened) return {};
  double closed = 0;
  for (const DestinationLoad& load : snapshot.sockets->destinations) {
    closed += snapshot.sockets->closed_per_second(load);
  }
  return {closed > *opened ? *opened / closed : 1, closed >= kNearlyAll * *opened};
}

const DestinationLoad* busiest_churn(const SocketLoad& load) {
  const auto busiest = std::max_element(load.destinations.begin(), load.destinations.end(),
                                        [](const DestinationLoad& a, const DestinationLoad& b) {
                                          return a.recently_closed < b.recently_closed;
                                        });
  return busiest == load.destinations.end() ? nullptr : &*busiest;
}

std::string rate_in_words(double per_second, std::optional<bool> is_whole) {
  constexpr double kSmall = 100;
  const std::string number = per_second < kSmall ? fmt::format("{:.3g}", per_second)
                                                 : grouped_digits(int64_t(std::lround(per_second)));
  return (is_whole.value_or(false) ? "" : "at least ") + number;
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
