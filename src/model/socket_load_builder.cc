#include "model/socket_load_builder.h"

#include <algorithm>

namespace advisor {
namespace {

bool is_any(const IpAddress& address) {
  return address.bytes() == std::array<uint8_t, 16>{};
}

void add_info(const ConnectionInfo& info, DestinationLoad& load) {
  ++(info.timestamps ? load.with_timestamps : load.without_timestamps);
  // Zero until the first segment was acknowledged.
  if (info.round_trip_seconds > 0) load.round_trips.add(info.round_trip_seconds);
  load.sent_segments += info.sent_segments;
  load.resent_segments += info.resent_segments;
}

void keep_inode(uint32_t inode, DestinationLoad& load) {
  const auto free = std::find(load.inodes.begin(), load.inodes.end(), 0U);
  if (inode != 0 && free != load.inodes.end()) *free = inode;
}

}  // namespace

SocketLoadBuilder::SocketLoadBuilder(PortSet::Range range, const PortSet& reserved,
                                     double reuse_delay_seconds, const FirstLook& before)
    : before_(before) {
  const size_t unusable = usable_.size() - size_t(range.high - range.low + 1);
  usable_ = PortBits().set() >> unusable << size_t(range.low);
  for (const PortSet::Range& kept : reserved.ranges()) {
    for (int port = kept.low; port <= kept.high; ++port) usable_.reset(size_t(port));
  }
  load_.usable_ports = int64_t(usable_.count());
  load_.reuse_delay_seconds = reuse_delay_seconds;
  // No row is older.
  load_.rate_window_seconds =
      std::min(before_.interval_seconds.value_or(kRateWindowSeconds), kTimeWaitSeconds);
  load_.close_wait_held = 0;
}

void SocketLoadBuilder::add_listener(const SocketRow& row) {
  const uint16_t port = row.source_port;
  listening_.set(port);
  if (is_any(row.source)) (row.source.is_v4() ? listening_on_any_v4_ : listening_on_any_).set(port);
  listeners_.insert({port, row.source});
  if (usable_[port]) --load_.usable_ports;
  usable_.reset(port);
  ListenerLoad& listener = load_.listeners.emplace_back();
  listener.address = row.source;
  listener.port = port;
  listener.waiting = row.waiting;
  listener.backlog = row.backlog;
  listener.inode = row.inode;
  if (!row.drops || !before_.listener_drops) return;
  // One that is new, or that had dropped nothing then, is not among them.
  const auto earlier = before_.listener_drops->find(row.inode);
  const uint32_t then = earlier == before_.listener_drops->end() ? 0 : earlier->second;
  listener.dropped = int64_t{*row.drops} - int64_t{std::min(then, *row.drops)};
}

bool SocketLoadBuilder::is_server_side(const SocketRow& row) const {
  const uint16_t port = row.source_port;
  if (!listening_[port]) return false;
  if (listening_on_any_[port] || (listening_on_any_v4_[port] && row.source.is_v4())) return true;
  return listeners_.contains({port, row.source});
}

void SocketLoadBuilder::add_connection(const SocketRow& row) {
  if (row.state == TcpState::kBoundInactive) {
    ++load_.client[row.state];
    load_.bound_ports += usable_[row.source_port] ? 1 : 0;
    return;
  }
  if (row.state == TcpState::kCloseWait) add_close_wait(row);
  // Between addresses of this host nothing crosses a network either.
  if (row.state == TcpState::kEstablished && row.info && !row.destination.is_loopback() &&
      row.source != row.destination) {
    load_.paths.add(*row.info);
  }
  return is_server_side(row) ? add_server(row) : add_client(row);
}

/// What waits in an accept queue is held by no program yet, and has no inode.
void SocketLoadBuilder::add_close_wait(const SocketRow& row) {
  if (row.inode == 0) return;
  const bool seen_before = before_.close_wait && before_.close_wait->contains(row.inode);
  const bool is_old = row.info && row.info->quiet_seconds >= kHeldSeconds;
  ages_missing_ |= !row.info && !before_.close_wait;
  *load_.close_wait_held += seen_before || is_old ? 1 : 0;
}

void SocketLoadBuilder::add_server(const SocketRow& row) {
  ++load_.server[row.state];
  if (!server_at_) server_at_ = std::make_unique<std::array<uint16_t, 65536>>();
  uint16_t& place = (*server_at_)[row.source_port];
  if (place == 0) {
    load_.servers.push_back({row.source_port, {}});
    place = uint16_t(load_.servers.size());
  }
  ++load_.servers[place - 1U].states[row.state];
}

void SocketLoadBuilder::add_client(const SocketRow& row) {
  ++load_.client[row.state];
  if (row.source.is_loopback()) ++load_.loopback[row.state];
  DestinationLoad& load = destinations_.at({row.source, row.destination, row.destination_port});
  ++load.states[row.state];
  const bool usable = usable_[row.source_port];
  load.ports_in_use += usable ? 1 : 0;
  if (row.state == TcpState::kTimeWait) return add_time_wait(row, usable, load);
  keep_inode(row.inode, load);
  if (row.state == TcpState::kEstablished && row.info) add_info(*row.info, load);
}

void SocketLoadBuilder::add_time_wait(const SocketRow& row, bool usable, DestinationLoad& load) {
  load.time_wait_ports += usable ? 1 : 0;
  if (!row.expires_in_seconds) return;
  const double age = kTimeWaitSeconds - *row.expires_in_seconds;
  if (usable && age > load_.reuse_delay_seconds) ++load.settled_ports;
  if (age < load_.rate_window_seconds) ++load.recently_closed;
  // One that is past its time waits for the timer, and is gone as good as now.
  const double left = *row.expires_in_seconds;
  if (left > 0 && left < load_.rate_window_seconds) ++load.about_to_expire;
}

SocketLoad SocketLoadBuilder::finish(std::string read_from) {
  load_.read_from = std::move(read_from);
  if (ages_missing_) load_.close_wait_held.reset();
  load_.destinations = destinations_.take();
  load_.tail = destinations_.tail();
  // Equals in the order of their addresses, so that output does not jump about.
  std::sort(load_.destinations.begin(), load_.destinations.end(),
            [](const DestinationLoad& a, const DestinationLoad& b) {
              if (a.ports_in_use != b.ports_in_use) return a.ports_in_use > b.ports_in_use;
              return a.destination < b.destination;
            });
  std::sort(load_.servers.begin(), load_.servers.end(),
            [](const ServerLoad& a, const ServerLoad& b) {
              const int64_t more = a.states.total() - b.states.total();
              return more != 0 ? more > 0 : a.port < b.port;
            });
  std::stable_sort(
      load_.listeners.begin(), load_.listeners.end(),
      [](const ListenerLoad& a, const ListenerLoad& b) { return a.excess() > b.excess(); });
  return std::move(load_);
}

}  // namespace advisor
