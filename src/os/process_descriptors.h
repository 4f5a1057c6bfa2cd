#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/result.h"

namespace advisor {

/// One descriptor of a process: an entry of /proc/PID/fd, proc_pid_fd(5).
struct ProcessDescriptor {
  int64_t pid = 0;
  int directory = -1;  ///< /proc/PID/fd, open
  const char* name = nullptr;
};

/// What such an entry refers to ("socket:[123]", "anon_inode:inotify"), or the beginning of that.
Result<std::string> target_of(const ProcessDescriptor& descriptor);

/// Tells `visit` the descriptors of all processes, until it says false or there were `most`. Those
/// of another user are seen by root alone. An Error of `visit` counts as one of its process, and
/// the walk goes on: nothing is wrong with what is gone meanwhile. Returns why some may be missing;
/// empty if every process was looked into.
std::string visit_descriptors(int64_t most,
                              const std::function<Result<bool>(const ProcessDescriptor&)>& visit);

}  // namespace advisor
