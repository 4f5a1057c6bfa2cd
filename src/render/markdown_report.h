#pragma once

#include <string>

#include "model/finding.h"
#include "render/page_extras.h"

namespace advisor {

/// The report in GitHub-flavoured Markdown, for a ticket: how many findings there are of each kind,
/// those that ask for something or explain, worst first, what the next boot makes of the host, what
/// is unknown and why, and the command to run next.
std::string markdown_report(const Report& report, const PageExtras& extras);

}  // namespace advisor
