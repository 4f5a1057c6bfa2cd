#include <fmt/format.h>

#include <chrono>

#include "os/network_links.h"
#include "prove/load.h"
#include "prove/waiting.h"

namespace advisor {
namespace {

constexpr uint16_t kRedirectsPort = 9000;
/// A second router on the link, which the peer is as well.
constexpr const char* kOtherRouter = "10.77.0.3";
constexpr std::chrono::seconds kLongest{5};

/// The router of home tells it, for one address after the other, to send to the other router from
/// now on (ICMP redirects, RFC 1122 section 3.2.2.2).
class Redirects : public Load {
 public:
  Redirects(const ProofLoad& load, const ProvingPlace& place) : load_(load), place_(place) {}

  Result<LoadOutcome> run() override {
    if (!home_) {
      if (const Status ready = prepare(); !ready) return ready.error();
    }
    // Home takes a router only that it has found on its link.
    const Status found = carried(home_, kOtherRouter, peer_);
    if (!found) return found.error();
    ++phase_;
    for (int64_t i = 0; i < load_.connections; ++i) {
      const Status sent = send_forged_redirect(raw_, place_.peer().address, place_.home().address,
                                               destination(i), kOtherRouter);
      if (!sent) return sent.error();
    }
    // What is sent behind them is there when they are.
    const Status last = carried(peer_, place_.home().address, home_);
    if (!last) return last.error();
    LoadOutcome outcome;
    outcome.tried = load_.connections;
    for (int64_t i = 0; i < load_.connections; ++i) {
      const auto gateway = gateway_towards(destination(i));
      if (!gateway) return gateway.error();
      outcome.misled += *gateway == kOtherRouter;
    }
    return outcome;
  }

 private:
  /// Another one in each phase, since a redirect that was taken stays.
  std::string destination(int64_t number) const {
    return fmt::format("10.99.{}.{}", phase_, number + 1);
  }

  Status prepare() {
    Status ready = place_.add_to_peer(kOtherRouter);
    TrafficEnd any = place_.peer();
    any.address = "0.0.0.0";
    if (ready) ready = keep(open_datagrams(any, kRedirectsPort), peer_);
    if (ready) ready = keep(open_datagrams(place_.home(), kRedirectsPort), home_);
    return ready ? keep(open_raw(place_.peer()), raw_) : ready;
  }

  /// A datagram that has come.
  static Status carried(const UniqueFd& from, const std::string& to, const UniqueFd& receiver) {
    const Status sent = send_datagram(from, to, kRedirectsPort, '.');
    if (!sent) return sent;
    return wait_or_fail("a datagram to " + to, kLongest,
                        [&]() -> Result<bool> { return !receive_datagrams(receiver).empty(); });
  }

  const ProofLoad& load_;
  const ProvingPlace& place_;
  int phase_ = 0;
  UniqueFd peer_;
  UniqueFd home_;
  UniqueFd raw_;
};

}  // namespace

std::unique_ptr<Load> make_redirects(const ProofLoad& load, const ProvingPlace& place) {
  return std::make_unique<Redirects>(load, place);
}

}  // namespace advisor
