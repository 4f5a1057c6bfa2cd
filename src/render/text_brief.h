#pragma once

#include <string>

#include "model/finding.h"
#include "render/style.h"

namespace advisor {

/// A line for each finding that asks for something, worst first: its severity, its id, its title as
/// far as the width reaches. Empty if none asks.
std::string finding_lines(const Report& report, const TextStyle& style);

/// The report of which one sees all at a glance: the host, those lines, and how many findings of
/// each kind there are.
std::string text_brief(const Report& report, const TextStyle& style);

}  // namespace advisor
