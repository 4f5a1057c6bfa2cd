#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/address.h"
#include "model/port_set.h"
#include "model/socket_load.h"

namespace advisor {

/// One UDP socket that lost datagrams.
struct DatagramSocket {
  IpAddress address;
  uint16_t port = 0;
  int64_t waiting_bytes = 0;  ///< what its program has not read yet, with the kernel's overhead
  int64_t dropped = 0;        ///< datagrams, between the two samples
  bool since_made = false;    ///< `dropped` is since it was made: none is known to drop just now
  uint32_t inode = 0;
  std::vector<SocketOwner> owners;  ///< where somebody looked
};

/// The UDP sockets of one network namespace.
struct DatagramLoad {
  /// Local ports: those of the address that has most, and those of sockets without one. Nothing in
  /// a snapshot of an older version.
  std::optional<PortSet> ports;
  PortSet bound;                         ///< the ports of those that have no peer: services, mostly
  std::vector<DatagramSocket> dropping;  ///< that lost datagrams, most first
  std::string owners_missing;            ///< why processes behind those are missing
};

}  // namespace advisor
