#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "boot/boot_run.h"
#include "load/profile_set.h"
#include "model/boot.h"
#include "model/plan.h"
#include "plan/planner.h"
#include "sysctld/configuration.h"

namespace advisor {

/// What the report comes to as changes of the running kernel and of the drop-in.
struct Proposal {
  Plan plan;
  std::vector<std::string> refusals;  ///< why it must not be carried out
  std::vector<LeftOut> left_out;      ///< what cannot be set here, at run time or by a boot
  std::optional<BootProspect> boot;   ///< nothing: it does not persist
  std::vector<OtherWriter> others;    ///< of what it sets
  std::vector<std::string> warnings;  ///< what may keep it from standing
  std::vector<std::string> notes;     ///< of values that no line of ours sets, and why
};

/// What a proposal stands on, besides the report. All that is referred to outlives it.
struct ProposalGround {
  const EffectiveProfile& profile;
  const Catalogue& catalogue;
  const std::vector<Suppression>& suppressions;
  PlanPolicy policy;
  bool persists = true;  ///< the next boot is to do the same
  bool strict = false;   ///< what is left out is a reason to do nothing
  /// A file that could not be read keeps the proposal from persisting: whoever carries it out can
  /// read all.
  bool all_must_be_read = false;
  /// Whether a parameter can be set here; null: each of them can.
  std::function<bool(const ParameterName&)> is_settable = nullptr;
  /// What the files of the host say; null where they are not for the namespace that is meant.
  const PersistentSettings* standing = nullptr;
  std::optional<std::string> drop_in;  ///< our file in sysctl.d; nothing: it is not there
  Configuration configuration;         ///< the files themselves, as far as `standing` is given
  const ParameterNames& names;         ///< that patterns in files are matched against
  StandingValues standing_values;
};

/// What the advice comes to, what it would leave of the next boot, and what speaks against it.
Proposal propose(const Report& report, const ProposalGround& ground);

/// The lines of a drop-in in an order of which the kernel takes each, if there is one, where they
/// are loaded behind those of all other files.
std::string as_loaded(const std::string& text, const PersistentSettings& without_ours,
                      const BootStart& start);

/// Whether a boot brings the change about without a line of ours.
bool needs_no_line(const Proposal& proposal, const Change& change);

}  // namespace advisor
