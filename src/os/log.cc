#include "os/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <utility>

#include "os/terminal.h"

namespace advisor {

namespace {

/// There is one log, as there is one standard error.
struct Held {
  int holds = 0;
  std::vector<Logged> logged;
};

Held& held() {
  static Held log;
  return log;
}

/// As it is shown, without the end of the line, which the logger writes.
std::string line_of(const std::string& text) {
  std::string line = as_line_for_stderr("sysctl-advisor: " + as_shown(text));
  line.pop_back();
  return line;
}

void log_or_hold(Logged one) {
  if (held().holds > 0) {
    held().logged.push_back(std::move(one));
  } else if (one.warning) {
    spdlog::warn("{}", line_of("warning: " + one.text));
  } else {
    spdlog::debug("{}", line_of(one.text));
  }
}

}  // namespace

void start_log(LogLevel level) {
  auto logger = spdlog::stderr_logger_st("sysctl-advisor");
  logger->set_pattern("%v");
  logger->set_level(level == LogLevel::kQuiet     ? spdlog::level::off
                    : level == LogLevel::kVerbose ? spdlog::level::debug
                                                  : spdlog::level::warn);
  spdlog::set_default_logger(std::move(logger));
}

void log_warning(const std::string& text) {
  log_or_hold({true, text});
}

void log_step(const std::string& text) {
  log_or_hold({false, text});
}

LogHold::LogHold() {
  ++held().holds;
}

LogHold::~LogHold() {
  if (--held().holds == 0) log_again(take_held_log());
}

std::vector<Logged> take_held_log() {
  return std::exchange(held().logged, {});
}

void log_again(const std::vector<Logged>& logged) {
  for (const Logged& one : logged) log_or_hold(one);
}

}  // namespace advisor
