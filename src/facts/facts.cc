#include "facts/facts.h"

#include <algorithm>
#include <string_view>
#include <vector>

namespace advisor {
namespace {

std::vector<Fact> all_sorted() {
  std::vector<Fact> all;
  for (const auto& some : {connection_facts(), counter_facts(), host_facts(), limit_facts(),
                           memory_facts(), port_facts(), port_range_facts()}) {
    all.insert(all.end(), some.begin(), some.end());
  }
  std::sort(all.begin(), all.end(), [](const Fact& a, const Fact& b) { return a.name < b.name; });
  return all;
}

}  // namespace

std::span<const Fact> facts() {
  static const std::vector<Fact> kAll = all_sorted();
  return kAll;
}

const Fact* find_fact(std::string_view name) {
  const auto all = facts();
  const auto row = std::lower_bound(
      all.begin(), all.end(), name,
      [](const Fact& fact, std::string_view wanted) { return fact.name < wanted; });
  return row == all.end() || row->name != name ? nullptr : &*row;
}

}  // namespace advisor
