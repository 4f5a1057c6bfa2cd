#include "prove/place.h"

#include "os/network_links.h"
#include "os/sysctl_tree.h"

namespace advisor {
namespace {

constexpr const char* kInterface = "proof0";

Status set_values(const std::vector<KeyValue>& values) {
  ProcSysctlTree tree("");
  for (const auto& [key, value] : values) {
    const auto name = ParameterName::parse(key);
    if (const Status writable = tree.check_writable(*name); !writable) {
      return Error{
          ErrorKind::kNotFound,
          key + " cannot be set in a namespace of this kernel: " + writable.error().message, 0};
    }
    if (const Status set = tree.write(*name, ParameterValue(value)); !set) return set;
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<ProvingPlace>> ProvingPlace::make(const Proof& proof) {
  std::unique_ptr<ProvingPlace> place(new ProvingPlace());
  const bool v6 = proof.load.ipv6;
  Status made;
  if (proof.place == ProofPlace::kPair) {
    made = place->make_pair();
    place->home_.address = v6 ? "fd00:77::1" : "10.77.0.1";
    place->peer_ = {v6 ? "fd00:77::2" : "10.77.0.2", &place->peer_namespace_,
                    &place->home_namespace_};
  } else {
    // IPv6 has one address of the loopback interface only.
    place->home_.address = v6 ? "::1" : "127.0.0.1";
    place->peer_.address = v6 ? "::1" : "127.0.0.2";
  }
  if (made) made = set_values(proof.start);
  if (made && proof.place == ProofPlace::kPair) {
    made = move_into(place->peer_namespace_);
    if (made) made = set_values(proof.peer);
    if (const Status back = move_into(place->home_namespace_); made) made = back;
  }
  if (!made) return made.error();
  return place;
}

Status ProvingPlace::make_pair() {
  auto home = own_network_namespace();
  if (!home) return home.error();
  home_namespace_ = *std::move(home);
  auto peer = make_network_namespace();
  if (!peer) return peer.error();
  peer_namespace_ = *std::move(peer);
  Status made = make_link_pair(kInterface, peer_namespace_);
  const auto set_up = [&](const char* v4, const char* v6) {
    if (made) made = bring_up(kInterface);
    if (made) made = add_address(kInterface, v4, 24);
    if (made) made = add_address(kInterface, v6, 64);
  };
  set_up("10.77.0.1", "fd00:77::1");
  if (made) made = move_into(peer_namespace_);
  set_up("10.77.0.2", "fd00:77::2");
  // Both ends are up: only now is there a connection to take note of.
  if (made) made = settle_link(kInterface);
  if (const Status back = move_into(home_namespace_); made) made = back;
  if (made) made = settle_link(kInterface);
  if (made) made = add_default_route("10.77.0.2");
  return made;
}

}  // namespace advisor
