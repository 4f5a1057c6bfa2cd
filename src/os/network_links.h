#pragma once

#include <string>

#include "base/result.h"
#include "os/unique_fd.h"

namespace advisor {

/// The network namespace that this process is in, kept open.
Result<UniqueFd> own_network_namespace();

/// A new network namespace with nothing in it but its loopback interface, which is up. This process
/// stays in its own.
Result<UniqueFd> make_network_namespace();

/// Moves this process into a namespace that is open.
Status move_into(const UniqueFd& network_namespace);

/// Sets an interface of this namespace up.
Status bring_up(const std::string& interface);

/// Makes a pair of interfaces that are tied to each other: one here, and one called
/// `other_interface` in `other`.
Status make_link_pair(const std::string& interface, const UniqueFd& other,
                      const std::string& other_interface);

/// From now on what leaves the interface is cut into packets, and has its checksums, before.
Status switch_offload_off(const std::string& interface);

/// Gives an interface an address of either family, ready at once.
Status add_address(const std::string& interface, const std::string& address, int prefix_length);

/// What is for these IPv4 addresses belongs to this interface.
Status add_route(const std::string& network, int prefix_length, const std::string& interface);

/// What is for nobody on this link goes to `gateway`, an IPv4 address on it.
Status add_default_route(const std::string& gateway);

/// The router to which this namespace sends what is for an IPv4 address; empty if that address is
/// on a link of its own.
Result<std::string> gateway_towards(const std::string& address);

/// Waits until the kernel has taken note that the interface is connected: before that, packets are
/// lost.
Status settle_link(const std::string& interface);

}  // namespace advisor
