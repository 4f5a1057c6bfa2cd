#pragma once

#include <chrono>
#include <functional>

#include "base/result.h"

namespace advisor {

/// Asks `done` over and over, every few milliseconds, until it says so; false if it did not within
/// `longest`.
Result<bool> wait_until(std::chrono::milliseconds longest,
                        const std::function<Result<bool>()>& done);

}  // namespace advisor
