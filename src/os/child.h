#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>

#include "base/result.h"
#include "os/unique_fd.h"

namespace advisor {

/// A process of ours that gives one answer after the other: what it does to itself, such as
/// entering a namespace, is gone with it. What is locked stays locked for both.
class AnsweringChild {
 public:
  /// Hands the parent one answer, a text or an Error, and waits while it has many unread.
  using Give = std::function<void(const Result<std::string>&)>;

  static Result<AnsweringChild> start(const std::function<void(const Give&)>& work);
  AnsweringChild(AnsweringChild&& other) noexcept;
  AnsweringChild& operator=(AnsweringChild&&) = delete;
  /// Waits for its end. Where several run side by side, the answers of all are to be read before:
  /// one with unread answers waits for a reader as long as a younger one lives.
  ~AnsweringChild();

  /// Whether the next answer begins, or the process ends, within that time: for whoever does
  /// something else meanwhile.
  bool answers_within(std::chrono::milliseconds patience) const;
  /// The next answer, once it is there. An Error if the process ended without it.
  Result<std::string> next();

 private:
  AnsweringChild(pid_t pid, UniqueFd answers) : pid_(pid), answers_(std::move(answers)) {}
  bool read_more();

  pid_t pid_;
  UniqueFd answers_;
  std::string unread_;  ///< what came behind the last answer
};

using ChildWork = std::function<Result<std::string>()>;

/// Runs `work` in a child process of ours and waits for it. Its answer becomes ours. A child that
/// ends without an answer is an Error.
Result<std::string> run_in_child(const ChildWork& work);

/// How many processes can run at the same time.
size_t processors();

}  // namespace advisor
