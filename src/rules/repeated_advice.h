#pragma once

#include <vector>

#include "load/profile_set.h"
#include "model/finding.h"

namespace advisor {

/// A profile's plain target that a rule asks for as well is said once, by the rule.
void say_once(std::vector<Finding>& findings);

/// In what is told of an audit: what a profile asks of a family of parameters
/// ("net.ipv4.conf.*.accept_redirects") is one finding, named by the family, however many
/// interfaces there are.
void join_families(std::vector<Finding>& findings, const EffectiveProfile& profile);

}  // namespace advisor
