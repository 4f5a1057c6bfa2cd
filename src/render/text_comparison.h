#pragma once

#include <string>

#include "model/comparison.h"
#include "render/style.h"

namespace advisor {

/// A comparison for a person: which two, parameters, load, findings, and the line that counts. Of a
/// long list the first ones, unless the style is verbose.
std::string text_comparison(const Comparison& comparison, const TextStyle& style);

}  // namespace advisor
