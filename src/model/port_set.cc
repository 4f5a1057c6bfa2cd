#include "model/port_set.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "model/typed_value.h"

namespace advisor {
namespace {

constexpr int kLastPort = 65535;

std::optional<PortSet::Range> parse_range(const std::string& text) {
  const std::vector<std::string> ends = split(text, '-');
  if (ends.size() > 2) return std::nullopt;
  const auto low = parse_kernel_integer(ends.front());
  const auto high = parse_kernel_integer(ends.back());
  if (!low || !high || *low < 0 || *low > *high || *high > kLastPort) return std::nullopt;
  return PortSet::Range{int(*low), int(*high)};
}

}  // namespace

std::optional<PortSet> PortSet::parse(std::string_view text) {
  PortSet set;
  text = trim(text);
  if (text.empty()) return set;
  for (const std::string& part : split(text, ',')) {
    const auto range = parse_range(part);
    if (!range) return std::nullopt;
    set.add(*range);
  }
  return set;
}

void PortSet::add(Range range) {
  std::vector<Range> merged;
  for (const Range& known : ranges_) {
    const bool touches = known.low <= range.high + 1 && range.low <= known.high + 1;
    if (touches) {
      range = {std::min(range.low, known.low), std::max(range.high, known.high)};
    } else {
      merged.push_back(known);
    }
  }
  const auto place = std::find_if(merged.begin(), merged.end(),
                                  [&](const Range& known) { return known.low > range.high; });
  merged.insert(place, range);
  ranges_ = std::move(merged);
}

void PortSet::add(const PortSet& other) {
  for (const Range& range : other.ranges_) add(range);
}

bool PortSet::contains(int port) const {
  return count_within({port, port}) == 1;
}

bool PortSet::contains(const PortSet& other) const {
  return std::all_of(other.ranges_.begin(), other.ranges_.end(), [this](const Range& range) {
    return count_within(range) == range.high - range.low + 1;
  });
}

int PortSet::count_within(Range range) const {
  int count = 0;
  for (const Range& known : ranges_) {
    count += std::max(0, std::min(known.high, range.high) - std::max(known.low, range.low) + 1);
  }
  return count;
}

PortSet PortSet::within(Range range) const {
  PortSet part;
  for (const Range& known : ranges_) {
    const Range common{std::max(known.low, range.low), std::min(known.high, range.high)};
    if (common.low <= common.high) part.add(common);
  }
  return part;
}

std::string PortSet::text() const {
  std::vector<std::string> parts;
  for (const Range& range : ranges_) {
    parts.push_back(range.low == range.high ? fmt::format("{}", range.low)
                                            : fmt::format("{}-{}", range.low, range.high));
  }
  return join(parts, ",");
}

}  // namespace advisor
