#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "os/clock.h"
#include "prove/counted.h"
#include "prove/load.h"

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
    const auto before = counted_here();
    if (!before) return before.error();
    for (int64_t i = 0; i < load_.connections; ++i) {
      auto client = connect_between(place_.peer(), place_.home(), kBurstPort, Patience::kGoesOn);
      if (!client) return client.error();
      if (client->os_error != 0) return os_failure("connect", client->os_error);
      clients_.push_back(std::move(client->socket));
    }
    return settled(count_of(*before, kDrops));
  }

  Status mend(bool mended) override {
    mended_ = mended;
    // What listen() gave it stays for good: it is another server that has not called it again.
    if (!mended) listener_ = UniqueFd();
    return {};
  }

 private:
  static constexpr const char* kDrops = "TcpExt.ListenDrops";

  /// Nothing waits at the server any more.
  Status begin_anew() {
    const int backlog = int(load_.backlog);
    reset_all(clients_);
    if (!listener_) {
      auto listener = open_listener(place_.home(), kBurstPort, backlog);
      if (!listener) return listener.error();
      if (listener->os_error != 0) return os_failure("listen", listener->os_error);
      listener_ = std::move(listener->socket);
      return {};
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
    constexpr std::chrono::seconds kLongest{3};
    constexpr std::chrono::milliseconds kLook{2};
    SystemClock clock;
    const auto until = clock.since_boot() + kLongest;
    for (;;) {
      const auto now = counted_here();
      if (!now) return now.error();
      const int64_t in = std::ranges::count_if(
          clients_, [](const UniqueFd& client) { return state_of(client).established; });
      const int64_t dropped = count_of(*now, kDrops) - dropped_before;
      if (in + dropped >= load_.connections || clock.since_boot() >= until) {
        LoadOutcome outcome;
        outcome.tried = load_.connections;
        outcome.kept_out = load_.connections - in;
        return outcome;
      }
      clock.sleep(kLook);
    }
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
