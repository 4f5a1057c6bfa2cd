#include "render/text_load.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace advisor {
namespace {

std::string held_by(const std::vector<SocketOwner>& owners) {
  return owners.empty() ? "" : "; held by " + owners_text(owners);
}

std::string destination_line(const DestinationLoad& load) {
  return fmt::format("{} from {}: {}{} established, {} TIME_WAIT; {} ports of the range in use{}",
                     endpoint_text(load.destination.address, load.destination.port),
                     load.destination.source.text(), load.missed > 0 ? "at least " : "",
                     grouped_digits(load.states[TcpState::kEstablished]),
                     grouped_digits(load.states[TcpState::kTimeWait]),
                     grouped_digits(load.ports_in_use), held_by(load.owners));
}

std::string listener_line(const ListenerLoad& listener) {
  return fmt::format(
      "{}: {} connections wait, backlog {}{}", endpoint_text(listener.address, listener.port),
      grouped_digits(listener.waiting),
      listener.backlog ? grouped_digits(*listener.backlog) : "unknown", held_by(listener.owners));
}

/// What the lines above leave out, and why the numbers may be inexact.
std::string unlisted_text(const SocketLoad& load, size_t listed, const TextStyle& style) {
  std::string text;
  const auto more = int64_t(load.destinations.size()) - int64_t(listed);
  if (more > 0) {
    text += labelled("", fmt::format("and {} more destinations", grouped_digits(more)), style);
  }
  if (load.tail.destinations > 0) {
    text += labelled(
        "",
        fmt::format("and {} sockets towards up to {} others, too many to be told apart",
                    grouped_digits(load.tail.sockets), grouped_digits(load.tail.destinations)),
        style);
  }
  if (load.uneven) {
    text += labelled("", "the table changed while it was read: the numbers may be uneven", style);
  }
  return text + labelled("", load.owners_missing, style);
}

std::string kernel_log_text(const Snapshot& snapshot, const TextStyle& style) {
  std::string text;
  if (!snapshot.kernel_log) return text;
  for (const KernelLogHint& hint : *snapshot.kernel_log) {
    constexpr double kMinute = 60;
    text +=
        labelled("Log",
                 fmt::format("\"{}\" {} in the last hour, the last {:.0f} min ago (a hint: "
                             "the kernel leaves lines out)",
                             hint.line, counted(hint.times, "time"), hint.seconds_ago / kMinute),
                 style);
  }
  return text;
}

}  // namespace

std::string text_load(const Snapshot& snapshot, const TextStyle& style) {
  const std::string log = kernel_log_text(snapshot, style);
  if (!snapshot.sockets) return labelled("Load", snapshot.sockets.error().message, style) + log;
  const SocketLoad& load = *snapshot.sockets;
  std::string text =
      labelled("Load",
               fmt::format("{} client-side and {} server-side TCP sockets, {}; {} local ports "
                           "usable (read from {})",
                           grouped_digits(load.client.total()), grouped_digits(load.server.total()),
                           counted(int64_t(load.listeners.size()), "listener"),
                           grouped_digits(load.usable_ports), load.read_from),
               style);
  const size_t most = style.verbose ? 20 : 3;
  for (size_t i = 0; i < std::min(most, load.destinations.size()); ++i) {
    text += labelled(i == 0 ? "Towards" : "", destination_line(load.destinations[i]), style);
  }
  text += unlisted_text(load, std::min(most, load.destinations.size()), style);
  for (size_t i = 0; i < std::min(most, load.listeners.size()); ++i) {
    const ListenerLoad& listener = load.listeners[i];
    if (listener.excess() > 0 && listener.backlog) {
      text += labelled("Full", listener_line(listener), style);
    }
  }
  return text + log;
}

}  // namespace advisor
