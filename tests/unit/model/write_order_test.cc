#include "model/write_order.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <random>

#include "base/text.h"
#include "support/builders.h"

namespace advisor::write_order_test {
namespace {

using testing::change;
using testing::name;
using testing::value;
using Texts = testing::Lines;

Texts names_of(const std::vector<Change>& changes) {
  Texts names;
  for (const Change& change : changes) names.emplace_back(change.parameter.dotted());
  return names;
}

const StandingValues kNothing = {};

StandingValues standing(std::map<std::string, std::string> values) {
  return [values](const ParameterName& name) -> std::optional<ParameterValue> {
    const auto found = values.find(std::string(name.dotted()));
    return found == values.end() ? std::nullopt : std::optional(ParameterValue(found->second));
  };
}

std::vector<Change> reversed(const std::vector<Change>& changes) {
  std::vector<Change> back(changes.rbegin(), changes.rend());
  for (Change& change : back) std::swap(change.before, change.after);
  return back;
}

}  // namespace

TEST_CASE("write order: what goes up starts with the upper one, what goes down with the lower") {
  const Catalogue catalogue = testing::shipped_catalogue();
  const Change low_up = change("net.ipv4.ipfrag_low_thresh", "3145728", "6291456");
  const Change high_up = change("net.ipv4.ipfrag_high_thresh", "4194304", "8388608");
  const Change low_down = change("net.ipv4.ipfrag_low_thresh", "3145728", "100000");
  const Change high_down = change("net.ipv4.ipfrag_high_thresh", "4194304", "200000");
  const Change start_down = change("net.ipv4.ip_unprivileged_port_start", "1024", "400");
  const Change range_down = change("net.ipv4.ip_local_port_range", "32768 60999", "500 60999");

  CHECK(ordered({low_up, high_up}, catalogue) == std::vector{high_up, low_up});
  CHECK(ordered({high_up, low_up}, catalogue) == std::vector{high_up, low_up});
  CHECK(ordered({high_down, low_down}, catalogue) == std::vector{low_down, high_down});
  CHECK(ordered({range_down, start_down}, catalogue) == std::vector{start_down, range_down});
  CHECK(ordered(reversed({start_down, range_down}), catalogue) ==
        reversed({start_down, range_down}));
}

TEST_CASE("write order: what the kernel looks at on one side only goes back as well") {
  const Catalogue catalogue = testing::shipped_catalogue();
  const Change most = change("net.ipv4.tcp_max_reordering", "300", "100");
  const Change first = change("net.ipv4.tcp_reordering", "200", "50");

  const std::vector<Change> order = ordered({most, first}, catalogue);

  // The other order is taken, and its reverse is not.
  CHECK(order == std::vector{first, most});
  CHECK(refused_writes({most, first}, catalogue, kNothing).empty());
  CHECK(refused_writes(reversed({most, first}), catalogue, kNothing).size() == 1);
  CHECK(refused_writes(reversed(order), catalogue, kNothing).empty());
}

TEST_CASE("write order: what must not be while another one is written comes before or behind it") {
  const Catalogue catalogue = testing::shipped_catalogue();
  const Change rate = change("kernel.perf_event_max_sample_rate", "100000", "50000");
  const Change on = change("kernel.perf_cpu_time_max_percent", "100", "25");
  const Change off = change("kernel.perf_cpu_time_max_percent", "25", "0");

  CHECK(ordered({rate, on}, catalogue) == std::vector{on, rate});
  CHECK(ordered({off, rate}, catalogue) == std::vector{rate, off});
  CHECK(why_impossible({rate}, catalogue, standing({{"kernel.perf_cpu_time_max_percent", "0"}})) ==
        Texts{"kernel.perf_event_max_sample_rate = 50000: the kernel takes nothing while "
              "kernel.perf_cpu_time_max_percent is 0"});
}

TEST_CASE("write order: the kernel's demand weighs more than what is required first") {
  const Catalogue catalogue = testing::shipped_catalogue();
  const Change low = change("net.ipv4.ipfrag_low_thresh", "3145728", "6291456");
  const Change high = change("net.ipv4.ipfrag_high_thresh", "4194304", "8388608");
  const Change other = change("net.core.somaxconn", "128", "4096");
  const Requirements circle = {{high.parameter, {low.parameter, other.parameter}}};

  CHECK(ordered({low, high, other}, catalogue, circle) == std::vector{other, high, low});
}

TEST_CASE("write order: what moves others along comes first, what is for good last, with coupled") {
  const Catalogue catalogue = testing::shipped_catalogue();

  const auto order = ordered({change("kernel.modules_disabled", "0", "1"),
                              change("net.ipv4.conf.all.accept_redirects", "1", "0"),
                              change("net.ipv4.ip_local_port_range", "32768 60999", "500 60999"),
                              change("net.ipv4.ip_forward", "0", "1"),
                              change("net.ipv4.ip_unprivileged_port_start", "1024", "500")},
                             catalogue);

  const Texts names = names_of(order);
  const auto place = [&](const char* wanted) { return std::ranges::find(names, wanted); };
  CHECK(place("net.ipv4.ip_forward") < place("net.ipv4.conf.all.accept_redirects"));
  CHECK(place("net.ipv4.ip_unprivileged_port_start") < place("net.ipv4.ip_local_port_range"));
  CHECK(names.back() == "kernel.modules_disabled");
}

TEST_CASE("write order: an end that the kernel refuses is told with both values") {
  const Catalogue catalogue = testing::shipped_catalogue();
  const Change low = change("net.ipv4.ipfrag_low_thresh", "3145728", "6291456");
  const Change high = change("net.ipv4.ipfrag_high_thresh", "4194304", "5000000");
  const Change most = change("net.ipv4.tcp_max_reordering", "300", "2");

  CHECK(why_impossible({low}, catalogue, standing({{"net.ipv4.ipfrag_high_thresh", "4194304"}})) ==
        Texts{"net.ipv4.ipfrag_low_thresh = 6291456: the kernel takes nothing above "
              "net.ipv4.ipfrag_high_thresh, which is 4194304"});
  CHECK(why_impossible({low, high}, catalogue, kNothing) ==
        Texts{"net.ipv4.ipfrag_low_thresh = 6291456: the kernel takes nothing above "
              "net.ipv4.ipfrag_high_thresh, which is to be 5000000"});
  CHECK(why_impossible({most}, catalogue, standing({{"net.ipv4.tcp_reordering", "3"}})) ==
        Texts{"net.ipv4.tcp_max_reordering = 2: net.ipv4.tcp_reordering is 3, and the kernel would "
              "take no such value any more"});
  CHECK(why_impossible({most}, catalogue, kNothing).empty());
}

TEST_CASE("write order: what could not be put back is told") {
  const Catalogue catalogue = testing::shipped_catalogue();
  const Change first = change("net.ipv4.tcp_reordering", "300", "50");

  CHECK(why_impossible({first}, catalogue, standing({{"net.ipv4.tcp_max_reordering", "100"}})) ==
        Texts{"net.ipv4.tcp_reordering is 300, and could not be put back: the kernel takes nothing "
              "above net.ipv4.tcp_max_reordering, which is 100"});
}

TEST_CASE("write order: every sibling that the catalogue names has a row, and names it in turn") {
  const Catalogue catalogue = testing::shipped_catalogue();
  int pairs = 0;
  for (const std::string& key : catalogue.keys()) {
    for (const Coupling& coupling : couplings_of(catalogue, name(key.c_str()))) {
      CAPTURE(key);
      CHECK(catalogue.find(coupling.other));
      if (coupling.relation == CouplingRelation::kRefusedWhile) continue;
      const auto back = couplings_of(catalogue, coupling.other);
      CHECK(std::ranges::any_of(back, [&](const Coupling& other) {
        return other.other == coupling.parameter && other.relation != coupling.relation;
      }));
      ++pairs;
    }
  }
  CHECK(pairs >= 20);
}

namespace {

/// A kernel made up at random, told in its own terms and in those of the catalogue.
class RandomKernel {
 public:
  /// `only_orders`: it refuses only what is above or below another one, and no parameter is to be
  /// both, as in a circle.
  explicit RandomKernel(std::mt19937& random, bool only_orders = false)
      : random_(random), only_orders_(only_orders) {
    const size_t count = 2 + pick(4);
    for (size_t i = 0; i < count; ++i) {
      wide_.push_back(!only_orders_ && pick(4) == 0);
      infos_.emplace_back();
      infos_.back().type = wide_[i] ? ParameterType::kRange : ParameterType::kInt;
    }
    for (size_t lower = 0; lower < count; ++lower) {
      for (size_t upper = 0; upper < count; ++upper) {
        if (lower == upper || (only_orders_ && lower > upper) || pick(3) != 0) continue;
        add_rule(lower, upper);
      }
    }
    for (size_t i = 0; i < count; ++i) catalogue.add(key(i), infos_[i]);
  }

  using State = std::vector<std::vector<int>>;

  static std::string key(size_t i) { return fmt::format("a.p{}", i); }
  size_t size() const { return infos_.size(); }

  State any_state() {
    State state;
    for (const bool wide : wide_) {
      const int low = int(pick(7));
      state.push_back(wide ? std::vector{low, low + int(pick(4))} : std::vector{low});
    }
    return state;
  }

  bool takes(const State& state, size_t written, const std::vector<int>& numbers) const {
    State next = state;
    next[written] = numbers;
    for (const Rule& rule : rules_) {
      const bool looks = written == rule.lower || (written == rule.upper && rule.both);
      if (rule.never == 0 && looks && !holds(rule, next)) return false;
      if (rule.never != 0 && written == rule.lower && state[rule.upper][0] == rule.never) {
        return false;
      }
    }
    return true;
  }

  /// What it would refuse to be written once more.
  bool is_sound(const State& state) const {
    return std::ranges::all_of(
        rules_, [&](const Rule& rule) { return rule.never != 0 || holds(rule, state); });
  }

  /// Whether it takes the whole way from one state to the other.
  bool takes_all(State state, const State& to, const std::vector<size_t>& order) const {
    for (const size_t i : order) {
      if (!takes(state, i, to[i])) return false;
      state[i] = to[i];
    }
    return true;
  }

  Catalogue catalogue;

 private:
  struct Rule {
    size_t lower;
    size_t upper;
    bool both;
    int never;  ///< `lower` is refused while `upper` is this; 0: it is one of order
  };

  static bool holds(const Rule& rule, const State& state) {
    return state[rule.lower].back() <= state[rule.upper].front();
  }

  void add_rule(size_t lower, size_t upper) {
    const size_t kind = only_orders_ ? 2 : pick(6);
    if (kind == 0) {
      const int never = 1 + int(pick(4));
      infos_[lower].refused_while.push_back({key(upper), {never}});
      rules_.push_back({lower, upper, false, never});
      return;
    }
    infos_[lower].not_above.push_back(key(upper));
    auto& back = kind == 1 ? infos_[upper].ceiling_of : infos_[upper].not_below;
    back.push_back(key(lower));
    rules_.push_back({lower, upper, kind != 1, 0});
  }

  size_t pick(size_t count) { return random_() % count; }

  std::mt19937& random_;
  bool only_orders_;
  std::vector<bool> wide_;
  std::vector<ParameterInfo> infos_;
  std::vector<Rule> rules_;
};

std::string text_of(const std::vector<int>& numbers) {
  return joined_numbers({numbers.begin(), numbers.end()});
}

/// The changes from one state to the other, shuffled.
std::vector<Change> changes_between(const RandomKernel::State& from, const RandomKernel::State& to,
                                    std::mt19937& random) {
  std::vector<Change> changes;
  for (size_t i = 0; i < from.size(); ++i) {
    if (from[i] == to[i]) continue;
    changes.push_back(
        change(RandomKernel::key(i).c_str(), text_of(from[i]).c_str(), text_of(to[i]).c_str()));
  }
  std::ranges::shuffle(changes, random);
  return changes;
}

std::vector<size_t> places_of(const std::vector<Change>& changes) {
  std::vector<size_t> places;
  for (const Change& change : changes) {
    places.push_back(size_t(std::stoi(std::string(change.parameter.dotted().substr(3)))));
  }
  return places;
}

/// What some order of all comes to: whether it is taken, and whether its reverse is.
struct Possible {
  bool there = false;
  bool there_and_back = false;
};

Possible possible(const RandomKernel& kernel, const RandomKernel::State& from,
                  const RandomKernel::State& to, std::vector<size_t> places) {
  Possible possible;
  std::ranges::sort(places);
  do {
    if (!kernel.takes_all(from, to, places)) continue;
    possible.there = true;
    const std::vector<size_t> back(places.rbegin(), places.rend());
    possible.there_and_back = possible.there_and_back || kernel.takes_all(to, from, back);
  } while (std::ranges::next_permutation(places).found);
  return possible;
}

}  // namespace

TEST_CASE("write order: of random values and couplings, an order is found wherever there is one") {
  std::mt19937 random(7);  // the same each time
  int found = 0;
  int both_ways = 0;
  int none = 0;
  for (int round = 0; round < 2000; ++round) {
    CAPTURE(round);
    RandomKernel kernel(random);
    const auto from = kernel.any_state();
    const auto to = kernel.any_state();
    const auto changes = changes_between(from, to, random);
    std::map<std::string, std::string> now;
    for (size_t i = 0; i < kernel.size(); ++i) now[RandomKernel::key(i)] = text_of(from[i]);

    const std::vector<Change> order = ordered(changes, kernel.catalogue);
    const std::vector<size_t> places = places_of(order);
    const bool there = kernel.takes_all(from, to, places);
    const bool back = kernel.takes_all(to, from, {places.rbegin(), places.rend()});

    REQUIRE(order.size() == changes.size());
    const Possible can = possible(kernel, from, to, places);
    REQUIRE(there == can.there);
    if (can.there_and_back) REQUIRE((there && back));
    // What is predicted is what the kernel does.
    REQUIRE(refused_writes(order, kernel.catalogue, standing(now)).empty() == there);
    const bool refused = !why_impossible(order, kernel.catalogue, standing(now)).empty();
    REQUIRE((refused || (there && back)));
    if (kernel.is_sound(to) && can.there_and_back) REQUIRE_FALSE(refused);
    found += int(can.there);
    both_ways += int(can.there_and_back);
    none += int(!can.there);
  }
  MESSAGE(found, " with an order, ", both_ways, " there and back, ", none, " without");
  CHECK(both_ways > 200);
  CHECK(none > 200);
}

TEST_CASE(
    "write order: of single numbers, between two states that go together, there is always an "
    "order") {
  std::mt19937 random(11);
  int tried = 0;
  for (int round = 0; round < 2000; ++round) {
    RandomKernel kernel(random, /*only_orders=*/true);
    const auto from = kernel.any_state();
    const auto to = kernel.any_state();
    if (!kernel.is_sound(from) || !kernel.is_sound(to)) continue;
    const auto order = ordered(changes_between(from, to, random), kernel.catalogue);
    const auto places = places_of(order);
    CHECK(kernel.takes_all(from, to, places));
    CHECK(kernel.takes_all(to, from, {places.rbegin(), places.rend()}));
    tried += int(order.size() > 1);
  }
  CHECK(tried > 100);
}

}  // namespace advisor::write_order_test
