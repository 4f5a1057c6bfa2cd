#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/boot.h"
#include "model/catalogue.h"

namespace advisor {

/// A sentence for each line that makes persisting futile: under the loader that runs at boot or,
/// where that is not known, under both.
std::vector<std::string> boot_refusals(const BootProspect& prospect);
/// Likewise for what may go wrong: under the other loader, or by files that could not be read.
std::vector<std::string> boot_warnings(const BootProspect& prospect);
/// A sentence for each value that no line of ours sets for the next boot, and why. Values that a
/// line of `our_file` sets already are left out. `is_done`: the plan was carried out.
std::vector<std::string> boot_notes(const BootProspect& prospect, const Catalogue& catalogue,
                                    std::string_view our_file, bool is_done = false);

/// As one sentence.
std::string in_one_line(const std::vector<std::string>& sentences);

}  // namespace advisor
