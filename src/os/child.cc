#include "os/child.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "base/text.h"
#include "os/file_access.h"
#include "os/retries.h"

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

/// What the line before an answer says of it.
struct Announced {
  size_t bytes = 0;
  std::optional<Error> error;  ///< without its message; nothing: the answer is a text
};

std::optional<Announced> announced_by(const std::string& line) {
  const std::vector<std::string> numbers =
      split(line.substr(std::min<size_t>(1, line.size())), ' ');
  const auto number = [&](size_t i) {
    return i < numbers.size() ? parse_decimal(numbers[i]) : std::nullopt;
  };
  const auto bytes = number(0), kind = number(1), os_error = number(2);
  if (!bytes) return std::nullopt;
  if (line[0] == kAnswered) return Announced{size_t(*bytes), std::nullopt};
  if (!kind || !os_error) return std::nullopt;
  return Announced{size_t(*bytes), Error{ErrorKind(*kind), "", int(*os_error)}};
}

}  // namespace

Result<AnsweringChild> AnsweringChild::start(const std::function<void(const Give&)>& work) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return os_failure("make a pipe", errno);
  UniqueFd reading(ends[0]);
  const UniqueFd writing(ends[1]);
  const pid_t child = fork();
  if (child < 0) return os_failure("start a process", errno);
  if (child > 0) return AnsweringChild(child, std::move(reading));
  // Or it would not be told that nobody reads any more.
  reading = UniqueFd();
  work([&](const Result<std::string>& answer) {
    // Not exit(3): what waits to be written, or to be tidied up, is the parent's.
    if (!write_whole(writing.get(), encoded(answer), "the answer")) _exit(1);
  });
  _exit(0);
}

AnsweringChild::AnsweringChild(AnsweringChild&& other) noexcept
    : pid_(std::exchange(other.pid_, 0)),
      answers_(std::move(other.answers_)),
      unread_(std::move(other.unread_)) {}

AnsweringChild::~AnsweringChild() {
  if (pid_ == 0) return;
  answers_ = UniqueFd();
  Retries interruptions;
  while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR && interruptions.again()) {
  }
}

bool AnsweringChild::read_more() {
  char buffer[65536];
  Retries interruptions;
  for (;;) {
    const ssize_t size = read(answers_.get(), buffer, sizeof buffer);
    if (size < 0 && errno == EINTR && interruptions.again()) continue;
    if (size > 0) unread_.append(buffer, size_t(size));
    return size > 0;
  }
}

bool AnsweringChild::answers_within(std::chrono::milliseconds patience) const {
  if (!unread_.empty()) return true;
  pollfd answer{answers_.get(), POLLIN, 0};
  return poll(&answer, 1, int(patience.count())) > 0;
}

Result<std::string> AnsweringChild::next() {
  // A process that was killed may have said a part.
  const Error silent{ErrorKind::kIo, "the process that was to do it ended without an answer", 0};
  size_t line = unread_.find('\n');
  for (; line == std::string::npos; line = unread_.find('\n')) {
    if (!read_more()) return silent;
  }
  const auto announced = announced_by(unread_.substr(0, line));
  if (!announced) return silent;
  const size_t end = line + 1 + announced->bytes;
  while (unread_.size() < end) {
    if (!read_more()) return silent;
  }
  std::string text = unread_.substr(line + 1, announced->bytes);
  unread_.erase(0, end);
  if (!announced->error) return text;
  Error error = *announced->error;
  error.message = std::move(text);
  return error;
}

Result<std::string> run_in_child(const ChildWork& work) {
  auto child = AnsweringChild::start([&](const AnsweringChild::Give& give) { give(work()); });
  return child ? child->next() : child.error();
}

size_t processors() {
  return std::max(std::thread::hardware_concurrency(), 1U);
}

}  // namespace advisor
