#pragma once

#include <string>

#include "model/explanation.h"
#include "render/style.h"

namespace advisor {

/// The explanation for a person: each parameter with the rules that are about it, then each rule.
std::string text_explanation(const Explanation& explanation, const TextStyle& style);

}  // namespace advisor
