#pragma once

#include "model/finding.h"
#include "render/html.h"

namespace advisor {

/// The class of the page's style sheet that gives a finding its colour.
Markup html_class(const Finding& finding);
Markup html_class(Severity severity);

/// "CRITICAL", "UNKNOWN" ..., in that colour.
Html html_badge(const Finding& finding);
Html html_badge(Severity severity);

/// All that is to be said of one finding: what to change, what was seen, why, what it costs, its
/// sources. `number` tells it from the others of the page: a link leads to "#finding-NUMBER".
Html html_finding(const Finding& finding, int64_t number);

/// What a suppressed finding would say, and why it is not to.
Html html_suppressed(const Finding& finding);

}  // namespace advisor
