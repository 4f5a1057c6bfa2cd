#include <algorithm>
#include <chrono>

#include "os/network_links.h"
#include "prove/load.h"
#include "prove/waiting.h"

namespace advisor {
namespace {

constexpr uint16_t kDatagramPort = 9000;
// A network that is routed to another interface than the one that its packets come in by.
constexpr const char* kElsewhere = "10.88.0.0";
constexpr const char* kAddressElsewhere = "10.88.0.7";
constexpr int kElsewherePrefix = 24;
// An address of home behind the one on the link: packets that name their way go there last.
constexpr const char* kBehindHome = "10.77.1.9";
constexpr char kCounted = 'c';
constexpr char kLast = 'l';

/// Datagrams from the other end. An ordinary one follows them, which nothing keeps from coming:
/// when it is there, what has not come is lost.
class Datagrams : public Load {
 public:
  Datagrams(const ProofLoad& load, const ProvingPlace& place) : load_(load), place_(place) {}

  Result<LoadOutcome> run() override {
    if (!receiver_) {
      if (const Status ready = prepare(); !ready) return ready.error();
    }
    (void)receive_datagrams(receiver_);
    const std::string to = load_.source_routed ? kBehindHome : place_.home().address;
    for (int64_t i = 0; i < load_.connections; ++i) {
      const Status sent = send_datagram(sender_, to, kDatagramPort, kCounted);
      if (!sent) return sent.error();
    }
    const Status last = send_datagram(ordinary_, place_.home().address, kDatagramPort, kLast);
    if (!last) return last.error();
    constexpr std::chrono::seconds kLongest{5};
    std::string received;
    const Status came =
        wait_or_fail("a datagram that nothing keeps out", kLongest, [&]() -> Result<bool> {
          received += receive_datagrams(receiver_);
          return received.find(kLast) != std::string::npos;
        });
    if (!came) return came.error();
    LoadOutcome outcome;
    outcome.tried = load_.connections;
    outcome.lost = load_.connections - std::ranges::count(received, kCounted);
    return outcome;
  }

 private:
  Status prepare() {
    TrafficEnd source = place_.peer();
    if (load_.from_elsewhere) {
      source.address = kAddressElsewhere;
      Status added = place_.add_to_peer(kAddressElsewhere);
      if (added) added = add_route(kElsewhere, kElsewherePrefix, "lo");
      if (!added) return added;
    }
    if (load_.source_routed) {
      constexpr int kHost = 32;
      const Status added = add_address("lo", kBehindHome, kHost);
      if (!added) return added;
    }
    const Status opened = keep(open_datagrams(source, 0), sender_);
    const Status ordinary = opened ? keep(open_datagrams(place_.peer(), 0), ordinary_) : opened;
    if (!ordinary) return ordinary;
    if (load_.source_routed) {
      const Status routed = route_by_source(sender_, place_.home().address);
      if (!routed) return routed;
    }
    TrafficEnd any = place_.home();
    any.address = "0.0.0.0";
    return keep(open_datagrams(any, kDatagramPort), receiver_);
  }

  const ProofLoad& load_;
  const ProvingPlace& place_;
  UniqueFd sender_;
  UniqueFd ordinary_;
  UniqueFd receiver_;
};

}  // namespace

std::unique_ptr<Load> make_datagrams(const ProofLoad& load, const ProvingPlace& place) {
  return std::make_unique<Datagrams>(load, place);
}

}  // namespace advisor
