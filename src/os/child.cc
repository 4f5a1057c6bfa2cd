#include "os/child.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <deque>
#include <utility>

#include "base/text.h"
#include "os/unique_fd.h"

namespace advisor {
namespace {

constexpr char kAnswered = '+';
constexpr char kFailed = '-';

/// One line "+", or "-KIND ERRNO", and then the text or the message.
std::string encoded(const Result<std::string>& answer) {
  if (answer) return std::string(1, kAnswered) + "\n" + *answer;
  const Error& error = answer.error();
  return kFailed + std::to_string(int(error.kind)) + " " + std::to_string(error.os_error) + "\n" +
         error.message;
}

Result<std::string> decoded(const std::string& text) {
  const Error silent{ErrorKind::kIo, "the process that was to do it ended without an answer", 0};
  const size_t line = text.find('\n');
  if (line == std::string::npos) return silent;
  const std::string rest = text.substr(line + 1);
  if (text[0] == kAnswered) return rest;
  const std::vector<std::string> numbers = split(text.substr(1, line - 1), ' ');
  const auto kind = parse_decimal(numbers.front());
  const auto os_error = parse_decimal(numbers.back());
  if (!kind || !os_error) return silent;
  return Error{ErrorKind(*kind), rest, int(*os_error)};
}

void write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return;
    text.remove_prefix(size_t(written));
  }
}

std::string read_to_end(int fd) {
  std::string text;
  for (;;) {
    char buffer[4096];
    const ssize_t size = ::read(fd, buffer, sizeof buffer);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return text;
    text.append(buffer, size_t(size));
  }
}

/// A process of ours, and where its answer comes from.
struct Child {
  pid_t pid = 0;
  UniqueFd answer;
};

Result<Child> start(const ChildWork& work) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return os_failure("make a pipe", errno);
  UniqueFd reading(ends[0]);
  const UniqueFd writing(ends[1]);
  const pid_t child = fork();
  if (child < 0) return os_failure("start a process", errno);
  if (child == 0) {
    write_all(writing.get(), encoded(work()));
    // Not exit(3): what waits to be written, or to be tidied up, is the parent's.
    _exit(0);
  }
  return Child{child, std::move(reading)};
}

Result<std::string> wait_for(const Result<Child>& child) {
  if (!child) return child.error();
  const std::string answer = read_to_end(child->answer.get());
  while (waitpid(child->pid, nullptr, 0) < 0 && errno == EINTR) {
  }
  return decoded(answer);
}

}  // namespace

Result<std::string> run_in_child(const ChildWork& work) {
  return wait_for(start(work));
}

std::vector<Result<std::string>> run_in_children(const std::vector<ChildWork>& works) {
  constexpr size_t kAtOnce = 16;
  std::vector<Result<std::string>> answers;
  std::deque<Result<Child>> running;
  for (size_t next = 0; answers.size() < works.size();) {
    while (next < works.size() && running.size() < kAtOnce) running.push_back(start(works[next++]));
    answers.push_back(wait_for(running.front()));
    running.pop_front();
  }
  return answers;
}

}  // namespace advisor
