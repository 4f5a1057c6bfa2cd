#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cli/context.h"
#include "cli/host_reading.h"
#include "plan/proposal.h"

namespace advisor {

/// The profile that is meant when none is named.
inline constexpr const char* kDefaultProfile = "baseline";

/// What advice stands on, besides the host.
struct Ground {
  EffectiveProfile profile;  ///< the profiles that the options name, combined
  Config config;
};

/// Reads what advice stands on. Nothing, with the faults printed, if a file is wrong.
std::optional<Ground> read_ground(Context& context, Diagnostics& diagnostics);

/// What is to be said of this host, and what it stands on.
struct Advice {
  Ground ground;
  Report report;
  std::optional<BootFiles> files;  ///< as far as they had to be read for the report
};

/// Loads the profiles that the options name, reads the host and audits it. Nothing if that cannot
/// be done; what is wrong has then been printed.
std::optional<Advice> advise(Context& context, EarlierReadings earlier = {});

/// What the audit says if --only chooses these, which are ids or shell patterns. Nothing, with the
/// reasons printed, if that cannot be said.
std::optional<Advice> only_these(Context& context, const Advice& advice,
                                 const std::vector<std::string>& ids);

/// By the options --runtime, --persist, --allow-one-way and --strict. An Error if the drop-in that
/// stands there cannot be read.
Result<Proposal> propose(Context& context, const Advice& advice);

/// Adds to the report what the next boot loses of what the profile needs, and which lines of files
/// do not do what they say; with --boot that is all it holds then.
void add_boot_findings(Context& context, Advice& advice);

/// Warns of what is left out, for answers that have no room for that.
void warn_of_left_out(const std::vector<LeftOut>& left_out);

/// The lines of the drop-in `text`, which is to stand in place of ours, in an order of which the
/// kernel takes each, if there is one.
std::string as_loaded(Context& context, const Report& report, const std::string& text);

/// 1 if the drop-in changes, or something is to be done about a line of another file: what `diff`,
/// and all that prints the drop-in as a diff, ends with.
ExitStatus status_of_diff(const Proposal& proposal);

/// The command to run next, as a sentence; empty where the report is of another host, or asks for
/// nothing.
std::string next_step(Context& context, const Report& report);

/// 1 if a finding asks for something and is at least as severe as --fail-on says.
ExitStatus status_of(const Report& report, const Request& request);

}  // namespace advisor
