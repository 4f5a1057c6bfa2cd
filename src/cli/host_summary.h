#pragma once

#include <string>

#include "cli/advice.h"
#include "model/host_summary.h"

namespace advisor {

/// Whether an answer in this format is a HostSummary, so that there is one on failure as well.
bool is_summary(Format format);

/// The audit, and what this program did to the host, in short. The boot findings must have been
/// added before.
HostSummary summarise(Context& context, const Advice& advice);

/// What is still known of the host if no audit came about, for this reason.
HostSummary summary_of_failure(Context& context, const std::string& why);

/// The summary in the format of the request.
std::string text_of(const HostSummary& summary, const Request& request);
ExitStatus print_summary(Context& context, const HostSummary& summary, ExitStatus status);

/// Ends a run in which no audit came about, and which has told why: kTrouble. Where the answer
/// would have been a summary, one is printed, with what was told first as the reason.
ExitStatus end_without_audit(Context& context);

}  // namespace advisor
