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

  void show(const std::string& text) const;
  void wipe() const;

 private:
  bool shown_;
};

}  // namespace advisor
