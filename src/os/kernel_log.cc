#include "os/kernel_log.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "os/retries.h"
#include "os/unique_fd.h"

namespace advisor {

Result<std::vector<std::string>> read_kernel_log() {
  constexpr size_t kLongestRecord = 8192;  // PRINTKRB_RECORD_MAX is 1024, and a dictionary with it
  constexpr size_t kMostRecords = 100'000;
  const UniqueFd log(open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!log) return os_failure("read /dev/kmsg", errno);
  std::vector<std::string> records;
  std::array<char, kLongestRecord> record;
  Retries retries;
  while (records.size() < kMostRecords) {
    const ssize_t size = read(log.get(), record.data(), record.size());
    if (size > 0) {
      records.emplace_back(record.data(), size_t(size));
      retries.start_over();
    } else if (size == 0 || errno == EAGAIN) {
      break;
    } else if ((errno != EPIPE && errno != EINTR) || !retries.again()) {
      // EPIPE: some were overwritten meanwhile.
      return os_failure("read /dev/kmsg", errno);
    }
  }
  return records;
}

}  // namespace advisor
