#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace advisor {

/// Who ran a command, as far as this process can tell. It is for people to read: nothing is
/// decided by it. What others wrote is kept as it is, and must be made printable to be shown.
struct Caller {
  /// Who logged in, whatever su(1) or sudo(8) made of it since (/proc/self/loginuid). Nothing:
  /// nobody did, as in a service, or the kernel does not tell.
  std::optional<int64_t> login_uid = std::nullopt;
  std::string login = {};      ///< the name of login_uid in /etc/passwd; empty if it has none there
  std::string sudo_user = {};  ///< what SUDO_USER says, which the caller may have set
  std::optional<int64_t> sudo_uid = std::nullopt;  ///< what SUDO_UID says, likewise
  std::string tty = {};                            ///< the terminal; empty if there is none
  std::string command = {};                        ///< the words, quoted as a shell takes them

  bool operator==(const Caller&) const = default;
};

/// The caller of this process. Asks nobody over a network, and never waits.
Caller identify_caller();

/// The name of `uid` by a text of the form of /etc/passwd; empty if it has none.
std::string name_of_uid(int64_t uid, std::string_view passwd);

/// The path of a terminal, as /proc/PID/stat says which one controls a process; empty if none does.
std::string controlling_terminal(std::string_view stat);

/// What stands in /proc/PID/cmdline as a line for a shell, of at most 1024 bytes: a longer one is
/// cut and ends in "...".
std::string command_text(std::string_view cmdline);

}  // namespace advisor
