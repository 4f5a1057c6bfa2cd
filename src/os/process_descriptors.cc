#include "os/process_descriptors.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/text.h"
#include "os/directory.h"
#include "os/unique_fd.h"

namespace advisor {
namespace {

class Walk {
 public:
  Walk(int64_t most, const std::function<bool(const ProcessDescriptor&)>& visit)
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
    if (!all) note(all.error());
    return why_missing();
  }

 private:
  std::string why_missing() const {
    if (!failure_.empty()) return failure_;
    if (looked_ >= most_) return "there are more descriptors than were looked at";
    if (refused_ == 0) return "";
    return std::to_string(refused_) +
           " processes of other users could not be looked into; root can";
  }

  /// A process that ended meanwhile holds nothing.
  void note(const Error& error) {
    if (error.os_error == ENOENT || error.os_error == ESRCH) return;
    if (error.kind == ErrorKind::kDenied) {
      ++refused_;
    } else if (failure_.empty()) {
      failure_ = error.message;
    }
  }

  void look_into(int64_t pid) {
    const std::string path = "/proc/" + std::to_string(pid) + "/fd";
    const UniqueFd descriptors(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!descriptors) return note(os_failure("list " + path, errno));
    const Status all = visit_names(descriptors, path, [&](const char* name) {
      goes_on_ = visit_({pid, descriptors.get(), name}) && ++looked_ < most_;
      return goes_on_;
    });
    if (!all) note(all.error());
  }

  int64_t most_;
  const std::function<bool(const ProcessDescriptor&)>& visit_;
  bool goes_on_ = true;
  int64_t looked_ = 0;
  int64_t refused_ = 0;  ///< processes
  std::string failure_;  ///< the first that is no refusal
};

}  // namespace

std::string target_of(const ProcessDescriptor& descriptor) {
  std::array<char, 64> target{};
  const ssize_t size =
      readlinkat(descriptor.directory, descriptor.name, target.data(), target.size());
  return {target.data(), size > 0 ? size_t(size) : 0};
}

std::string visit_descriptors(int64_t most,
                              const std::function<bool(const ProcessDescriptor&)>& visit) {
  return Walk(most, visit).run();
}

}  // namespace advisor
