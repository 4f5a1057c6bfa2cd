#include "fuzz/fuzzing.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "base/text.h"

namespace advisor::fuzz {
namespace {

using expr::Type;
using expr::Value;

struct DrawnName {
  const char* name;
  Type type;
};

constexpr std::array kNames{
    DrawnName{"yes", Type::kBool},
    DrawnName{"no", Type::kBool},
    DrawnName{"lost", Type::kBool},
    DrawnName{"i", Type::kInt},
    DrawnName{"used", Type::kInt},
    DrawnName{"ports.busiest.in_use", Type::kInt},
    DrawnName{"sysctl.net.core.somaxconn", Type::kInt},
    DrawnName{"sysctl.net.ipv4.conf.eth0/1.rp_filter", Type::kInt},
    DrawnName{"d", Type::kDouble},
    DrawnName{"nothing", Type::kDouble},
    DrawnName{"ratio", Type::kDouble},
    DrawnName{"s", Type::kString},
    DrawnName{"name", Type::kString},
    DrawnName{"host.kernel", Type::kString},
    DrawnName{"ports.busiest.destination", Type::kString},
    DrawnName{"ints", Type::kIntList},
    DrawnName{"list", Type::kIntList},
    DrawnName{"sysctl.net.ipv4.tcp_rmem", Type::kIntList},
    DrawnName{"doubles", Type::kDoubleList},
    DrawnName{"rates", Type::kDoubleList},
    DrawnName{"strings", Type::kStringList},
    DrawnName{"names", Type::kStringList},
};

constexpr std::array kInts{int64_t{0},         int64_t{1},     int64_t{-1},
                           int64_t{2},         int64_t{27411}, int64_t{65536},
                           int64_t{INT32_MAX}, INT64_MAX,      INT64_MIN};

constexpr std::array kDoubles{0.0,
                              -0.0,
                              1.0,
                              0.973,
                              -2.5,
                              1e15,
                              9.2e18,
                              -9223372036854775808.0,
                              std::numeric_limits<double>::max(),
                              std::numeric_limits<double>::denorm_min(),
                              std::numeric_limits<double>::infinity(),
                              std::numeric_limits<double>::quiet_NaN()};

constexpr std::array<std::string_view, 6> kStrings{"",    "x",   "5.10.0-8",
                                                   "{i}", "1e3", "\xc3\xa9\n\""};

template <typename Row>
const auto& drawn(Dice& dice, const Row& row) {
  return row[dice.below(row.size())];
}

template <typename Element, typename Row>
std::vector<Element> drawn_list(Dice& dice, const Row& row) {
  std::vector<Element> list;
  for (size_t left = dice.below(4); left > 0; --left) list.emplace_back(drawn(dice, row));
  return list;
}

Value drawn_value(Dice& dice, Type type) {
  switch (type) {
    case Type::kBool:
      return dice.below(2) == 0;
    case Type::kInt:
      return drawn(dice, kInts);
    case Type::kDouble:
      return drawn(dice, kDoubles);
    case Type::kString:
      return std::string(drawn(dice, kStrings));
    case Type::kIntList:
      return drawn_list<int64_t>(dice, kInts);
    case Type::kDoubleList:
      return drawn_list<double>(dice, kDoubles);
    case Type::kStringList:
      return drawn_list<std::string>(dice, kStrings);
  }
  return {};
}

}  // namespace

void require(bool holds, std::string_view what) {
  if (holds) return;
  fmt::print(stderr, "does not hold: {}\n", what);
  std::abort();
}

std::string text_of(const uint8_t* bytes, size_t size) {
  return {bytes, bytes + size};
}

Dice::Dice(std::string_view text) {
  for (const char c : text) state_ = (state_ ^ uint8_t(c)) * 0x100000001b3;
}

// Splitmix64.
uint64_t Dice::next() {
  uint64_t mixed = state_ += 0x9e3779b97f4a7c15;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
  return mixed ^ (mixed >> 31);
}

std::optional<Type> DrawnNames::type_of(const std::string& name) const {
  for (const DrawnName& known : kNames) {
    if (name == known.name) return known.type;
  }
  return std::nullopt;
}

std::vector<std::string> DrawnNames::names() const {
  std::vector<std::string> names;
  for (const DrawnName& known : kNames) names.emplace_back(known.name);
  return names;
}

Value DrawnNames::value_of(std::string_view asked) const {
  const std::string name(asked);
  Dice dice(seed_ + name);
  const std::optional<Type> type = type_of(name);
  require(type.has_value(), "only names of the scope are asked for");
  const size_t luck = dice.below(16);
  if (luck == 0) return expr::Unknown{{"no " + name}};
  if (luck == 1) return expr::Failure{"no luck with " + name};
  return drawn_value(dice, *type);
}

void require_same(const Diagnostics& once, const Diagnostics& again) {
  require(once == again, "the same text gives the same diagnostics");
}

void require_places(const Diagnostics& diagnostics, const SourceText& source) {
  const auto lines = split_lines(source.text);
  for (const Diagnostic& diagnostic : diagnostics) {
    require(!diagnostic.message.empty(), "a diagnostic says something");
    require(!to_text(diagnostic).empty(), "a diagnostic can be printed");
    const SourceLocation& where = diagnostic.where;
    if (where.file != source.file || where.line == 0) continue;
    // The end of the text is a place, and stands on a line of its own after a line end.
    require(where.line > 0 && size_t(where.line) <= lines.size() + 1,
            "a diagnostic is on a line there is");
    const std::string& shown = diagnostic.source_line;
    require(shown.empty() || shown == source.line(where.line), "a diagnostic shows its line");
    // Also of a line that is too long to be shown.
    const bool at_end = size_t(where.line) > lines.size();
    const size_t width = at_end ? 0 : count_characters(lines[size_t(where.line) - 1]);
    require(where.column >= 0 && size_t(where.column) <= width + 1,
            fmt::format("a diagnostic is at a column there is: {}", to_text(diagnostic)));
  }
}

}  // namespace advisor::fuzz
