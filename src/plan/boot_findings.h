#pragma once

#include <vector>

#include "boot/boot_run.h"
#include "load/profile_set.h"
#include "model/boot.h"
#include "model/catalogue.h"
#include "model/finding.h"
#include "plan/proposal.h"

namespace advisor {

/// What is to be said of the next boot: one finding for each value that the profile needs, that
/// stands now, and that a boot loses by what the proposal says; and at most two, which ask for
/// nothing, on lines that do not do what they say. Suppressed as all others.
std::vector<Finding> boot_findings(const Report& report, const Proposal& proposal,
                                   const std::vector<LineRemark>& remarks,
                                   const Catalogue& catalogue,
                                   const std::vector<Suppression>& suppressions);

/// In short: what those findings say is lost, and which lines are not in effect.
BootOutlook boot_outlook(const std::vector<Finding>& findings,
                         const std::vector<LineRemark>& remarks,
                         const std::vector<Suppression>& suppressions);

/// Adds to each finding which other programs set what it asks for to something else.
void name_other_writers(Report& report, const std::vector<OtherWriter>& others);

/// Adds to each finding that asks for no parameter which lines of files set those that it speaks
/// of: its cure may be to delete one.
void name_lines(Report& report, const EffectiveProfile& profile, const std::vector<BootRun>& boots,
                const Catalogue& catalogue);

}  // namespace advisor
