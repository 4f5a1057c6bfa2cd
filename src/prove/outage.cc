#include <algorithm>
#include <chrono>

#include "prove/load.h"
#include "prove/waiting.h"

namespace advisor {
namespace {

constexpr uint16_t kFirstOutagePort = 11000;
constexpr int kOutageBacklog = 4096;

/// Connections that are open when the line is cut: they send something, or probe.
class Outage : public Load {
 public:
  Outage(const ProofLoad& load, const ProvingPlace& place) : load_(load), place_(place) {}
  ~Outage() override { end(); }
  Outage(const Outage&) = delete;
  Outage& operator=(const Outage&) = delete;

  Result<LoadOutcome> run() override {
    end();
    if (const Status mended = place_.line().mend(); !mended) return mended.error();
    if (const Status opened = open_all(); !opened) return opened.error();
    if (const Status cut = place_.line().cut(); !cut) return cut.error();
    for (const UniqueFd& client : clients_) {
      if (!load_.keepalive) (void)send_some(client, 1);
    }
    return once_all_tried();
  }

 private:
  void end() {
    reset_all(clients_);
    reset_all(servers_);
  }

  Status open_all() {
    const auto listener = open_listener(place_.peer(), ++port_, kOutageBacklog);
    if (!listener) return listener.error();
    if (listener->os_error != 0) return os_failure("listen", listener->os_error);
    for (int64_t i = 0; i < load_.connections; ++i) {
      auto client = connect_between(place_.home(), place_.peer(), port_, Patience::kWaits);
      if (!client) return client.error();
      if (client->os_error != 0) return os_failure("connect", client->os_error);
      auto server = accept_one(listener->socket);
      if (!server) return server.error();
      // That its connections work is part of the load: an answer, and its acknowledgement.
      if (const Status works = exchange(client->socket, *server); !works) return works;
      if (load_.keepalive) {
        if (const Status kept = keep_alive(client->socket); !kept) return kept;
      }
      // Also if this process is killed, and the line with it: nobody would answer.
      reset_when_closed(client->socket);
      reset_when_closed(*server);
      clients_.push_back(std::move(client->socket));
      servers_.push_back(*std::move(server));
    }
    return {};
  }

  /// Each has ended, or tried as often as the load says without an answer.
  Result<LoadOutcome> once_all_tried() const {
    constexpr std::chrono::seconds kLongest{20};
    LoadOutcome outcome;
    const Status waited =
        wait_or_fail("what each connection does", kLongest, [&]() -> Result<bool> {
          outcome = {};
          outcome.tried = load_.connections;
          bool all_decided = true;
          for (const UniqueFd& client : clients_) {
            const ConnectionState state = state_of(client);
            const int tries = load_.keepalive ? state.probes : state.timeouts;
            outcome.ended += state.closed;
            outcome.kept += !state.closed;
            all_decided = all_decided && (state.closed || tries >= load_.unanswered);
          }
          return all_decided;
        });
    if (!waited) return waited.error();
    return outcome;
  }

  const ProofLoad& load_;
  const ProvingPlace& place_;
  uint16_t port_ = kFirstOutagePort;
  std::vector<UniqueFd> clients_;
  std::vector<UniqueFd> servers_;
};

}  // namespace

std::unique_ptr<Load> make_outage(const ProofLoad& load, const ProvingPlace& place) {
  return std::make_unique<Outage>(load, place);
}

}  // namespace advisor
