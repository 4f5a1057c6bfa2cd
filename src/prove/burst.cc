#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "prove/counted.h"
#include "prove/load.h"
#include "prove/waiting.h"

namespace advisor {
namespace {

constexpr uint16_t kBurstPort = 8080;
constexpr uint16_t kFirstForgedPort = 1024;

/// Clients that come all at once to a server that accepts none of them.
class Burst : public Load {
 public:
  Burst(const ProofLoad& load, const ProvingPlace& place) : load_(load), place_(place) {}
  ~Burst() override { reset_all(clients_); }
  Burst(const Burst&) = delete;
  Burst& operator=(const Burst&) = delete;

  Result<LoadOutcome> run() override {
    if (const Status ready = begin_anew(); !ready) return ready.error();
    if (const Status forged = send_forged(); !forged) return forged.error();
    if (load_.after_data) {
      const Status roomy = listen_again(listener_, int(load_.connections));
      if (!roomy) return roomy.error();
    }
    const auto before = counted_here();
    if (!before) return before.error();
    for (int64_t i = 0; i < load_.connections; ++i) {
      auto client = connect_between(place_.peer(), place_.home(), kBurstPort, Patience::kGoesOn);
      if (!client) return client.error();
      if (client->os_error != 0) return os_failure("connect", client->os_error);
      clients_.push_back(std::move(client->socket));
    }
    return load_.after_data ? reset_once_data_came() : settled(count_of(*before, kDrops));
  }

  Status mend(bool mended) override {
    mended_ = mended;
    // What listen() gave it stays for good: it is another server that has not called it again.
    if (!mended) listener_ = UniqueFd();
    return {};
  }

 private:
  static constexpr const char* kDrops = "TcpExt.ListenDrops";
  static constexpr const char* kOverflows = "TcpExt.ListenOverflows";
  static constexpr std::chrono::seconds kLongest{3};

  int64_t how_many(bool ConnectionState::* are) const {
    return std::ranges::count_if(clients_,
                                 [&](const UniqueFd& client) { return state_of(client).*are; });
  }

  /// Nothing waits at the server any more.
  Status begin_anew() {
    const bool longer = mended_ && load_.longer_backlog > 0;
    const int backlog = int(longer ? load_.longer_backlog : load_.backlog);
    reset_all(clients_);
    if (!listener_) {
      auto listener = open_listener(place_.home(), kBurstPort, backlog);
      if (!listener) return listener.error();
      if (listener->os_error != 0) return os_failure("listen", listener->os_error);
      listener_ = std::move(listener->socket);
      return load_.after_data ? wait_for_data(listener_) : Status();
    }
    std::vector<UniqueFd> waiting = accept_waiting(listener_);
    reset_all(waiting);
    // A server that was restarted meanwhile listens with the limit of now.
    if (!load_.listens_once || mended_) return listen_again(listener_, backlog);
    return {};
  }

  Status send_forged() {
    if (load_.forged == 0) return {};
    if (!raw_) {
      auto raw = open_raw(place_.peer());
      if (!raw) return raw.error();
      raw_ = *std::move(raw);
    }
    for (int64_t i = 0; i < load_.forged; ++i) {
      const std::string source = fmt::format("10.78.{}.{}", i / 250, i % 250 + 1);
      const Status sent = send_forged_request(raw_, source, uint16_t(kFirstForgedPort + i),
                                              place_.home().address, kBurstPort);
      if (!sent) return sent;
    }
    return {};
  }

  /// Once each client is in, or the kernel has counted that it was dropped: whoever was dropped
  /// tries again after a second.
  Result<LoadOutcome> settled(int64_t dropped_before) const {
    int64_t in = 0;
    const Status waited = wait_or_fail("an end of each attempt", kLongest, [&]() -> Result<bool> {
      const auto now = counted_here();
      if (!now) return now.error();
      in = how_many(&ConnectionState::established);
      return in + count_of(*now, kDrops) - dropped_before >= load_.connections;
    });
    if (!waited) return waited.error();
    LoadOutcome outcome;
    outcome.tried = load_.connections;
    outcome.kept_out = load_.connections - in;
    return outcome;
  }

  /// All clients are in as far as they know. The server is told of them once they send something,
  /// and has become short of room meanwhile.
  Result<LoadOutcome> reset_once_data_came() const {
    const Status all_in = wait_or_fail("the burst", kLongest, [&]() -> Result<bool> {
      return how_many(&ConnectionState::established) == load_.connections;
    });
    if (!all_in) return all_in.error();
    const auto before = counted_here();
    if (!before) return before.error();
    const Status short_of_room = listen_again(listener_, int(load_.backlog));
    if (!short_of_room) return short_of_room.error();
    for (const UniqueFd& client : clients_) (void)send_some(client, 1);
    // One more fits in than the backlog says.
    const int64_t wanted = load_.connections - load_.backlog - 1;
    const Status turned_away = wait_or_fail("a full queue", kLongest, [&]() -> Result<bool> {
      const auto now = counted_here();
      if (!now) return now.error();
      return count_of(*now, kOverflows) - count_of(*before, kOverflows) >= wanted;
    });
    if (!turned_away) return turned_away.error();
    // A reset that was sent arrives at once.
    constexpr std::chrono::milliseconds kOnTheWay{50};
    const auto arrived = wait_until(
        kOnTheWay, [&]() -> Result<bool> { return how_many(&ConnectionState::closed) >= wanted; });
    if (!arrived) return arrived.error();
    LoadOutcome outcome;
    outcome.tried = load_.connections;
    outcome.reset = how_many(&ConnectionState::closed);
    return outcome;
  }

  const ProofLoad& load_;
  const ProvingPlace& place_;
  bool mended_ = false;
  UniqueFd listener_;
  UniqueFd raw_;
  std::vector<UniqueFd> clients_;
};

}  // namespace

std::unique_ptr<Load> make_burst(const ProofLoad& load, const ProvingPlace& place) {
  return std::make_unique<Burst>(load, place);
}

}  // namespace advisor
