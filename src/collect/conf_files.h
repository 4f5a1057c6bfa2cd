#pragma once

#include "os/file_store.h"
#include "os/sysctl_tree.h"
#include "sysctld/configuration.h"

namespace advisor {

/// The sysctl.d directories and /etc/sysctl.conf of a host, and what tells which loader carries
/// them out. Not looked at: the kernel command line, systemd credentials, and programs that set
/// parameters by files of their own (collect/other_writers.h looks for those).
Configuration read_configuration(const FileStore& files);

/// What those files set at boot.
PersistentSettings read_persistent_settings(const FileStore& files, const SysctlTree& tree);

}  // namespace advisor
