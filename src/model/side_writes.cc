#include "model/side_writes.h"

#include <algorithm>
#include <array>
#include <limits>

#include "base/text.h"
#include "model/typed_value.h"

namespace advisor {
namespace {

/// The pattern as it holds for one leader. A leader that belongs to a family, such as one parameter
/// for each interface, moves what is of the same member; "all" moves every member.
std::string of_leader(const std::string& pattern, const ParameterName& leader) {
  std::vector<std::string> segments = split(pattern, '.');
  const std::vector<std::string> own = split(leader.dotted(), '.');
  const auto star = size_t(std::ranges::find(segments, "*") - segments.begin());
  if (star == segments.size() || own.size() != segments.size() || own[star] == "all") {
    return pattern;
  }
  segments[star] = own[star];
  return join(segments, ".");
}

bool moves(const ParameterInfo& leader, const ParameterName& other) {
  return leader.name != other && std::ranges::any_of(leader.moves, [&](const std::string& pattern) {
           return speaks_of(of_leader(pattern, leader.name), other);
         });
}

bool excludes(const ParameterInfo& leader, const ParameterName& other) {
  return std::ranges::find(leader.excludes, other) != leader.excludes.end();
}

std::optional<int64_t> number_of(const std::optional<ParameterValue>& value) {
  if (!value || value->words().size() != 1) return std::nullopt;
  return parse_kernel_integer(value->words()[0]);
}

/// The milliseconds in one of a unit of time.
std::optional<int64_t> milliseconds_in(const SharedText& unit) {
  if (unit == "seconds") return 1000;
  if (unit == "1/100 seconds") return 10;
  if (unit == "milliseconds") return 1;
  return std::nullopt;
}

/// A parameter whose leader is set to `value`.
struct Side {
  const std::optional<ParameterValue>& leader_before;
  const ParameterValue& value;
  const std::optional<ParameterValue>& before;
};

constexpr SideWrite kNoWrite{.writes = false, .value = std::nullopt};

SideWrite to_number(int64_t number) {
  return {true, ParameterValue(std::to_string(number))};
}

SideWrite to_unknown() {
  return {true, std::nullopt};
}

/// devinet_sysctl_forward: accept_redirects of conf.all becomes the opposite of a forwarding that
/// changes.
SideWrite opposite(const Side& side) {
  const auto value = number_of(side.value);
  if (!value) return to_unknown();
  return number_of(side.leader_before) == value ? kNoWrite : to_number(*value == 0 ? 1 : 0);
}

/// addrconf_sysctl_forward: force_forwarding is cleared along with forwarding, and never set.
SideWrite cleared(const Side& side) {
  return number_of(side.value) == 0 ? to_number(0) : kNoWrite;
}

/// proc_watchdog: either detector switches the whole on; both must be off for it to be off.
SideWrite switched_on(const Side& side) {
  const auto value = number_of(side.value);
  return value && *value != 0 ? to_number(1) : to_unknown();
}

/// tcp_set_default_congestion_control: the default algorithm is allowed to all.
SideWrite with_word(const Side& side) {
  if (!side.before) return to_unknown();
  const auto& words = side.before->words();
  const std::string added = side.value.text();
  if (std::ranges::find(words, added) != words.end()) return kNoWrite;
  return {true, ParameterValue(side.before->text() + " " + added)};
}

/// A parameter that is moved along to another value than its leader's.
struct OwnWay {
  const char* leader;
  const char* other;
  SideWrite (*write)(const Side&);
};

constexpr std::array kOwnWays{
    OwnWay{"net.ipv4.ip_forward", "net.ipv4.conf.all.accept_redirects", opposite},
    OwnWay{"net.ipv4.conf.all.forwarding", "net.ipv4.conf.all.accept_redirects", opposite},
    OwnWay{"net.ipv6.conf.all.forwarding", "net.ipv6.conf.*.force_forwarding", cleared},
    OwnWay{"kernel.soft_watchdog", "kernel.watchdog", switched_on},
    OwnWay{"kernel.nmi_watchdog", "kernel.watchdog", switched_on},
    OwnWay{"net.ipv4.tcp_congestion_control", "net.ipv4.tcp_allowed_congestion_control", with_word},
};

const OwnWay* own_way(const ParameterInfo& leader, const ParameterName& other) {
  const auto way = std::ranges::find_if(kOwnWays, [&](const OwnWay& one) {
    return leader.name.dotted() == one.leader && speaks_of(one.other, other);
  });
  return way == kOwnWays.end() ? nullptr : way;
}

/// devinet_sysctl_forward: a write that changes nothing moves no other variable along. These are
/// two names of one.
bool is_forwarding(const ParameterName& name) {
  return name.dotted() == "net.ipv4.ip_forward" || name.dotted() == "net.ipv4.conf.all.forwarding";
}

bool moves_nothing(const ParameterInfo& leader, const std::optional<ParameterValue>& before,
                   const ParameterValue& value, const ParameterName& other) {
  return is_forwarding(leader.name) && !is_forwarding(other) && number_of(before) &&
         number_of(before) == number_of(value);
}

/// The leader's value in the unit of the other parameter.
SideWrite same_told(const ParameterInfo& leader, const ParameterInfo& other,
                    const ParameterValue& value) {
  if (leader.unit == other.unit && leader.type == other.type) return {true, value};
  const auto from = milliseconds_in(leader.unit);
  const auto to = milliseconds_in(other.unit);
  const auto number = number_of(value);
  if (!from || !to || !number) return to_unknown();
  constexpr int64_t kFits = std::numeric_limits<int64_t>::max() / 1000;
  if (*number < 0 || *number > kFits) return to_unknown();
  return to_number(*number * *from / *to);
}

}  // namespace

bool writes_too(const ParameterInfo& leader, const ParameterName& other) {
  return excludes(leader, other) || moves(leader, other);
}

SideWrite side_write(const ParameterInfo& leader,
                     const std::optional<ParameterValue>& leader_before,
                     const ParameterValue& value, const ParameterInfo* other,
                     const ParameterName& name, const std::optional<ParameterValue>& before) {
  if (excludes(leader, name)) return to_number(0);
  if (moves_nothing(leader, leader_before, value, name)) return kNoWrite;
  if (const OwnWay* way = own_way(leader, name)) return way->write({leader_before, value, before});
  return other ? same_told(leader, *other, value) : to_unknown();
}

std::vector<ParameterName> other_names_of(const ParameterName& parameter,
                                          const Catalogue& catalogue) {
  const ParameterInfo* info = catalogue.find(parameter);
  std::vector<ParameterName> names;
  for (const std::string& pattern : info ? info->moves : std::vector<std::string>()) {
    // If a family is moved along, its member for all interfaces may be the other name.
    std::vector<std::string> segments = split(of_leader(pattern, parameter), '.');
    std::ranges::replace(segments, "*", "all");
    const auto name = ParameterName::parse(join(segments, "."));
    const ParameterInfo* other = name && *name != parameter ? catalogue.find(*name) : nullptr;
    if (!other || !moves(*other, parameter)) continue;
    if (!own_way(*other, parameter) && !own_way(*info, *name)) names.push_back(*name);
  }
  return names;
}

}  // namespace advisor
