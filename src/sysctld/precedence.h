#pragma once

#include <string>
#include <vector>

#include "model/parameter_names.h"
#include "sysctld/conf_line.h"

namespace advisor {

/// A sysctl.d file that was read, and by whom it is read.
struct ConfFile {
  std::string path;
  std::vector<ConfLine> lines;
  SysctlLoaders read_by;
  /// The text of an earlier file under another name (Debian links 99-sysctl.conf to sysctl.conf),
  /// so what is remarkable about it has been said.
  bool is_repeated = false;
};

/// Adds what the files say of each parameter, and which line wins under each loader. The files are
/// given in the order in which they are read; patterns are matched against the names there are.
void add_settings(const std::vector<ConfFile>& files, const ParameterNames& names,
                  PersistentSettings& persistent);

}  // namespace advisor
