#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "os/unique_fd.h"

namespace advisor {

/// What a line does to the frames that go over it.
struct LineTraits {
  std::chrono::milliseconds delay{0};  ///< each way
  size_t longest = 0;                  ///< bytes of the longest packet that arrives; 0: all do
  std::vector<int64_t> lost;  ///< which packets of a TCP connection over IPv4 that come from the
                              ///< first end do not arrive: 1 is the first one
};

/// A process that carries frames between two interfaces of one network namespace, and is gone with
/// this object.
class Line {
 public:
  Line() = default;
  /// In the network namespace of this process.
  static Result<Line> lay(const std::string& first, const std::string& second,
                          const LineTraits& traits);
  Line(Line&& other) noexcept;
  Line& operator=(Line&& other) noexcept;
  ~Line();

  /// From now on nothing arrives any more.
  Status cut() const { return command('c'); }
  Status mend() const { return command('m'); }

 private:
  Line(pid_t process, UniqueFd commands) : process_(process), commands_(std::move(commands)) {}
  /// Returns once it is carried out.
  Status command(char what) const;

  pid_t process_ = -1;
  UniqueFd commands_;
};

}  // namespace advisor
