#include "prove/place.h"

#include <algorithm>
#include <cerrno>

#include "base/text.h"
#include "os/network_links.h"
#include "os/sysctl_tree.h"

namespace advisor {
namespace {

constexpr int kPrefix = 24;
constexpr int kPrefixOfV6 = 64;
// The ends of the two pairs that a line lies between.
constexpr const char* kNearEnd = "near0";
constexpr const char* kFarEnd = "far0";

/// An algorithm that is not there would be loaded if root asks for it, for the whole machine.
Status check_loaded(const ProcSysctlTree& tree, const KeyValue& wanted) {
  if (wanted.key != "net.ipv4.tcp_congestion_control") return {};
  const auto there = tree.read(*ParameterName::parse("net.ipv4.tcp_available_congestion_control"));
  const auto names = there ? split_words(there->text()) : std::vector<std::string>();
  if (std::ranges::find(names, wanted.value) != names.end()) return {};
  return Error{ErrorKind::kRejected,
               "congestion control " + wanted.value + " is not loaded, and a proof loads no module",
               EOPNOTSUPP};
}

Status check_settable(const ProcSysctlTree& tree, const std::vector<KeyValue>& values) {
  for (const KeyValue& each : values) {
    const auto name = ParameterName::parse(each.key);
    if (const Status writable = tree.check_writable(*name); !writable) {
      return Error{
          ErrorKind::kNotFound,
          each.key + " cannot be set in a namespace of this kernel: " + writable.error().message,
          0};
    }
    if (const Status loaded = check_loaded(tree, each); !loaded) return loaded;
  }
  return {};
}

Status set_values(const std::vector<KeyValue>& values) {
  ProcSysctlTree tree("");
  if (const Status settable = check_settable(tree, values); !settable) return settable;
  for (const auto& [key, value] : values) {
    const Status set = tree.write(*ParameterName::parse(key), ParameterValue(value));
    if (!set) return set;
  }
  return {};
}

/// Only what differs is written: some have effects of their own.
Status set_own(const std::vector<KeyValue>& values) {
  ProcSysctlTree tree("");
  for (const auto& [key, value] : values) {
    const ParameterName name = *ParameterName::parse(key);
    const Reading now = tree.read(name);
    if (!now || now->text() == value) continue;
    if (const Status set = tree.write(name, ParameterValue(value)); !set) return set;
  }
  return {};
}

Status set_up(const TrafficEnd& end) {
  const bool v6 = end.address.find(':') != std::string::npos;
  const Status up = bring_up(kProvingInterface);
  return up ? add_address(kProvingInterface, end.address, v6 ? kPrefixOfV6 : kPrefix) : up;
}

}  // namespace

Result<std::unique_ptr<ProvingPlace>> ProvingPlace::make(const Proof& proof,
                                                         const std::vector<KeyValue>& own) {
  std::unique_ptr<ProvingPlace> place(new ProvingPlace());
  const bool v6 = proof.load.ipv6;
  const bool is_loopback = proof.place == ProofPlace::kLoopback;
  Status made = set_own(own);
  if (is_loopback) {
    // IPv6 has one address of the loopback interface only.
    place->home_.address = v6 ? "::1" : "127.0.0.1";
    place->peer_.address = v6 ? "::1" : "127.0.0.2";
  } else {
    place->home_.address = v6 ? "fd00:77::1" : "10.77.0.1";
    place->peer_ = {v6 ? "fd00:77::2" : "10.77.0.2", &place->peer_namespace_,
                    &place->home_namespace_};
    if (made) made = place->make_two_ends(proof, own);
  }
  if (made) made = set_values(proof.start);
  if (made) made = check_settable(ProcSysctlTree(""), proof.change);
  if (made) made = check_settable(ProcSysctlTree(""), proof.helps);
  if (made && !is_loopback) {
    made = move_into(place->peer_namespace_);
    if (made) made = set_values(proof.peer);
    if (const Status back = move_into(place->home_namespace_); made) made = back;
  }
  if (!made) return made.error();
  return place;
}

/// Ties the two namespaces together, by one pair of interfaces, or by two and a line.
Status ProvingPlace::tie(const Proof& proof) {
  if (proof.place != ProofPlace::kLine) {
    return make_link_pair(kProvingInterface, peer_namespace_, kProvingInterface);
  }
  const auto between = make_network_namespace();
  if (!between) return between.error();
  Status tied = make_link_pair(kProvingInterface, *between, kNearEnd);
  if (tied) tied = switch_offload_off(kProvingInterface);
  if (tied) tied = move_into(peer_namespace_);
  if (tied) tied = make_link_pair(kProvingInterface, *between, kFarEnd);
  if (tied) tied = switch_offload_off(kProvingInterface);
  if (tied) tied = move_into(*between);
  for (const char* end : {kNearEnd, kFarEnd}) {
    if (tied) tied = bring_up(end);
  }
  if (tied) {
    auto line = Line::lay(kNearEnd, kFarEnd,
                          {std::chrono::milliseconds(proof.line.delay_ms),
                           size_t(proof.line.longest), proof.line.lost});
    tied = line ? Status() : Status(line.error());
    if (line) line_ = *std::move(line);
  }
  if (const Status back = move_into(home_namespace_); tied) tied = back;
  return tied;
}

Status ProvingPlace::make_two_ends(const Proof& proof, const std::vector<KeyValue>& own) {
  auto home = own_network_namespace();
  if (!home) return home.error();
  home_namespace_ = *std::move(home);
  auto peer = make_network_namespace();
  if (!peer) return peer.error();
  peer_namespace_ = *std::move(peer);
  // Before there are interfaces, which take theirs from these.
  Status made = move_into(peer_namespace_);
  if (made) made = set_own(own);
  if (const Status back = move_into(home_namespace_); made) made = back;
  if (made) made = tie(proof);
  if (made) made = set_up(home_);
  if (made) made = move_into(peer_namespace_);
  if (made) made = set_up(peer_);
  // Both ends are up: only now is there a connection to take note of.
  if (made) made = settle_link(kProvingInterface);
  if (const Status back = move_into(home_namespace_); made) made = back;
  if (made) made = settle_link(kProvingInterface);
  if (made && !proof.load.ipv6) made = add_default_route(peer_.address);
  return made;
}

Status ProvingPlace::add_to_peer(const std::string& address) const {
  constexpr int kHost = 32;
  Status added = move_into(peer_namespace_);
  if (added) added = add_address(kProvingInterface, address, kHost);
  if (const Status back = move_into(home_namespace_); added) added = back;
  return added;
}

}  // namespace advisor
