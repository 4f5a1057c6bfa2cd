#pragma once

#include "model/persistent.h"
#include "model/plan.h"
#include "os/file_store.h"
#include "os/sysctl_tree.h"

namespace advisor {

/// What the files of this host set at boot: the sysctl.d directories and /etc/sysctl.conf, as
/// systemd-sysctl and `sysctl --system` read them. Never fails as a whole: what could not be read
/// is a remark, and
/// among `unread` if a loader might read it. Not looked at: the kernel command line, systemd
/// credentials, and programs that set parameters by files of their own (collect/other_writers.h
/// looks for those).
PersistentSettings read_persistent_settings(const FileStore& files, const SysctlTree& tree);

/// As they would be if a file of these directories held what is proposed.
PersistentSettings read_persistent_settings(const FileStore& files, const SysctlTree& tree,
                                            const FileChange& proposed);

}  // namespace advisor
