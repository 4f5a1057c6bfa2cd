#include "os/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "base/text.h"

namespace advisor {

void start_log(LogLevel level) {
  auto logger = spdlog::stderr_logger_st("sysctl-advisor");
  logger->set_pattern("%n: %v");
  logger->set_level(level == LogLevel::kQuiet     ? spdlog::level::off
                    : level == LogLevel::kVerbose ? spdlog::level::debug
                                                  : spdlog::level::warn);
  spdlog::set_default_logger(std::move(logger));
}

void log_warning(const std::string& text) {
  spdlog::warn("warning: {}", printable(text));
}

void log_step(const std::string& text) {
  spdlog::debug("{}", printable(text));
}

}  // namespace advisor
