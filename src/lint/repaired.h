#pragma once

#include <string>

#include "model/lint.h"

namespace advisor {

/// The text of a file without the lines that do nothing: those of parameters that are gone or inert
/// for every kernel, and those that repeat an earlier line. What only somebody who knows the host
/// can decide stays.
std::string repaired(const LintedFile& file, const LintReport& report);

}  // namespace advisor
