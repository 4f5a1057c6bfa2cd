#include "rules/compared_load.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "base/text.h"
#include "facts/facts.h"

namespace advisor {
namespace {

using NumberKind = ComparedNumber::Kind;

/// Of the larger one, by how much two numbers must differ.
constexpr double kNoticeableShare = 0.25;

/// The least that is worth a word, of numbers of one unit.
struct Little {
  std::string_view unit;
  double difference;
};
constexpr double kLittle = 10;
constexpr std::array kLittleOf{Little{"1/s", 1},          Little{"bytes/s", 1e6},
                               Little{"bytes", 16777216}, Little{"pages", 4096},
                               Little{"CPUs", 1},         Little{"share of 1", 0.1}};

/// A parameter whose first number is in use, the figure that it stands for, and the unit of that.
struct Showing {
  std::string_view parameter;
  std::string_view figure;
  std::string_view unit;
};
constexpr std::array kShowing{
    Showing{"fs.aio-nr", "fs.aio-nr", "requests"}, Showing{"fs.file-nr", "fs.file-nr", "files"},
    Showing{"kernel.pty.nr", "kernel.pty.nr", "terminals"},
    Showing{"net.netfilter.nf_conntrack_count", "conntrack.count", "entries"}};

/// Of a figure; empty: none is known.
std::string_view unit_of(std::string_view figure) {
  if (const Fact* fact = find_fact(figure)) return fact->unit;
  const auto* row = std::ranges::find(kShowing, figure, &Showing::figure);
  return row == kShowing.end() ? "" : row->unit;
}

bool is_noticeable(double before, double after, std::string_view unit) {
  const auto* row =
      std::ranges::find_if(kLittleOf, [&](const Little& little) { return little.unit == unit; });
  const double least = row == kLittleOf.end() ? kLittle : row->difference;
  const double difference = std::abs(after - before);
  return difference >= least &&
         difference >= kNoticeableShare * std::max(std::abs(before), std::abs(after));
}

/// Whether a fact is a number that goes up and down with the load. Sums since boot do not, numbers
/// without a unit name something, and of a few packets one CPU gets all.
bool is_level(const Fact& fact) {
  const bool is_number = fact.type == expr::Type::kInt || fact.type == expr::Type::kDouble;
  return is_number && *fact.unit && !fact.name.ends_with("_since_boot") &&
         fact.name != "softnet.busiest_cpu_share";
}

template <typename Map>
std::optional<typename Map::mapped_type> found_in(const Map& map,
                                                  const typename Map::key_type& key) {
  const auto found = map.find(key);
  return found == map.end() ? std::nullopt : std::optional(found->second);
}

/// Local ports in use.
using Ports = std::map<Destination, int64_t>;

class LoadComparer {
 public:
  LoadComparer(const ComparedHost& before, const ComparedHost& after, Comparison& comparison)
      : before_(before),
        after_(after),
        comparison_(comparison),
        by_port_(before.anonymized || after.anonymized) {}

  void compare() {
    const auto &before = before_.report.snapshot.sockets, &after = after_.report.snapshot.sockets;
    for (const auto& [host, sockets] : {std::pair(&before_, &before), std::pair(&after_, &after)}) {
      if (!*sockets) miss(*host, "sockets: " + sockets->error().message);
    }
    if (before && after) {
      compare_states(NumberKind::kClient, before->client, after->client);
      compare_states(NumberKind::kServer, before->server, after->server);
      compare_ports(*before, *after);
      compare_queues(*before, *after);
    }
    compare_figures();
  }

 private:
  /// A listener, or several that cannot be told apart.
  struct Queue {
    int64_t waiting = 0;
    bool is_full = false;
  };

  void miss(const ComparedHost& host, const std::string& what) {
    comparison_.load_unknown.push_back(fmt::format("{} has no {}", host.file, what));
  }

  void add(NumberKind kind, std::string subject, std::string unit, std::optional<double> before,
           std::optional<double> after) {
    comparison_.load.push_back({kind, std::move(subject), std::move(unit), before, after});
  }

  void compare_states(NumberKind kind, const StateCounts& before, const StateCounts& after) {
    for (size_t i = 1; i < kTcpStateCount; ++i) {
      const auto state = TcpState(i);
      const auto was = double(before[state]), is = double(after[state]);
      if (is_noticeable(was, is, "sockets")) add(kind, name_of(state), "sockets", was, is);
    }
  }

  Ports ports_of(const SocketLoad& load) const {
    Ports ports;
    for (const DestinationLoad& one : load.destinations) {
      const Destination& whole = one.destination;
      const Destination key = by_port_ ? Destination{{}, {}, whole.port} : whole;
      ports[key] += one.ports_in_use;
    }
    return ports;
  }

  std::string subject_of(const Destination& destination) const {
    if (by_port_) return fmt::format("*:{}", destination.port);
    return fmt::format("{} from {}", endpoint_text(destination.address, destination.port),
                       destination.source.text());
  }

  /// Nothing: the destination is not listed, and what is not listed has at most `most`.
  struct Known {
    std::optional<double> number;
    double most = 0;
  };
  static Known known(const Ports& ports, const Destination& key, const SocketLoad& load) {
    if (const auto found = found_in(ports, key)) return {double(*found), double(*found)};
    if (load.tail.destinations == 0) return {0.0, 0.0};
    return {std::nullopt,
            load.destinations.empty() ? 0.0 : double(load.destinations.back().ports_in_use)};
  }

  void compare_ports(const SocketLoad& before, const SocketLoad& after) {
    const Ports was = ports_of(before), is = ports_of(after);
    Ports all = was;
    all.insert(is.begin(), is.end());
    const size_t first = comparison_.load.size();
    for (const auto& [key, ignored] : all) {
      const Known old = known(was, key, before), now = known(is, key, after);
      if (!is_noticeable(old.most, now.most, "ports")) continue;
      // It may have had as many where it was not listed.
      if (!old.number && now.most < old.most) continue;
      if (!now.number && old.most < now.most) continue;
      add(NumberKind::kPorts, subject_of(key), "ports", old.number, now.number);
    }
    put_largest_first(first);
  }

  std::map<Destination, Queue> queues_of(const SocketLoad& load) const {
    std::map<Destination, Queue> queues;
    for (const ListenerLoad& listener : load.listeners) {
      const Destination key{{}, by_port_ ? IpAddress() : listener.address, listener.port};
      Queue& queue = queues[key];
      queue.waiting += listener.waiting;
      queue.is_full |= listener.backlog && listener.excess() > 0;
    }
    return queues;
  }

  void compare_queues(const SocketLoad& before, const SocketLoad& after) {
    const auto was = queues_of(before), is = queues_of(after);
    auto all = was;
    all.insert(is.begin(), is.end());
    const size_t first = comparison_.load.size();
    for (const auto& [key, ignored] : all) {
      const auto old = found_in(was, key), now = found_in(is, key);
      const Queue from = old.value_or(Queue()), to = now.value_or(Queue());
      const auto waited = double(from.waiting), waits = double(to.waiting);
      if (from.is_full == to.is_full && !is_noticeable(waited, waits, "connections")) continue;
      add(NumberKind::kQueue,
          by_port_ ? fmt::format("*:{}", key.port) : endpoint_text(key.address, key.port),
          "connections", old ? std::optional(waited) : std::nullopt,
          now ? std::optional(waits) : std::nullopt);
    }
    put_largest_first(first);
  }

  void compare_figures() {
    constexpr auto has_rates = [](const ComparedHost& host) {
      return host.report.snapshot.counters.interval_seconds > 0;
    };
    if (!has_rates(before_) && !has_rates(after_)) {
      comparison_.load_unknown.emplace_back("neither has rates, since each is of one sample");
    } else if (!has_rates(before_) || !has_rates(after_)) {
      miss(has_rates(before_) ? after_ : before_, "rates, since it is of one sample");
    }
    for (const auto& [name, was] : before_.figures) {
      const auto found = after_.figures.find(name);
      if (found == after_.figures.end()) continue;
      const std::string unit(unit_of(name));
      if (!is_noticeable(was, found->second, unit)) continue;
      add(NumberKind::kFigure, name, unit, was, found->second);
    }
  }

  /// Of those that were added from `first` on, by how much they changed.
  void put_largest_first(size_t first) {
    const auto change = [](const ComparedNumber& number) {
      return -std::abs(number.after.value_or(0) - number.before.value_or(0));
    };
    std::ranges::stable_sort(comparison_.load.begin() + ptrdiff_t(first), comparison_.load.end(),
                             {}, change);
  }

  const ComparedHost& before_;
  const ComparedHost& after_;
  Comparison& comparison_;
  bool by_port_;
};

}  // namespace

Figures figures_of(const Snapshot& snapshot) {
  Figures figures;
  for (const auto& some : {counter_facts(), host_facts(), limit_facts(), memory_facts()}) {
    for (const Fact& fact : some) {
      if (!is_level(fact)) continue;
      const expr::Value value = fact.value(snapshot);
      if (const auto* whole = std::get_if<int64_t>(&value)) {
        figures.emplace(fact.name, double(*whole));
      } else if (const auto* real = std::get_if<double>(&value)) {
        figures.emplace(fact.name, *real);
      }
    }
  }
  for (const auto& [parameter, figure, unit] : kShowing) {
    const ParameterValue* value = snapshot.value_of(*ParameterName::parse(parameter));
    const auto number =
        value && !value->empty() ? parse_decimal(value->words().front()) : std::nullopt;
    if (number) figures.emplace(figure, double(*number));
  }
  return figures;
}

void compare_load(const ComparedHost& before, const ComparedHost& after, Comparison& comparison) {
  LoadComparer(before, after, comparison).compare();
}

}  // namespace advisor
