#pragma once

#include "lint/fault.h"
#include "lint/judged_line.h"

namespace advisor {

/// What is to be said of the value by what the catalogue knows: the kernel refuses it, takes only a
/// part of it, or gives it no meaning; it cannot be taken back; it is the default.
LintFaults faults_of_value(const JudgedLine& judged);

/// What the rules say of it.
LintFaults faults_by_rules(const JudgedLine& judged);

}  // namespace advisor
