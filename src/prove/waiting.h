#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "base/result.h"

namespace advisor {

/// Asks `done` over and over, every few milliseconds, until it says so; false if it did not within
/// `longest`.
Result<bool> wait_until(std::chrono::milliseconds longest,
                        const std::function<Result<bool>()>& done);

/// The same; an Error that says that `what` did not come about if it did not.
Status wait_or_fail(const std::string& what, std::chrono::milliseconds longest,
                    const std::function<Result<bool>()>& done);

}  // namespace advisor
