#include "model/write_order.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "model/side_effects.h"
#include "model/typed_value.h"

namespace advisor {
namespace {

using Places = std::map<ParameterName, size_t>;

Places places_of(const std::vector<Change>& changes) {
  Places places;
  for (size_t i = 0; i < changes.size(); ++i) places.emplace(changes[i].parameter, i);
  return places;
}

/// What must stand before what, by their places in the list of changes. What is asked for first
/// weighs most: whatever comes later and would close a circle is left out.
class Precedences {
 public:
  explicit Precedences(size_t count) : before_(count) {}

  void add(size_t first, size_t then) {
    if (first != then && !is_before(then, first)) before_[then].insert(first);
  }

  /// Depth first, so that what must stand before something is drawn to it.
  std::vector<size_t> in_order() const {
    std::vector<size_t> order;
    std::vector<bool> placed(before_.size());
    for (size_t i = 0; i < before_.size(); ++i) place(i, placed, order);
    return order;
  }

 private:
  bool is_before(size_t first, size_t then) const {
    std::set<size_t> seen{then};
    std::vector<size_t> unread{then};
    while (!unread.empty()) {
      const size_t one = unread.back();
      unread.pop_back();
      for (const size_t earlier : before_[one]) {
        if (earlier == first) return true;
        if (seen.insert(earlier).second) unread.push_back(earlier);
      }
    }
    return false;
  }

  void place(size_t i, std::vector<bool>& placed, std::vector<size_t>& order) const {
    if (placed[i]) return;
    placed[i] = true;
    for (const size_t earlier : before_[i]) place(earlier, placed, order);
    order.push_back(i);
  }

  std::vector<std::set<size_t>> before_;
};

/// Two coupled changes, and which of the two values of the other one each write goes with.
class CoupledPair {
 public:
  CoupledPair(const Coupling& coupling, const Change& change, const Change& other)
      : coupling_(coupling), change_(change), other_(other) {}

  bool is_checked() const { return coupling_.checked; }
  /// Whether this parameter must be written before the other one (true) or behind it (false).
  /// Nothing if the kernel takes both orders, or neither.
  std::optional<bool> first() const {
    return first_of(coupling_.allows(change_.after, other_.before),
                    coupling_.allows(change_.after, other_.after));
  }
  /// The same by the way back, which goes in reverse: written first, it is put back last, when the
  /// other one is what it was before.
  std::optional<bool> first_for_the_way_back() const {
    return first_of(coupling_.allows(change_.before, other_.before),
                    coupling_.allows(change_.before, other_.after));
  }

 private:
  static std::optional<bool> first_of(bool goes_first, bool goes_behind) {
    if (goes_first == goes_behind) return std::nullopt;
    return goes_first;
  }

  const Coupling& coupling_;
  const Change& change_;
  const Change& other_;
};

/// Adds what the kernel demands, then what it demands of the way back, then what it leaves
/// unchecked.
void add_couplings(const std::vector<Change>& changes, const Places& places,
                   const Catalogue& catalogue, Precedences& precedences) {
  struct Wish {
    size_t first;
    size_t then;
  };
  std::vector<Wish> for_the_way_back;
  std::vector<Wish> unchecked;
  for (size_t i = 0; i < changes.size(); ++i) {
    for (const Coupling& coupling : couplings_of(catalogue, changes[i].parameter)) {
      const auto other = places.find(coupling.other);
      if (other == places.end()) continue;
      const size_t k = other->second;
      const CoupledPair pair(coupling, changes[i], changes[k]);
      const auto wish = [&](bool first) { return first ? Wish{i, k} : Wish{k, i}; };
      if (const auto first = pair.first()) {
        if (pair.is_checked()) precedences.add(wish(*first).first, wish(*first).then);
        if (!pair.is_checked()) unchecked.push_back(wish(*first));
      }
      if (const auto first = pair.first_for_the_way_back()) {
        (pair.is_checked() ? for_the_way_back : unchecked).push_back(wish(*first));
      }
    }
  }
  for (const auto* wishes : {&for_the_way_back, &unchecked}) {
    for (const Wish& wish : *wishes) precedences.add(wish.first, wish.then);
  }
}

/// What stays until the next boot comes last, when all that can fail is done.
void add_one_way(const std::vector<Change>& changes, const Catalogue& catalogue,
                 Precedences& precedences) {
  std::vector<bool> one_way;
  for (const Change& change : changes) {
    const ParameterInfo* info = catalogue.find(change.parameter);
    one_way.push_back(info && is_one_way(*info, change.after));
  }
  for (size_t last = 0; last < changes.size(); ++last) {
    for (size_t i = 0; one_way[last] && i < changes.size(); ++i) {
      if (!one_way[i]) precedences.add(i, last);
    }
  }
}

/// A leader comes before what it moves along: written later, it would undo what was set.
void add_leaders(const std::vector<Change>& changes, const Catalogue& catalogue,
                 Precedences& precedences) {
  for (size_t leader = 0; leader < changes.size(); ++leader) {
    if (moved_patterns(catalogue, changes[leader].parameter).empty()) continue;
    for (size_t i = 0; i < changes.size(); ++i) {
      if (may_move(catalogue, changes[leader].parameter, changes[i].parameter)) {
        precedences.add(leader, i);
      }
    }
  }
}

void add_requirements(const Places& places, const Requirements& required,
                      Precedences& precedences) {
  for (const auto& [name, others] : required) {
    const auto then = places.find(name);
    for (const ParameterName& other : others) {
      const auto first = places.find(other);
      if (first != places.end() && then != places.end()) {
        precedences.add(first->second, then->second);
      }
    }
  }
}

/// The other parameters as they are, with what is changed meanwhile.
class State {
 public:
  explicit State(const StandingValues& standing) : standing_(standing) {}

  void set(const ParameterName& name, const ParameterValue& value) {
    values_.insert_or_assign(name, value);
  }
  std::optional<ParameterValue> value(const ParameterName& name) const {
    const auto known = values_.find(name);
    if (known != values_.end()) return known->second;
    return standing_ ? standing_(name) : std::nullopt;
  }

 private:
  const StandingValues& standing_;
  std::map<ParameterName, ParameterValue> values_;
};

/// What the kernel says of one write.
std::optional<RefusedWrite> refusal_of(const Change& change, const Catalogue& catalogue,
                                       const State& state) {
  for (const Coupling& coupling : couplings_of(catalogue, change.parameter)) {
    if (!coupling.checked) continue;
    const auto other = state.value(coupling.other);
    if (other && !coupling.allows(change.after, *other)) {
      return RefusedWrite{change, coupling, *other};
    }
  }
  return std::nullopt;
}

std::vector<Change> way_back(const std::vector<Change>& changes) {
  std::vector<Change> back(changes.rbegin(), changes.rend());
  for (Change& change : back) std::swap(change.before, change.after);
  return back;
}

}  // namespace

std::vector<Change> ordered(const std::vector<Change>& changes, const Catalogue& catalogue,
                            const Requirements& required) {
  const Places places = places_of(changes);
  Precedences precedences(changes.size());
  add_couplings(changes, places, catalogue, precedences);
  add_one_way(changes, catalogue, precedences);
  add_requirements(places, required, precedences);
  add_leaders(changes, catalogue, precedences);
  std::vector<Change> result;
  for (const size_t place : precedences.in_order()) result.push_back(changes[place]);
  return result;
}

std::vector<RefusedWrite> refused_writes(const std::vector<Change>& in_order,
                                         const Catalogue& catalogue,
                                         const StandingValues& standing) {
  State state(standing);
  for (const Change& change : in_order) state.set(change.parameter, change.before);
  std::vector<RefusedWrite> refused;
  for (const Change& change : in_order) {
    if (auto refusal = refusal_of(change, catalogue, state)) {
      refused.push_back(std::move(*refusal));
    } else {
      state.set(change.parameter, change.after);
    }
  }
  return refused;
}

std::vector<RefusedWrite> refused_ends(const std::vector<Change>& changes,
                                       const Catalogue& catalogue, const StandingValues& standing) {
  State state(standing);
  for (const Change& change : changes) state.set(change.parameter, change.after);
  const Places places = places_of(changes);
  std::set<std::pair<ParameterName, ParameterName>> told;
  std::vector<RefusedWrite> refused;
  for (const Change& change : changes) {
    for (const Coupling& coupling : couplings_of(catalogue, change.parameter)) {
      if (coupling.relation == CouplingRelation::kRefusedWhile) continue;
      const auto other = state.value(coupling.other);
      if (!other || coupling.allows(change.after, *other)) continue;
      if (!told.insert(std::minmax(change.parameter, coupling.other)).second) continue;
      refused.push_back({change, coupling, *other, places.contains(coupling.other)});
    }
  }
  return refused;
}

std::string to_text(const RefusedWrite& refused) {
  return fmt::format("{} = {}: {}", refused.change.parameter.dotted(), refused.change.after.text(),
                     why_refused(refused.coupling, refused.other_value, refused.other_changes));
}

std::vector<std::string> why_impossible(const std::vector<Change>& in_order,
                                        const Catalogue& catalogue,
                                        const StandingValues& standing) {
  std::vector<std::string> sentences;
  for (const RefusedWrite& refused : refused_ends(in_order, catalogue, standing)) {
    sentences.push_back(to_text(refused));
  }
  if (!sentences.empty()) return sentences;
  for (const RefusedWrite& refused : refused_writes(in_order, catalogue, standing)) {
    sentences.push_back(to_text(refused));
  }
  if (!sentences.empty()) return sentences;
  for (const RefusedWrite& refused : refused_writes(way_back(in_order), catalogue, standing)) {
    sentences.push_back(fmt::format("{} is {}, and could not be put back: {}",
                                    refused.change.parameter.dotted(), refused.change.after.text(),
                                    why_refused(refused.coupling, refused.other_value)));
  }
  return sentences;
}

}  // namespace advisor
