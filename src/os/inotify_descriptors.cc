#include "os/inotify_descriptors.h"

#include <fmt/format.h>

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>

#include "base/text.h"
#include "os/file_store.h"
#include "os/process_descriptors.h"

namespace advisor {
namespace {

constexpr int64_t kMostDescriptors = 200'000;

/// The user that an instance made by the process counts against: the effective one.
std::optional<int64_t> user_of(const FileStore& files, int64_t pid) {
  constexpr size_t kEffective = 2;
  const auto status = files.read(fmt::format("/proc/{}/status", pid));
  if (!status) return std::nullopt;
  for (const std::string_view line : split_lines(*status)) {
    if (!line.starts_with("Uid:")) continue;
    const auto words = words_of(line);
    return words.size() > kEffective ? parse_decimal(words[kEffective]) : std::nullopt;
  }
  return std::nullopt;
}

int64_t watches_in(std::string_view descriptor) {
  int64_t watches = 0;
  for (const std::string_view line : split_lines(descriptor)) {
    watches += line.starts_with("inotify ");
  }
  return watches;
}

InotifyShare most_of(const std::map<int64_t, int64_t>& by_user) {
  InotifyShare most;
  for (const auto& [user, count] : by_user) {
    if (count > most.count) most = {user, count};
  }
  return most;
}

}  // namespace

Result<InotifyUse> read_inotify_use() {
  const PosixFileStore files("");
  std::map<int64_t, int64_t> instances;
  std::map<int64_t, int64_t> watches;
  // A child has those of its parent under the same number, with the same watches: one instance.
  std::set<std::tuple<int64_t, std::string, size_t>> seen;
  const std::string missing =
      visit_descriptors(kMostDescriptors, [&](const ProcessDescriptor& descriptor) {
        if (target_of(descriptor) != "anon_inode:inotify") return true;
        const auto user = user_of(files, descriptor.pid);
        const auto info =
            files.read(fmt::format("/proc/{}/fdinfo/{}", descriptor.pid, descriptor.name));
        if (!user || !info) return true;  // it ended, or was closed
        const int64_t count = watches_in(*info);
        const size_t hash = std::hash<std::string>()(*info);
        if (count > 0 && !seen.emplace(*user, descriptor.name, hash).second) return true;
        ++instances[*user];
        watches[*user] += count;
        return true;
      });
  if (!missing.empty()) return Error{ErrorKind::kDenied, missing, 0};
  return InotifyUse{most_of(instances), most_of(watches)};
}

}  // namespace advisor
