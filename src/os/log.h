#pragma once

#include <string>

namespace advisor {

enum class LogLevel { kQuiet, kNormal, kVerbose };

/// Once, before anything is logged. Everything goes to stderr.
void start_log(LogLevel level);
/// What may surprise: shown unless quiet.
void log_warning(const std::string& text);
/// What is being done: shown with -v.
void log_step(const std::string& text);

}  // namespace advisor
