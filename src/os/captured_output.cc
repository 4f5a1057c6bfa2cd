#include "os/captured_output.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>

#include "os/file_access.h"
#include "os/unique_fd.h"

namespace advisor {
namespace {

Result<std::string> text_in(const UniqueFd& memory) {
  if (lseek(memory.get(), 0, SEEK_SET) < 0) return os_failure("read what was printed", errno);
  return read_whole(memory.get(), "what was printed");
}

}  // namespace

Result<Printed> captured(const std::function<int()>& work) {
  const UniqueFd out(memfd_create("stdout", MFD_CLOEXEC)), err(memfd_create("stderr", MFD_CLOEXEC));
  if (!out || !err || dup2(out.get(), STDOUT_FILENO) < 0 || dup2(err.get(), STDERR_FILENO) < 0) {
    return os_failure("keep what is printed", errno);
  }
  const int status = work();
  auto printed = text_in(out);
  auto said = text_in(err);
  if (!printed) return printed.error();
  if (!said) return said.error();
  return Printed{status, *std::move(printed), *std::move(said)};
}

}  // namespace advisor
