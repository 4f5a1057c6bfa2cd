#include "os/process_descriptors.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <set>

#include "base/text.h"
#include "os/directory.h"
#include "os/unique_fd.h"

namespace advisor {
namespace {

class Walk {
 public:
  Walk(int64_t most, const std::function<Result<bool>(const ProcessDescriptor&)>& visit)
      : most_(most), visit_(visit) {}

  std::string run() {
    const UniqueFd processes(open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    const Status all = processes ? visit_names(processes, "/proc",
                                               [&](const char* name) {
                                                 const auto pid = parse_decimal(name);
                                                 if (pid) look_into(*pid);
                                                 return goes_on_;
                                               })
                                 : Status(os_failure("list /proc", errno));
    if (!all) note(all.error(), 0);
    return why_missing();
  }

 private:
  std::string why_missing() const {
    if (!failure_.empty()) return failure_;
    if (looked_ >= most_) return "there are more descriptors than were looked at";
    if (refused_.empty()) return "";
    if (refused_.size() == 1) {
      return "1 process of another user could not be looked into; root can";
    }
    return grouped_digits(int64_t(refused_.size())) +
           " processes of other users could not be looked into; root can";
  }

  /// A process that ended meanwhile holds nothing.
  void note(const Error& error, int64_t pid) {
    if (error.os_error == ENOENT || error.os_error == ESRCH) return;
    if (error.kind == ErrorKind::kDenied) {
      refused_.insert(pid);
    } else if (failure_.empty()) {
      failure_ = error.message;
    }
  }

  void look_into(int64_t pid) {
    const std::string path = "/proc/" + std::to_string(pid) + "/fd";
    const UniqueFd descriptors(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!descriptors) return note(os_failure("list " + path, errno), pid);
    const Status all = visit_names(descriptors, path, [&](const char* name) {
      const Result<bool> more = visit_({pid, descriptors.get(), name});
      if (!more) note(more.error(), pid);
      goes_on_ = (!more || *more) && ++looked_ < most_;
      return goes_on_;
    });
    if (!all) note(all.error(), pid);
  }

  int64_t most_;
  const std::function<Result<bool>(const ProcessDescriptor&)>& visit_;
  bool goes_on_ = true;
  int64_t looked_ = 0;
  std::set<int64_t> refused_;  ///< processes
  std::string failure_;        ///< the first that is no refusal
};

}  // namespace

Result<std::string> target_of(const ProcessDescriptor& descriptor) {
  std::array<char, 64> target{};
  const ssize_t size =
      readlinkat(descriptor.directory, descriptor.name, target.data(), target.size());
  if (size < 0) return os_failure("look at descriptors", errno);
  return std::string(target.data(), size_t(size));
}

std::string visit_descriptors(int64_t most,
                              const std::function<Result<bool>(const ProcessDescriptor&)>& visit) {
  return Walk(most, visit).run();
}

}  // namespace advisor
