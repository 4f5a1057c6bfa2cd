#include "boot/boot_lines.h"

#include <algorithm>

#include "model/side_writes.h"
#include "sysctld/reading_order.h"

namespace advisor {

std::vector<PersistentSetting> lines_that_write(const ParameterName& parameter,
                                                const PersistentSettings& files,
                                                const Catalogue& catalogue) {
  std::vector<PersistentSetting> lines = files.lines_on(parameter);
  for (const auto& [name, others] : files.settings) {
    const ParameterInfo* leader = name == parameter ? nullptr : catalogue.find(name);
    if (!leader || !writes_too(*leader, parameter)) continue;
    for (const PersistentSetting& line : others) {
      if (line.value) lines.push_back(line);
    }
  }
  // By name, /etc/sysctl.conf last, as procps does it: systemd does not read that.
  std::ranges::stable_sort(lines, [](const PersistentSetting& a, const PersistentSetting& b) {
    return comes_after(b.where, a.where, SysctlLoader::kProcps);
  });
  return lines;
}

}  // namespace advisor
