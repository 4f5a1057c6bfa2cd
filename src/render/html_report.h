#pragma once

#include <string>

#include "model/finding.h"
#include "render/page_extras.h"

namespace advisor {

/// The report as a page to look at, to print, or to attach to a ticket: all that the text report
/// has with -v, in one file that loads nothing.
std::string html_report(const Report& report, const PageExtras& extras);

}  // namespace advisor
