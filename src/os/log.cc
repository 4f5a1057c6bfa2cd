#include "os/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "base/text.h"
#include "os/terminal.h"

namespace advisor {

namespace {

/// As what is written to stderr otherwise.
std::string shown(const std::string& text) {
  return stderr_is_terminal() ? printable_lines(text) : text;
}

}  // namespace

void start_log(LogLevel level) {
  auto logger = spdlog::stderr_logger_st("sysctl-advisor");
  logger->set_pattern("%n: %v");
  logger->set_level(level == LogLevel::kQuiet     ? spdlog::level::off
                    : level == LogLevel::kVerbose ? spdlog::level::debug
                                                  : spdlog::level::warn);
  spdlog::set_default_logger(std::move(logger));
}

void log_warning(const std::string& text) {
  spdlog::warn("warning: {}", shown(text));
}

void log_step(const std::string& text) {
  spdlog::debug("{}", shown(text));
}

}  // namespace advisor
