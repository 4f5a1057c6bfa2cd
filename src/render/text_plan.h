#pragma once

#include <string>
#include <vector>

#include "model/plan.h"
#include "render/style.h"

namespace advisor {

/// The changes of a plan, for a person to agree to: a line for each parameter and for the file.
std::string text_plan(const Plan& plan, const TextStyle& style);

/// What cannot be set here, and why, a paragraph each.
std::string text_left_out(const std::vector<LeftOut>& left_out, const TextStyle& style);

}  // namespace advisor
