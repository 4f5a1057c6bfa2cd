#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"

namespace advisor {

using ChildWork = std::function<Result<std::string>()>;

/// Runs `work` in a child process of ours and waits for it: what it does to itself, such as
/// entering a sandbox, is gone with it. Its answer, a text or an Error, becomes ours. A child that
/// ends without an answer is an Error. What is locked stays locked for both.
Result<std::string> run_in_child(const ChildWork& work);

/// The same for each of `works`, some of them side by side; the answers in their order.
std::vector<Result<std::string>> run_in_children(const std::vector<ChildWork>& works);

}  // namespace advisor
