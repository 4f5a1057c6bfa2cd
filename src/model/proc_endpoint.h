#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "model/address.h"

namespace advisor {

/// An address and a port.
struct Endpoint {
  IpAddress address;
  uint16_t port = 0;
};

/// One as /proc/net/{tcp,udp}{,6} print it: "0100007F:1F90", each 32-bit word of the address in the
/// byte order of the host. Nothing if it is none.
std::optional<Endpoint> parse_proc_endpoint(std::string_view text);

}  // namespace advisor
