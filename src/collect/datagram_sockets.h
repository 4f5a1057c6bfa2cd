#pragma once

#include <cstdint>
#include <map>

#include "base/result.h"
#include "model/datagram_load.h"
#include "os/file_store.h"

namespace advisor {

/// How many datagrams each UDP socket has lost since it was made, by inode.
using DatagramDrops = std::map<uint32_t, int64_t>;

/// Of the sockets that have lost any, from /proc/net/udp and udp6.
DatagramDrops read_datagram_drops(const FileStore& files);

/// The UDP sockets, and which of them lost datagrams since `before` was read, or, if none did,
/// ever. Null: nothing was lost meanwhile, or nobody looked before, and none is said to.
Result<DatagramLoad> read_datagram_sockets(const FileStore& files, const DatagramDrops* before);

}  // namespace advisor
