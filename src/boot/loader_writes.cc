#include "boot/loader_writes.h"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "sysctld/reading_order.h"

namespace advisor {
namespace {

using Lines = std::vector<PersistentSetting>;

void add_of_systemd(const Lines& lines, const PersistentSetting& winner,
                    std::vector<LoaderWrite>& writes) {
  if (winner.from_glob) {
    for (const PersistentSetting& line : lines) {
      const bool held = line.from_glob && line.read_by.systemd && line.held_by_systemd;
      if (held && line.value) writes.push_back({&line, &line});
    }
    return;
  }
  const PersistentSetting* at = &winner;
  for (auto line = std::make_reverse_iterator(lines.begin() + (&winner - lines.data()));
       line != lines.rend(); ++line) {
    if (!line->read_by.systemd || line->from_glob) continue;
    if (line->value != winner.value) break;
    at = &*line;
  }
  writes.push_back({&winner, at});
}

/// Patterns are written only where no line names the parameter.
void add_of_procps(const Lines& lines, const PersistentSetting& winner,
                   std::vector<LoaderWrite>& writes) {
  for (const PersistentSetting& line : lines) {
    const bool written = line.value && line.read_by.procps && (winner.from_glob || !line.from_glob);
    if (written) writes.push_back({&line, &line});
    if (&line == &winner) return;
  }
}

std::vector<LoaderWrite> in_order(std::vector<LoaderWrite> writes, SysctlLoader loader) {
  std::ranges::stable_sort(writes, [loader](const LoaderWrite& a, const LoaderWrite& b) {
    return comes_after(b.at->where, a.at->where, loader);
  });
  return writes;
}

}  // namespace

std::vector<LoaderWrite> loader_writes(const PersistentSettings& files, SysctlLoader loader) {
  std::vector<LoaderWrite> writes;
  for (const auto& [name, lines] : files.settings) {
    const PersistentSetting* winner = files.winner(name, loader);
    if (!winner || !winner->value) continue;
    loader == SysctlLoader::kSystemd ? add_of_systemd(lines, *winner, writes)
                                     : add_of_procps(lines, *winner, writes);
  }
  return in_order(std::move(writes), loader);
}

std::vector<LoaderWrite> reapplied_by_tuned(const PersistentSettings& files) {
  constexpr std::string_view kFirst = "/run/sysctl.d/", kSecond = "/etc/sysctl.d/";
  std::vector<LoaderWrite> writes;
  for (const auto& [name, lines] : files.settings) {
    for (const PersistentSetting& line : lines) {
      const std::string_view file = line.where.file;
      const bool read =
          file.starts_with(kFirst) || file.starts_with(kSecond) || file == kLastOfProcps;
      if (read && line.value && !line.from_glob && !line.ignores_errors) {
        writes.push_back({&line, &line});
      }
    }
  }
  return in_order(std::move(writes), SysctlLoader::kProcps);
}

}  // namespace advisor
