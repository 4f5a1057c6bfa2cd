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
/// A sentence for each value that no line of ours sets for the next boot, and why; values that a
/// line of `our_file` sets already are left out. And one for each that no line can set. `is_done`:
/// the plan was carried out.
std::vector<std::string> boot_notes(const BootProspect& prospect, std::string_view our_file,
                                    bool is_done = false);

/// Why it needs no line of ours, and which lines of others are to be deleted for that.
std::string in_words(const LeftToBoot& left);
/// Why lines on it do not count, and what to do about that.
std::string in_words(const LateModule& late);

/// "kube-proxy sets net.a = 1 ..., and may set it again".
std::string warning_of(const OtherWriter& other);

/// As one sentence.
std::string in_one_line(const std::vector<std::string>& sentences);

}  // namespace advisor
