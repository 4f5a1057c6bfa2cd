#include <linux/tcp.h>

#include <cerrno>
#include <chrono>

#include "prove/load.h"
#include "prove/waiting.h"

namespace advisor {
namespace {

constexpr uint16_t kHoldPort = 7000;
constexpr int kHoldBacklog = 4096;
/// Of the connections that stay while services run.
constexpr int64_t kBeside = 10;

/// Connections to one server that stay open.
class HeldConnections {
 public:
  HeldConnections(const TrafficEnd& from, const TrafficEnd& to) : from_(from), to_(to) {}
  ~HeldConnections() { reset(0); }
  HeldConnections(const HeldConnections&) = delete;
  HeldConnections& operator=(const HeldConnections&) = delete;

  size_t size() const { return clients_.size(); }
  const std::vector<UniqueFd>& clients() const { return clients_; }

  /// Opens all of them together, and tells how many were not made.
  Result<int64_t> open_at_once(int64_t count) {
    constexpr std::chrono::seconds kLongest{20};
    if (const Status ready = listen(); !ready) return ready.error();
    for (int64_t i = 0; i < count; ++i) {
      auto client = connect_between(from_, to_, port_, Patience::kGoesOn);
      if (!client) return client.error();
      if (client->os_error != 0) return os_failure("connect", client->os_error);
      clients_.push_back(std::move(client->socket));
    }
    int64_t open = 0;
    const Status waited = wait_or_fail("the end of each attempt", kLongest, [&]() -> Result<bool> {
      int64_t decided = 0;
      open = 0;
      for (const UniqueFd& client : clients_) {
        const ConnectionState state = state_of(client);
        open += state.established;
        decided += state.established || state.closed;
      }
      return decided == count;
    });
    if (!waited) return waited.error();
    return count - open;
  }

  /// Ends all, and begins anew at another port.
  void move_on() {
    reset_all(clients_);
    std::vector<UniqueFd> waiting;
    if (listener_) waiting = accept_waiting(listener_);
    reset_all(waiting);
    listener_ = UniqueFd();
    ++port_;
  }

  /// Opens one more; false if no local port is left.
  Result<bool> open() {
    if (const Status ready = listen(); !ready) return ready.error();
    auto client = connect_between(from_, to_, port_, Patience::kWaits);
    if (!client) return client.error();
    if (client->os_error == EADDRNOTAVAIL) return false;
    if (client->os_error != 0) return os_failure("connect", client->os_error);
    auto server = accept_one(listener_);
    if (!server) return server.error();
    // Also if this process is killed.
    reset_when_closed(client->socket);
    reset_when_closed(*server);
    clients_.push_back(std::move(client->socket));
    servers_.push_back(*std::move(server));
    return true;
  }

  /// Ends all but the first ones.
  void reset(size_t left) {
    while (clients_.size() > left) {
      advisor::reset(std::move(clients_.back()));
      clients_.pop_back();
      // Those that were opened at once were never accepted.
      if (servers_.size() <= clients_.size()) continue;
      advisor::reset(std::move(servers_.back()));
      servers_.pop_back();
    }
  }

 private:
  Status listen() {
    if (listener_) return {};
    auto listener = open_listener(to_, port_, kHoldBacklog);
    if (!listener) return listener.error();
    if (listener->os_error != 0) return os_failure("listen", listener->os_error);
    listener_ = std::move(listener->socket);
    return {};
  }

  const TrafficEnd& from_;
  const TrafficEnd& to_;
  uint16_t port_ = kHoldPort;
  UniqueFd listener_;
  std::vector<UniqueFd> clients_;
  std::vector<UniqueFd> servers_;
};

class Hold : public Load {
 public:
  Hold(const ProofLoad& load, const ProvingPlace& place)
      : load_(load),
        connections_(load.incoming ? place.peer() : place.home(),
                     load.incoming ? place.home() : place.peer()) {}

  Result<LoadOutcome> run() override {
    if (load_.at_once) return run_at_once();
    const auto held = size_t(load_.held);
    connections_.reset(held);
    while (connections_.size() < held) {
      const auto opened = connections_.open();
      if (!opened) return opened.error();
      if (!*opened) return Error{ErrorKind::kBusy, "no local port is left for what is held", 0};
    }
    LoadOutcome outcome;
    for (int64_t i = 0; i < load_.connections; ++i) {
      const auto opened = connections_.open();
      if (!opened) return opened.error();
      ++outcome.tried;
      outcome.refused += !*opened;
    }
    look_at(outcome, held);
    return outcome;
  }

 private:
  Result<LoadOutcome> run_at_once() {
    connections_.move_on();
    const auto failed = connections_.open_at_once(load_.connections);
    if (!failed) return failed.error();
    LoadOutcome outcome;
    outcome.tried = load_.connections;
    outcome.failed = *failed;
    return outcome;
  }

  void look_at(LoadOutcome& outcome, size_t held) const {
    const std::vector<UniqueFd>& clients = connections_.clients();
    const int preferred = clients.empty() ? 0 : state_of(clients.front()).local_port % 2;
    for (size_t i = held; i < clients.size(); ++i) {
      const ConnectionState state = state_of(clients[i]);
      outcome.searched += state.local_port % 2 != preferred;
      outcome.without_scaling += (state.options & TCPI_OPT_WSCALE) == 0;
      outcome.without_sack += (state.options & TCPI_OPT_SACK) == 0;
      outcome.without_timestamps += (state.options & TCPI_OPT_TIMESTAMPS) == 0;
      outcome.without_discovery += lets_fragment(clients[i]);
      outcome.without_ecn += (state.options & TCPI_OPT_ECN) == 0;
    }
  }

  const ProofLoad& load_;
  HeldConnections connections_;
};

/// Services that stop while connections take any port that is free, and start again.
class Restart : public Load {
 public:
  Restart(const ProofLoad& load, const ProvingPlace& place)
      : load_(load), place_(place), connections_(place.home(), place.peer()) {}

  Result<LoadOutcome> run() override {
    services_.clear();
    connections_.reset(0);
    for (int64_t i = 0; i < load_.connections; ++i) {
      const auto opened = connections_.open();
      if (!opened) return opened.error();
      if (!*opened) break;
    }
    LoadOutcome outcome;
    const auto taken = start_services();
    if (!taken) return taken.error();
    outcome.tried = int64_t(load_.service_ports.size());
    outcome.taken = *taken;
    // For the rule that judges then: the services run, beside a few connections.
    connections_.reset(0);
    services_.clear();
    if (const auto none_taken = start_services(); !none_taken) return none_taken.error();
    for (int64_t i = 0; i < kBeside; ++i) {
      if (const auto opened = connections_.open(); !opened) return opened.error();
    }
    return outcome;
  }

 private:
  /// How many of them find their port taken.
  Result<int64_t> start_services() {
    int64_t taken = 0;
    for (const int64_t port : load_.service_ports) {
      auto service = open_listener(place_.home(), uint16_t(port), kHoldBacklog);
      if (!service) return service.error();
      if (service->os_error != 0 && service->os_error != EADDRINUSE) {
        return os_failure("start a service", service->os_error);
      }
      taken += service->os_error == EADDRINUSE;
      if (service->socket) services_.push_back(std::move(service->socket));
    }
    return taken;
  }

  const ProofLoad& load_;
  const ProvingPlace& place_;
  HeldConnections connections_;
  std::vector<UniqueFd> services_;
};

}  // namespace

std::unique_ptr<Load> make_hold(const ProofLoad& load, const ProvingPlace& place) {
  return std::make_unique<Hold>(load, place);
}

std::unique_ptr<Load> make_restart(const ProofLoad& load, const ProvingPlace& place) {
  return std::make_unique<Restart>(load, place);
}

}  // namespace advisor
