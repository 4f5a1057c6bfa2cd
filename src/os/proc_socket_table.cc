#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>

#include "base/text.h"
#include "model/proc_endpoint.h"
#include "os/file_access.h"
#include "os/socket_table.h"

namespace advisor {
namespace {

/// "0A:00000010" -> the two hex numbers on either side of the colon.
bool parse_pair(const std::string& text, uint64_t& left, uint64_t& right) {
  const size_t colon = text.find(':');
  if (colon == std::string::npos) return false;
  const auto first = parse_unsigned(std::string_view(text).substr(0, colon), 16);
  const auto second = parse_unsigned(std::string_view(text).substr(colon + 1), 16);
  if (!first || !second) return false;
  left = *first;
  right = *second;
  return true;
}

/// One line of /proc/net/tcp (Documentation/networking/proc_net_tcp.rst). False for the heading
/// and for what is not such a line.
bool parse_row(std::string_view line, SocketRow& row) {
  /// Timers are printed in USER_HZ, which is 100 on every architecture but alpha and ia64.
  constexpr double kTicksPerSecond = 100;
  const std::vector<std::string> words = split_words(line);
  if (words.size() < 6) return false;
  const auto source = parse_proc_endpoint(words[1]);
  const auto destination = parse_proc_endpoint(words[2]);
  if (!source || !destination) return false;
  const auto state = parse_unsigned(words[3], 16);
  uint64_t send_queue = 0, receive_queue = 0, timer = 0, ticks = 0;
  if (!state || *state >= kTcpStateCount || !parse_pair(words[4], send_queue, receive_queue) ||
      !parse_pair(words[5], timer, ticks)) {
    return false;
  }
  row.source = source->address;
  row.source_port = source->port;
  row.destination = destination->address;
  row.destination_port = destination->port;
  row.state = TcpState(*state);
  // The backlog of a listener is not in this file: its send queue is always 0.
  row.waiting = row.state == TcpState::kListen ? uint32_t(receive_queue) : 0;
  constexpr size_t kInode = 9;
  const auto inode = words.size() > kInode ? parse_decimal(words[kInode]) : std::nullopt;
  row.inode = uint32_t(inode.value_or(0));
  row.expires_in_seconds.reset();
  if (row.state == TcpState::kTimeWait) row.expires_in_seconds = double(ticks) / kTicksPerSecond;
  return true;
}

/// Some 6 million sockets: a longer file is none of the kernel's.
constexpr size_t kLongestTable = size_t{1} << 30;

Status visit_file(const std::string& root, const std::string& path, bool listeners,
                  const SocketTable::Visitor& visitor) {
  auto opened = open_to_read(root, path);
  if (!opened) return opened.error();
  const std::unique_ptr<FILE, int (*)(FILE*)> file(fdopen(opened->get(), "r"), fclose);
  if (!file) return os_failure("read " + path, errno);
  opened->release();
  std::array<char, 512> line{};
  SocketRow row;
  for (size_t bytes = 0; fgets(line.data(), int(line.size()), file.get());) {
    const std::string_view text = line.data();
    bytes += text.empty() ? line.size() : text.size();  // zeros have no lines
    if (bytes > kLongestTable) {
      return Error{ErrorKind::kCorrupt, path + ": it is longer than any table of sockets", 0};
    }
    if (parse_row(text, row) && (row.state == TcpState::kListen) == listeners) visitor(row);
  }
  if (ferror(file.get())) return os_failure("read " + path, errno);
  return {};
}

Result<Visit> visit_both(const std::string& root, bool listeners,
                         const SocketTable::Visitor& visitor) {
  const Status v4 = visit_file(root, "/proc/net/tcp", listeners, visitor);
  if (!v4) return v4.error();
  const Status v6 = visit_file(root, "/proc/net/tcp6", listeners, visitor);
  // A kernel without IPv6 has no such file, and no such sockets.
  if (!v6 && v6.error().kind != ErrorKind::kNotFound) return v6.error();
  return Visit{};
}

}  // namespace

Result<Visit> ProcSocketTable::visit_listeners(const Visitor& listener) {
  return visit_both(root_, true, listener);
}

Result<Visit> ProcSocketTable::visit(const Visitor& listener, const Visitor& connection) {
  const auto listed = visit_both(root_, true, listener);
  return listed ? visit_both(root_, false, connection) : listed;
}

}  // namespace advisor
