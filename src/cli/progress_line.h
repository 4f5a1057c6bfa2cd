#pragma once

#include <string>

#include "cli/request.h"

namespace advisor {

/// What is being waited for, on a terminal; the line is wiped when the wait is over.
class ProgressLine {
 public:
  explicit ProgressLine(const Request& request);
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  ~ProgressLine() { wipe(); }

  void show(const std::string& text);
  /// Wipes it, if it is there.
  void wipe();

 private:
  bool is_wanted_;
  bool is_there_ = false;
};

}  // namespace advisor
