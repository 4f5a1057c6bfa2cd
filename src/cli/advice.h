#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cli/context.h"
#include "model/boot.h"
#include "model/plan.h"
#include "rules/planner.h"

namespace advisor {

/// Our drop-in. Among sysctl.d files the last name in byte order wins, and this one stands behind
/// 99-sysctl.conf, the name under which Debian shows /etc/sysctl.conf to systemd-sysctl.
inline constexpr const char* kDropInPath = "/etc/sysctl.d/99-zz-sysctl-advisor.conf";

/// The profile that is meant when none is named.
inline constexpr const char* kDefaultProfile = "baseline";

/// What advice stands on, besides the host.
struct Ground {
  EffectiveProfile profile;  ///< the profiles that the options name, combined
  Config config;
};

/// Nothing, with all that is wrong printed, if a file of it is wrong.
std::optional<Ground> read_ground(Context& context, Diagnostics& diagnostics);

/// What is to be said of this host, and what it stands on.
struct Advice {
  Ground ground;
  Report report;
};

/// Loads the profiles that the options name, reads the host and audits it. Nothing if that cannot
/// be done; what is wrong has then been printed. The counters may have been taken already.
std::optional<Advice> advise(Context& context, std::optional<Counters> counters = std::nullopt);

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

/// By the options --runtime, --persist, --allow-one-way and --strict. An Error if the drop-in that
/// stands there cannot be read.
Result<Proposal> propose(Context& context, const Advice& advice);

/// The lines of a drop-in in an order of which the kernel takes each, if there is one, where they
/// are loaded behind those of all files that are there.
std::string as_loaded(Context& context, const Report& report, const std::string& text);

/// For answers that have no room for it.
void warn_of_left_out(const std::vector<LeftOut>& left_out);

/// Whether a boot brings the change about without a line of ours.
bool needs_no_line(const Proposal& proposal, const Change& change);

/// 1 if the drop-in changes, or something is to be done about a line of another file: what `diff`,
/// and all that prints the drop-in as a diff, ends with.
ExitStatus status_of_diff(const Proposal& proposal);

/// 1 if a finding asks for something and is at least as severe as --fail-on says.
ExitStatus status_of(const Report& report, const Request& request);

}  // namespace advisor
