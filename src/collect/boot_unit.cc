#include "collect/boot_unit.h"

#include <optional>
#include <string>

#include "collect/recorded_host.h"

namespace advisor {
namespace {

/// What stands under the name of the unit where systemd looks first; nothing if that is nowhere.
std::optional<Result<std::string>> first_entry(const FileStore& files, const std::string& folder) {
  for (const std::string place : {"/etc/systemd/system", "/usr/local/lib/systemd/system",
                                  "/usr/lib/systemd/system", "/lib/systemd/system"}) {
    if (has_entry(files, place + folder, kBootUnit)) {
      return files.read(place + folder + "/" + kBootUnit);
    }
  }
  return std::nullopt;
}

/// An empty file, or a link to /dev/null, takes back what other places have under its name.
bool is_empty(const Result<std::string>& text) {
  return text && text->empty();
}

}  // namespace

BootUnitState boot_unit_state(const FileStore& files) {
  const auto unit = first_entry(files, "");
  if (!unit || !*unit) return BootUnitState::kMissing;
  if (is_empty(*unit)) return BootUnitState::kMasked;
  // Of this link only the name counts, and not what it leads to.
  const auto wanted = first_entry(files, "/sysinit.target.wants");
  return wanted && !is_empty(*wanted) ? BootUnitState::kRuns : BootUnitState::kNotWanted;
}

bool systemd_runs(const FileStore& files) {
  const auto listed = files.list("/run/systemd/system");
  return listed || listed.error().kind != ErrorKind::kNotFound;
}

}  // namespace advisor
