#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "model/finding.h"
#include "model/plan.h"
#include "model/write_order.h"

namespace advisor {

/// Our drop-in. Among sysctl.d files the last name in byte order wins, and this one stands behind
/// 99-sysctl.conf, the name under which Debian shows /etc/sysctl.conf to systemd-sysctl.
inline constexpr const char* kDropInPath = "/etc/sysctl.d/99-zz-sysctl-advisor.conf";

/// What a line of a text gives a parameter, as one of the loaders reads it.
struct Assignment {
  ParameterName parameter;
  std::string value;

  bool operator==(const Assignment&) const = default;
};

/// All that a line assigns: the loaders may understand it differently, and to systemd-sysctl a NUL
/// and a carriage return end a line as well.
std::vector<Assignment> assignments_of(std::string_view line);

/// The text of our drop-in once it also sets what `changes` says. A line is replaced as a whole,
/// whatever else it assigns to one of the loaders. Lines for other parameters are kept as they are,
/// except those in `without`, such as vm.dirty_ratio where vm.dirty_bytes is set now: a line behind
/// that would reset it. `report` gives each line its reason.
std::string updated_drop_in(const std::string& text, const std::vector<Change>& changes,
                            const Report& report, const std::set<ParameterName>& without = {});

/// The text of a drop-in with its lines in an order of which the kernel takes each, if there is
/// one, where they are loaded upon `before`. Other lines stay where they are.
std::string in_loadable_order(const std::string& text, const Catalogue& catalogue,
                              const StandingValues& before);

/// The parameters that the lines of such a text set.
std::set<ParameterName> parameters_in(const std::string& text);

}  // namespace advisor
