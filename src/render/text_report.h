#pragma once

#include <string>

#include "model/finding.h"
#include "render/style.h"

namespace advisor {

/// The report for a person: the load, each finding with its numbers and its why, and a last line
/// that counts them.
std::string text_report(const Report& report, const TextStyle& style);

/// "2 warnings, 1 note; 5 checks are fine; 1 unknown": the last line, without its end.
std::string summary_line(const Report& report);

}  // namespace advisor
