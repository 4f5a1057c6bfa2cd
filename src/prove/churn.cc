#include <cerrno>
#include <chrono>
#include <utility>

#include "os/clock.h"
#include "prove/counted.h"
#include "prove/load.h"

namespace advisor {
namespace {

constexpr uint16_t kFirstChurnPort = 6000;
/// What a client asks for is answered by listeners with room for all of them.
constexpr int kChurnBacklog = 4096;
constexpr int64_t kKeptUp = 20;

/// Connections that are opened and closed again, one after the other; the end at home closes first.
class Churn : public Load {
 public:
  Churn(const ProofLoad& load, const ProvingPlace& place)
      : load_(load),
        from_(load.incoming ? place.peer() : place.home()),
        to_(load.incoming ? place.home() : place.peer()) {}

  Result<LoadOutcome> run() override {
    // To another port each time: connections of an earlier phase hold no ports towards it.
    const bool fills = load_.fill > 0 && !(load_.fills_once && listener_);
    if (fills || !load_.fills_once) {
      if (const Status moved = move_on(); !moved) return moved.error();
    }
    LoadOutcome outcome;
    if (fills) {
      if (const Status filled = make(load_.fill, outcome); !filled) return filled.error();
    }
    if (fills && load_.age_ms > 0) {
      // The age itself is what is waited for: the kernel goes by it.
      SystemClock clock;
      clock.sleep_until(clock.since_boot() + std::chrono::milliseconds(load_.age_ms));
    }
    outcome = {};
    closed_ = 0;
    const Status made =
        mended_ && load_.pool > 0 ? make_by_pool(outcome) : make(load_.connections, outcome);
    if (!made) return made.error();
    if (load_.incoming) {
      const auto waiting = in_time_wait(port_, closed_);
      if (!waiting) return waiting.error();
      outcome.time_wait = *waiting;
    }
    return outcome;
  }

  Status keep_up() override {
    LoadOutcome outcome;
    if (mended_ && load_.pool > 0) return make_by_pool(outcome);
    return make(kKeptUp, outcome);
  }

  Status mend(bool mended) override {
    mended_ = mended;
    reset_all(pool_clients_);
    reset_all(pool_servers_);
    return {};
  }

 private:
  Status move_on() {
    reset_all(kept_);
    auto listener = open_listener(to_, ++port_, kChurnBacklog);
    if (!listener) return listener.error();
    if (listener->os_error != 0) return os_failure("listen", listener->os_error);
    listener_ = std::move(listener->socket);
    return {};
  }

  Status make(int64_t count, LoadOutcome& outcome) {
    for (int64_t i = 0; i < count; ++i) {
      ++outcome.tried;
      auto client = connect_between(from_, to_, port_, Patience::kWaits);
      if (!client) return client.error();
      if (client->os_error == EADDRNOTAVAIL) {
        ++outcome.refused;
        continue;
      }
      if (client->os_error != 0) return os_failure("connect", client->os_error);
      auto server = accept_one(listener_);
      if (!server) return server.error();
      Status done = exchange(client->socket, *server);
      if (done && load_.peer_closes) {
        if (load_.incoming) std::swap(client->socket, *server);
        done = close_in_turn(std::move(client->socket), *std::move(server));
        ++closed_;
      } else {
        kept_.push_back(*std::move(server));
      }
      if (!done) return done;
    }
    return {};
  }

  /// As many requests, over connections that stay open.
  Status make_by_pool(LoadOutcome& outcome) {
    while (int64_t(pool_clients_.size()) < load_.pool) {
      auto client = connect_between(from_, to_, port_, Patience::kWaits);
      if (!client) return client.error();
      if (client->os_error != 0) return os_failure("connect", client->os_error);
      auto server = accept_one(listener_);
      if (!server) return server.error();
      pool_clients_.push_back(std::move(client->socket));
      pool_servers_.push_back(*std::move(server));
    }
    for (int64_t i = 0; i < load_.connections; ++i) {
      const size_t at = size_t(i % load_.pool);
      ++outcome.tried;
      const Status done = exchange(pool_clients_[at], pool_servers_[at]);
      if (!done) return done;
    }
    return {};
  }

  const ProofLoad& load_;
  const TrafficEnd& from_;
  const TrafficEnd& to_;
  uint16_t port_ = kFirstChurnPort;
  bool mended_ = false;
  int64_t closed_ = 0;  ///< by the end at home, first, of those that count
  UniqueFd listener_;
  std::vector<UniqueFd> kept_;  ///< ends of the peer that it does not close
  std::vector<UniqueFd> pool_clients_;
  std::vector<UniqueFd> pool_servers_;
};

}  // namespace

std::unique_ptr<Load> make_churn(const ProofLoad& load, const ProvingPlace& place) {
  return std::make_unique<Churn>(load, place);
}

}  // namespace advisor
