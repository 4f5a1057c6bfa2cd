#include "os/system_log.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <ctime>

#include "base/shortened.h"
#include "base/text.h"
#include "os/unique_fd.h"

// syslog(3), and what other libraries build on it, may wait: if the queue of the log is full, glibc
// closes its socket, opens one that waits, and sends again. A log daemon that stands still would
// then hold up a change of this host, and its undoing.

namespace advisor {
namespace {

constexpr int kDaemonFacility = 3 << 3;  // LOG_DAEMON of syslog(3)
constexpr size_t kLongestRecord = 900;

/// As glibc writes it: rsyslog and busybox look for the time, in English whatever the locale.
std::string record_of(SystemLogPriority priority, const std::string& text) {
  constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const time_t now = time(nullptr);
  tm local{};
  const bool known = localtime_r(&now, &local) != nullptr;
  const std::string when =
      known ? fmt::format("{} {:2} {:02}:{:02}:{:02} ", kMonths[local.tm_mon], local.tm_mday,
                          local.tm_hour, local.tm_min, local.tm_sec)
            : "";
  const std::string record =
      fmt::format("<{}>{}sysctl-advisor[{}]: {}", kDaemonFacility | int(priority), when, getpid(),
                  printable(text));
  return shortened(record, kLongestRecord);
}

}  // namespace

void log_to_socket(const std::string& path, SystemLogPriority priority, const std::string& text) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return;
  std::memcpy(address.sun_path, path.data(), path.size());
  const std::string record = record_of(priority, text);
  // Some logs listen for streams, in which a zero ends a record.
  for (const int type : {SOCK_DGRAM, SOCK_STREAM}) {
    const UniqueFd log(socket(AF_UNIX, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!log) return;
    if (connect(log.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      if (errno == EPROTOTYPE) continue;
      return;
    }
    const size_t size = record.size() + (type == SOCK_STREAM ? 1 : 0);
    (void)send(log.get(), record.c_str(), size, MSG_NOSIGNAL | MSG_DONTWAIT);
    return;
  }
}

void log_to_system(SystemLogPriority priority, const std::string& text) {
  log_to_socket("/dev/log", priority, text);
}

}  // namespace advisor
