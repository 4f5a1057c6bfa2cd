#include "render/load_words.h"

#include <fmt/format.h>

#include "base/text.h"

namespace advisor {

std::string load_in_words(const SocketLoad& load) {
  return fmt::format(
      "{} client-side and {} server-side TCP sockets, {}; {} local ports usable (read from {})",
      grouped_digits(load.client.total()), grouped_digits(load.server.total()),
      counted(int64_t(load.listeners.size()), "listener"), grouped_digits(load.usable_ports),
      load.read_from);
}

std::string held_by(const std::vector<SocketOwner>& owners) {
  return owners.empty() ? "" : "; held by " + owners_text(owners);
}

std::string towards_in_words(const DestinationLoad& load) {
  return fmt::format("{} from {}", endpoint_text(load.destination.address, load.destination.port),
                     load.destination.source.text());
}

std::string in_words(const DestinationLoad& load) {
  return fmt::format("{}: {}{} established, {} TIME_WAIT; {} of the range in use{}",
                     towards_in_words(load), load.missed > 0 ? "at least " : "",
                     grouped_digits(load.states[TcpState::kEstablished]),
                     grouped_digits(load.states[TcpState::kTimeWait]),
                     counted(load.ports_in_use, "port"), held_by(load.owners));
}

std::string in_words(const ListenerLoad& listener) {
  return fmt::format(
      "{}: {} {}, backlog {}{}", endpoint_text(listener.address, listener.port),
      counted(listener.waiting, "connection"), listener.waiting == 1 ? "waits" : "wait",
      listener.backlog ? grouped_digits(*listener.backlog) : "unknown", held_by(listener.owners));
}

std::vector<std::string> load_remarks(const SocketLoad& load, size_t listed) {
  std::vector<std::string> remarks;
  const auto more = int64_t(load.destinations.size()) - int64_t(listed);
  if (more > 0) remarks.push_back("and " + counted(more, "more destination"));
  if (load.tail.destinations > 0) {
    remarks.push_back(fmt::format("and {} towards up to {}, too many to be told apart",
                                  counted(load.tail.sockets, "socket"),
                                  counted(load.tail.destinations, "other")));
  }
  if (load.uneven) {
    remarks.emplace_back("the table changed while it was read: the numbers may be uneven");
  }
  if (!load.owners_missing.empty()) remarks.push_back(load.owners_missing);
  return remarks;
}

std::string in_words(const KernelLogHint& hint) {
  constexpr double kMinute = 60;
  return fmt::format(
      "\"{}\" {} in the last hour, the last {:.0f} min ago (a hint: the kernel leaves lines out)",
      hint.line, counted(hint.times, "time"), hint.seconds_ago / kMinute);
}

}  // namespace advisor
