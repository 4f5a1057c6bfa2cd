#pragma once

#include <functional>
#include <string>

#include "base/result.h"

namespace advisor {

/// What somebody printed, and with which status it ended.
struct Printed {
  int status = 0;
  std::string out;
  std::string err;
};

/// Runs `work` while what it prints goes to memory in place of stdout and stderr. For a process of
/// ours that ends thereafter: nothing puts the descriptors back.
Result<Printed> captured(const std::function<int()>& work);

}  // namespace advisor
