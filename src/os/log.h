#pragma once

#include <string>
#include <vector>

namespace advisor {

enum class LogLevel { kQuiet, kNormal, kVerbose };

/// Once, before anything is logged. Everything goes to stderr.
void start_log(LogLevel level);
/// What may surprise: shown unless quiet.
void log_warning(const std::string& text);
/// What is being done: shown with -v.
void log_step(const std::string& text);

/// While it lives, what is logged is kept; it is written when the last LogHold ends. A process that
/// others wait for needs this: a stalled pipe, or a terminal that was stopped, must not hold them
/// up.
class LogHold {
 public:
  LogHold();
  ~LogHold();
  LogHold(const LogHold&) = delete;
  LogHold& operator=(const LogHold&) = delete;
};

/// One text that was logged.
struct Logged {
  bool warning = false;
  std::string text;
};

/// Hands over what is kept: a child process gives it to its parent, which logs it again.
std::vector<Logged> take_held_log();
void log_again(const std::vector<Logged>& logged);

}  // namespace advisor
