#pragma once

#include <vector>

#include "model/catalogue.h"
#include "model/persistent.h"

namespace advisor {

/// All lines that write a parameter, losing ones included, in the order in which they are read:
/// those on its own name, those on another name of the same variable (net.ipv4.conf.all.forwarding
/// for net.ipv4.ip_forward), and those on what moves it along or resets it. The one answer to the
/// question who writes a parameter at boot.
std::vector<PersistentSetting> lines_that_write(const ParameterName& parameter,
                                                const PersistentSettings& files,
                                                const Catalogue& catalogue);

}  // namespace advisor
