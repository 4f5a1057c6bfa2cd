#include "collect/datagram_sockets.h"

#include <algorithm>
#include <functional>
#include <map>
#include <utility>
#include <vector>

#include "base/text.h"
#include "model/proc_endpoint.h"

namespace advisor {
namespace {

/// A line of /proc/net/udp (net/ipv4/udp.c, udp4_format_sock).
struct Row {
  DatagramSocket socket;  ///< `dropped` is since it was made
  bool has_peer = false;
};

std::optional<Row> parse_row(std::string_view line) {
  constexpr size_t kLocal = 1, kPeer = 2, kQueues = 4, kInode = 9, kDrops = 12;
  constexpr int kHexadecimal = 16;
  const auto words = words_of(line);
  if (words.size() <= kDrops) return std::nullopt;
  const auto local = parse_proc_endpoint(words[kLocal]);
  const auto peer = parse_proc_endpoint(words[kPeer]);
  const auto waiting =
      parse_unsigned(words[kQueues].substr(words[kQueues].find(':') + 1), kHexadecimal);
  const auto inode = parse_decimal(words[kInode]);
  const auto drops = parse_decimal(words[kDrops]);
  if (!local || !peer || !waiting || !inode || !drops) return std::nullopt;
  Row row;
  row.socket.address = local->address;
  row.socket.port = local->port;
  row.socket.waiting_bytes = int64_t(*waiting);
  row.socket.dropped = int64_t{uint32_t(*drops)};  // older kernels print it with a sign
  row.socket.inode = uint32_t(*inode);
  row.has_peer = peer->port != 0;
  return row;
}

Status for_each_row(const FileStore& files, const std::function<void(const Row&)>& visit) {
  for (const char* path : {"/proc/net/udp", "/proc/net/udp6"}) {
    const auto text = files.read(path);
    // A kernel without the protocol has no such file, and no such sockets.
    if (!text && text.error().kind == ErrorKind::kNotFound) continue;
    if (!text) return text.error();
    for (const std::string_view line : split_lines(*text)) {
      if (const auto row = parse_row(line)) visit(*row);
    }
  }
  return {};
}

/// A socket without an address of its own takes its port from all of them.
PortSet of_fullest_address(const std::map<IpAddress, PortSet>& ports) {
  constexpr PortSet::Range kAll{0, 65535};
  PortSet everywhere;
  PortSet fullest;
  for (const auto& [address, those] : ports) {
    if (address.is_unspecified()) {
      everywhere.add(those);
    } else if (those.count_within(kAll) > fullest.count_within(kAll)) {
      fullest = those;
    }
  }
  everywhere.add(fullest);
  return everywhere;
}

}  // namespace

DatagramDrops read_datagram_drops(const FileStore& files) {
  DatagramDrops drops;
  // If it fails, the second reading does so too, and says so.
  (void)for_each_row(files, [&](const Row& row) {
    if (row.socket.dropped > 0) drops[row.socket.inode] = row.socket.dropped;
  });
  return drops;
}

Result<DatagramLoad> read_datagram_sockets(const FileStore& files, const DatagramDrops* before) {
  DatagramLoad load;
  std::map<IpAddress, PortSet> ports;
  std::vector<DatagramSocket> ever;  // that have dropped some since they were made
  const Status read = for_each_row(files, [&](const Row& row) {
    ports[row.socket.address].add({row.socket.port, row.socket.port});
    if (!row.has_peer) load.bound.add({row.socket.port, row.socket.port});
    if (!before || row.socket.dropped == 0) return;
    const auto then = before->find(row.socket.inode);
    const int64_t dropped = row.socket.dropped - (then == before->end() ? 0 : then->second);
    std::vector<DatagramSocket>& sockets = dropped > 0 ? load.dropping : ever;
    sockets.push_back(row.socket);
    sockets.back().since_made = dropped <= 0;
    if (dropped > 0) sockets.back().dropped = dropped;
  });
  if (!read) return read.error();
  load.ports = of_fullest_address(ports);
  if (load.dropping.empty()) load.dropping = std::move(ever);
  std::ranges::stable_sort(load.dropping, std::greater(), &DatagramSocket::dropped);
  return load;
}

}  // namespace advisor
