#include "os/child.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <deque>
#include <utility>

#include "base/text.h"
#include "os/file_access.h"
#include "os/retries.h"
#include "os/unique_fd.h"

namespace advisor {
namespace {

constexpr char kAnswered = '+';
constexpr char kFailed = '-';

/// One line "+BYTES", or "-BYTES KIND ERRNO", and then the text or the message of so many bytes.
std::string encoded(const Result<std::string>& answer) {
  if (answer) return kAnswered + std::to_string(answer->size()) + "\n" + *answer;
  const Error& error = answer.error();
  return kFailed + std::to_string(error.message.size()) + " " + std::to_string(int(error.kind)) +
         " " + std::to_string(error.os_error) + "\n" + error.message;
}

Result<std::string> decoded(const std::string& text) {
  const Error silent{ErrorKind::kIo, "the process that was to do it ended without an answer", 0};
  const size_t line = text.find('\n');
  if (line == std::string::npos) return silent;
  const std::string rest = text.substr(line + 1);
  const std::vector<std::string> numbers = split(text.substr(1, line - 1), ' ');
  // A process that was killed may have said a part.
  if (parse_decimal(numbers[0]) != int64_t(rest.size())) return silent;
  if (text[0] == kAnswered) return rest;
  const auto kind = numbers.size() == 3 ? parse_decimal(numbers[1]) : std::nullopt;
  const auto os_error = numbers.size() == 3 ? parse_decimal(numbers[2]) : std::nullopt;
  if (!kind || !os_error) return silent;
  return Error{ErrorKind(*kind), rest, int(*os_error)};
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
    (void)write_whole(writing.get(), encoded(work()), "the answer");
    // Not exit(3): what waits to be written, or to be tidied up, is the parent's.
    _exit(0);
  }
  return Child{child, std::move(reading)};
}

Result<std::string> wait_for(const Result<Child>& child) {
  if (!child) return child.error();
  constexpr size_t kLargestAnswer = size_t{1} << 30;
  const auto answer = read_whole(child->answer.get(), "the answer of a process", kLargestAnswer);
  Retries interruptions;
  while (waitpid(child->pid, nullptr, 0) < 0 && errno == EINTR && interruptions.again()) {
  }
  return answer ? decoded(*answer) : answer;
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
