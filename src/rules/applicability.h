#pragma once

#include "expr/expression.h"
#include "load/rule.h"
#include "model/finding.h"

namespace advisor {

/// Whether what the rule speaks of exists on the host. If not, or if that cannot be told, the
/// finding gets its verdict and the reason; what was looked at is noted either way.
bool applies(const Rule& rule, const expr::Bindings& bindings, Finding& finding);

/// Whether the rule applies and fires: true, false, or what could not be told.
expr::Value fires(const Rule& rule, const expr::Bindings& bindings);

/// Why a host is none that a condition asks for: "this is a container, ...", or that the condition
/// is not true here.
std::string why_not_applicable(const expr::Expression& condition);

}  // namespace advisor
