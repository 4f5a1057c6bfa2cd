#pragma once

#include <string>

#include "expr/message.h"

namespace advisor::expr {

/// A value in a message, for a person; "?" for what is unknown, fails, or is not a finite number.
std::string format(const Value& value, Style style);

}  // namespace advisor::expr
