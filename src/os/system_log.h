#pragma once

#include <string>

namespace advisor {

/// As syslog(3) counts them.
enum class SystemLogPriority { kError = 3, kNotice = 5 };

/// Hands one record to the log of this host: to journald, rsyslog or whoever else listens at
/// /dev/log. Never waits: a record that the log does not take at once is dropped in silence, as is
/// every record where there is no log. Control characters are shown as `?`, and a record of more
/// than 900 bytes is cut, so that it stays one line of any syslog.
void log_to_system(SystemLogPriority priority, const std::string& text);

/// The same to whoever listens at `path`.
void log_to_socket(const std::string& path, SystemLogPriority priority, const std::string& text);

}  // namespace advisor
