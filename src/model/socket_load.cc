#include "model/socket_load.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace advisor {
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

std::string owners_text(const std::vector<SocketOwner>& owners) {
  constexpr size_t kNamed = 3;
  std::string text;
  for (size_t i = 0; i < std::min(kNamed, owners.size()); ++i) {
    text += fmt::format("{}{} (pid {})", i == 0 ? "" : ", ", owners[i].command, owners[i].pid);
  }
  if (owners.size() > kNamed) text += fmt::format(" and {} more", owners.size() - kNamed);
  return text;
}

int64_t DestinationLoad::live() const {
  return states.total() - states[TcpState::kTimeWait];
}

double SocketLoad::closed_per_second(const DestinationLoad& load) const {
  return double(load.recently_closed) / rate_window_seconds;
}

double SocketLoad::released_per_second(const DestinationLoad& load) const {
  return double(load.about_to_expire) / rate_window_seconds;
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

}  // namespace advisor
