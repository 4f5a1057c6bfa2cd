#include "model/socket_load.h"

#include <algorithm>
#include <numeric>

namespace advisor {
namespace {

template <typename Key, typename Load>
std::vector<Load> values_of(std::map<Key, Load>& loads) {
  std::vector<Load> values;
  values.reserve(loads.size());
  for (auto& [key, load] : loads) values.push_back(std::move(load));
  return values;
}

}  // namespace

const char* name_of(TcpState state) {
  constexpr std::array<const char*, kTcpStateCount> kNames{
      "UNKNOWN", "ESTAB",      "SYN-SENT", "SYN-RECV", "FIN-WAIT-1", "FIN-WAIT-2",   "TIME-WAIT",
      "UNCONN",  "CLOSE-WAIT", "LAST-ACK", "LISTEN",   "CLOSING",    "NEW-SYN-RECV", "BOUND"};
  return kNames[size_t(state)];
}

int64_t StateCounts::total() const {
  return std::accumulate(counts_.begin(), counts_.end(), int64_t{0});
}

void StateCounts::add(const StateCounts& other) {
  for (size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
}

int64_t DestinationLoad::live() const {
  return states.total() - states[TcpState::kTimeWait];
}

double DestinationLoad::opened_per_second() const {
  return double(recently_closed) / kRateWindowSeconds;
}

double DestinationLoad::released_per_second() const {
  return double(about_to_expire) / kRateWindowSeconds;
}

StateCounts SocketLoad::all() const {
  StateCounts counts = client;
  counts.add(server);
  counts[TcpState::kListen] += int64_t(listeners.size());
  return counts;
}

PortSet SocketLoad::listening_ports() const {
  PortSet ports;
  for (const ListenerLoad& listener : listeners) ports.add({listener.port, listener.port});
  return ports;
}

SocketLoadBuilder::SocketLoadBuilder(PortSet::Range range, const PortSet& reserved,
                                     double reuse_delay_seconds) {
  std::fill(&usable_[size_t(range.low)], &usable_[size_t(range.high)] + 1, true);
  for (const PortSet::Range& kept : reserved.ranges()) {
    std::fill(&usable_[size_t(kept.low)], &usable_[size_t(kept.high)] + 1, false);
  }
  load_.usable_ports = std::count(usable_.begin(), usable_.end(), true);
  load_.reuse_delay_seconds = reuse_delay_seconds;
}

void SocketLoadBuilder::add_listener(const SocketRow& row) {
  listening_[row.source_port] = true;
  listeners_.insert({row.source_port, row.source});
  if (usable_[row.source_port]) --load_.usable_ports;
  usable_[row.source_port] = false;
  load_.listeners.push_back({row.source, row.source_port, row.waiting, row.backlog});
}

bool SocketLoadBuilder::is_server_side(const SocketRow& row) const {
  if (!listening_[row.source_port]) return false;
  constexpr std::array<uint8_t, 16> kZeros{};
  const IpAddress any_v4 = IpAddress::v4(kZeros.data());
  const IpAddress any_v6 = IpAddress::v6(kZeros.data());
  const auto listens = [&](const IpAddress& address) {
    return listeners_.contains({row.source_port, address});
  };
  return listens(row.source) || listens(any_v6) || (row.source.is_v4() && listens(any_v4));
}

void SocketLoadBuilder::add_connection(const SocketRow& row) {
  if (row.state == TcpState::kBoundInactive) {
    ++load_.client[row.state];
    load_.bound_ports += usable_[row.source_port] ? 1 : 0;
    return;
  }
  add_path(row);
  if (!is_server_side(row)) return add_client(row);
  ++load_.server[row.state];
  ServerLoad& server = servers_[row.source_port];
  server.port = row.source_port;
  ++server.states[row.state];
}

void SocketLoadBuilder::add_path(const SocketRow& row) {
  if (row.state != TcpState::kEstablished || !row.info) return;
  // Between addresses of this host nothing crosses a network either.
  const bool local = row.destination.is_loopback() || row.source == row.destination;
  if (!local) load_.paths.add(*row.info);
}

void SocketLoadBuilder::add_client(const SocketRow& row) {
  ++load_.client[row.state];
  const Destination destination{row.source, row.destination, row.destination_port};
  DestinationLoad& load = destinations_[destination];
  load.destination = destination;
  ++load.states[row.state];
  const bool usable = usable_[row.source_port];
  load.ports_in_use += usable ? 1 : 0;
  if (row.state == TcpState::kEstablished && row.info) {
    ++(row.info->timestamps ? load.with_timestamps : load.without_timestamps);
  }
  if (row.state != TcpState::kTimeWait) return;
  load.time_wait_ports += usable ? 1 : 0;
  if (!row.expires_in_seconds) return;
  const double age = kTimeWaitSeconds - *row.expires_in_seconds;
  if (usable && age > load_.reuse_delay_seconds) ++load.settled_ports;
  if (age < kRateWindowSeconds) ++load.recently_closed;
  if (*row.expires_in_seconds < kRateWindowSeconds) ++load.about_to_expire;
}

SocketLoad SocketLoadBuilder::finish(std::string read_from) {
  load_.read_from = std::move(read_from);
  load_.destinations = values_of(destinations_);
  load_.servers = values_of(servers_);
  // Stable, so that equals stay in the order of their addresses and output does not jump about.
  std::stable_sort(load_.destinations.begin(), load_.destinations.end(),
                   [](const DestinationLoad& a, const DestinationLoad& b) {
                     return a.ports_in_use > b.ports_in_use;
                   });
  std::stable_sort(
      load_.servers.begin(), load_.servers.end(),
      [](const ServerLoad& a, const ServerLoad& b) { return a.states.total() > b.states.total(); });
  std::stable_sort(
      load_.listeners.begin(), load_.listeners.end(),
      [](const ListenerLoad& a, const ListenerLoad& b) { return a.excess() > b.excess(); });
  return std::move(load_);
}

}  // namespace advisor
