#include "os/inotify_descriptors.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/kcmp.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "base/text.h"
#include "os/file_store.h"
#include "os/process_descriptors.h"
#include "os/unique_fd.h"

namespace advisor {
namespace {

constexpr int64_t kMostWatching = 200'000;

/// The user that an instance made by the process counts against: the effective one.
Result<int64_t> user_of(const FileStore& files, int64_t pid) {
  constexpr size_t kEffective = 2;
  const auto status = files.read(fmt::format("/proc/{}/status", pid));
  if (!status) return status.error();
  for (const std::string_view line : split_lines(*status)) {
    if (!line.starts_with("Uid:")) continue;
    const auto words = words_of(line);
    const auto user = words.size() > kEffective ? parse_decimal(words[kEffective]) : std::nullopt;
    if (user) return *user;
  }
  return Error{ErrorKind::kCorrupt, fmt::format("/proc/{}/status names no user", pid), 0};
}

/// How many watches there are, and what tells them from others.
struct Watches {
  int64_t count = 0;
  uint64_t hash = 0;
};

/// A line for each, as much of it as there is: a million take a hundred megabytes.
Result<Watches> watches_of(const ProcessDescriptor& descriptor) {
  constexpr std::string_view kHead = "inotify ";
  constexpr uint64_t kBasis = 14695981039346656037U, kPrime = 1099511628211U;  // FNV-1a
  const std::string path = fmt::format("/proc/{}/fdinfo/{}", descriptor.pid, descriptor.name);
  const UniqueFd file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return os_failure("open " + path, errno);
  Watches watches{0, kBasis};
  std::array<char, 65536> bytes{};
  size_t matched = 0;  // characters of kHead since the line began; more: it is another line
  for (;;) {
    const ssize_t size = read(file.get(), bytes.data(), bytes.size());
    if (size < 0) return os_failure("read " + path, errno);
    if (size == 0) return watches;
    for (const char c : std::string_view(bytes.data(), size_t(size))) {
      watches.hash = (watches.hash ^ uint8_t(c)) * kPrime;
      if (c == '\n') {
        matched = 0;
      } else if (matched < kHead.size()) {
        matched = c == kHead[matched] ? matched + 1 : kHead.size() + 1;
        watches.count += matched == kHead.size();
      }
    }
  }
}

/// A descriptor that was counted.
struct Counted {
  int64_t pid = 0;
  int64_t number = 0;
};

/// Whether the two are one open file, as in a child that has what its parent opened.
bool is_same_file(const Counted& a, const Counted& b) {
  return syscall(SYS_kcmp, a.pid, b.pid, KCMP_FILE, a.number, b.number) == 0;
}

/// What the users have, counted as the descriptors come.
class Count {
 public:
  Result<bool> look_at(const ProcessDescriptor& descriptor) {
    const auto target = target_of(descriptor);
    if (!target) return target.error();
    if (*target != "anon_inode:inotify") return true;
    const auto user = user_of(files_, descriptor.pid);
    if (!user) return user.error();
    const auto watches = watches_of(descriptor);
    if (!watches) return watches.error();
    if (is_known(descriptor, *user, *watches)) return true;
    ++instances_[*user];
    watches_[*user] += watches->count;
    return true;
  }

  InotifyUse most() const { return {most_of(instances_), most_of(watches_)}; }

 private:
  using ByUser = std::map<int64_t, int64_t>;
  /// Of one user, with the same number and the same watches.
  using Alike = std::tuple<int64_t, std::string, uint64_t>;

  /// Whether a process that has it as well was looked at.
  bool is_known(const ProcessDescriptor& descriptor, int64_t user, const Watches& watches) {
    constexpr size_t kMostCompared = 100;
    const Counted one{descriptor.pid, parse_decimal(descriptor.name).value_or(-1)};
    std::vector<Counted>& others = alike_[{user, descriptor.name, watches.hash}];
    size_t compared = 0;
    for (auto other = others.rbegin(); other != others.rend() && compared < kMostCompared;
         ++other) {
      if (is_same_file(one, *other)) return true;
      ++compared;
    }
    others.push_back(one);
    return false;
  }

  static InotifyShare most_of(const ByUser& by_user) {
    InotifyShare most;
    for (const auto& [user, count] : by_user) {
      if (count > most.count) most = {user, count};
    }
    return most;
  }

  PosixFileStore files_{""};
  ByUser instances_;
  ByUser watches_;
  std::map<Alike, std::vector<Counted>> alike_;
};

}  // namespace

Result<InotifyUse> read_inotify_use() {
  Count count;
  const std::string missing = visit_descriptors(
      kMostWatching,
      [&](const ProcessDescriptor& descriptor) { return count.look_at(descriptor); });
  if (!missing.empty()) return Error{ErrorKind::kDenied, missing, 0};
  return count.most();
}

}  // namespace advisor
