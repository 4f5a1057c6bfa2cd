#pragma once

#include "base/result.h"
#include "model/inotify_use.h"

namespace advisor {

/// Which users have most instances and watches of inotify(7), as far as the descriptors of
/// processes tell (/proc/PID/fdinfo, proc_pid_fdinfo(5)). An Error if not every process could be
/// looked into. Looks at 200,000 descriptors at most, which takes a third of a second.
Result<InotifyUse> read_inotify_use();

}  // namespace advisor
