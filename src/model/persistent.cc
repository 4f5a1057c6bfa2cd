#include "model/persistent.h"

#include <algorithm>

namespace advisor {

const std::vector<PersistentSetting>& PersistentSettings::lines_on(
    const ParameterName& parameter) const {
  static const std::vector<PersistentSetting> kNone;
  const auto lines = settings.find(parameter);
  return lines == settings.end() ? kNone : lines->second;
}

const PersistentSetting* PersistentSettings::winner(const ParameterName& parameter,
                                                    SysctlLoader loader) const {
  const std::vector<PersistentSetting>& lines = lines_on(parameter);
  const auto line = std::find_if(lines.begin(), lines.end(), [loader](const PersistentSetting& s) {
    return s.wins.has(loader);
  });
  return line == lines.end() ? nullptr : &*line;
}

std::string to_text(SysctlLoader loader) {
  return loader == SysctlLoader::kSystemd ? "systemd-sysctl" : "sysctl --system";
}

}  // namespace advisor
