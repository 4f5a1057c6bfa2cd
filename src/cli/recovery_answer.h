#pragma once

#include <string>
#include <vector>

#include "apply/recovery.h"
#include "os/log.h"

namespace advisor {

/// How a recovery ended and what it logged, as the text by which a child process answers.
std::string recovery_answer(const Result<Recovery>& recovery, const std::vector<Logged>& logged);

/// Reads such an answer. Stuck if there is none: the child may have put a part back.
Result<Recovery> read_recovery_answer(const Result<std::string>& answer,
                                      std::vector<Logged>& logged);

}  // namespace advisor
