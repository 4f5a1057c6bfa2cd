#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/result.h"

namespace advisor {

/// Who looks after a change that must be confirmed: `recover`, run by this very program when the
/// time is over. It must not end with whoever asked for the change.
struct Watchdog {
  std::string name;                 ///< of the systemd units, if those are used
  std::chrono::milliseconds after;  ///< from now
  std::string root;                 ///< as of --root; empty: this host
  std::vector<std::string> sees;    ///< files that must be the same ones to it as to this process
};

/// Starts the watchdog, which then is there whatever becomes of this process, its terminal and its
/// session. Where systemd manages this host it is a transient timer, which not even the end of the
/// user's session takes along. Where that timer would see another network namespace or other files
/// it is a process in a session of its own, and if systemd is there at all, in a control group of
/// its own (a transient scope), which does not end with the caller's. Neither kind holds anything
/// of this process open. Told to end by SIGTERM, the process undoes the change at once.
Status start_watchdog(const Watchdog& watchdog);

/// Stops the timer of that name, if there is one. A watchdog that is a process finds nothing left
/// to do.
void stop_watchdog(const std::string& name);

/// What asks systemd for the timer. `program` is the path of this program.
std::vector<std::string> timer_command(const Watchdog& watchdog, const std::string& program);

/// What asks systemd for a control group, and becomes the watchdog's process in it.
std::vector<std::string> scope_command(const Watchdog& watchdog, const std::string& program);

/// The command of a watchdog that is a process of its own.
std::vector<std::string> process_command(const Watchdog& watchdog, const std::string& program);

}  // namespace advisor
