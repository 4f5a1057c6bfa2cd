#pragma once

#include <vector>

#include "model/persistent.h"
#include "os/file_store.h"

namespace advisor {

/// What systemd-networkd sets by networkd.conf and its .network files (systemd.network(5)); nothing
/// unless it runs or is enabled. An interface that a file matches by more than one literal name is
/// left open. Drop-ins of these files are not read.
std::vector<OtherSetting> read_networkd_settings(const FileStore& files);

}  // namespace advisor
