#include "model/side_effects.h"

#include <algorithm>

#include "base/text.h"

namespace advisor {
namespace {

/// net.ipv4.conf.*.rp_filter for net.ipv4.conf.default.rp_filter: a write to it reaches the
/// interfaces that were never set themselves (devinet_copy_dflt_conf, neigh_copy_dflt_parms), and
/// one to "all" may reach every one.
std::optional<std::string> family_of(const ParameterName& name) {
  std::vector<std::string> segments = split(name.path(), '/');
  if (segments.size() != 5 || segments[0] != "net") return std::nullopt;
  const bool per_interface = segments[2] == "conf" || segments[2] == "neigh";
  if (!per_interface || (segments[3] != "all" && segments[3] != "default")) return std::nullopt;
  segments[3] = "*";
  return join(segments, ".");
}

}  // namespace

std::vector<std::string> moved_patterns(const Catalogue& catalogue, const ParameterName& name) {
  std::vector<std::string> patterns;
  if (const ParameterInfo* info = catalogue.find(name)) {
    for (const ParameterName& excluded : info->excludes) patterns.emplace_back(excluded.dotted());
    patterns.insert(patterns.end(), info->moves.begin(), info->moves.end());
  }
  if (auto family = family_of(name)) patterns.push_back(std::move(*family));
  return patterns;
}

bool may_move(const Catalogue& catalogue, const ParameterName& leader, const ParameterName& other) {
  return leader != other &&
         std::ranges::any_of(moved_patterns(catalogue, leader),
                             [&](const std::string& pattern) { return speaks_of(pattern, other); });
}

bool exclude_each_other(const Catalogue& catalogue, const ParameterName& a,
                        const ParameterName& b) {
  const ParameterInfo* info = catalogue.find(a);
  return info && std::ranges::find(info->excludes, b) != info->excludes.end();
}

}  // namespace advisor
