#pragma once

#include <string>

namespace advisor {

/// What kind of "no" the world answered; callers branch on the kind, people read the message.
enum class ErrorKind {
  kNotFound,  ///< there is no such file, parameter or object
  kDenied,    ///< we may not: permissions
  kRejected,  ///< understood and refused: a value the kernel does not take, a file we do not trust
  kReadOnly,  ///< the place cannot be written by anyone (read-only mount)
  kBusy,      ///< somebody else holds it
  kCorrupt,   ///< the content is not what it must be
  kStale,     ///< the world moved since we looked
  kStuck,     ///< not everything could be put back
  kIo,        ///< everything else the system can answer
};

/// The world said no. The message is lower case and says what was attempted, on what, why,
/// and the way out; `os_error` is the errno behind it, 0 if there is none.
struct Error {
  ErrorKind kind = ErrorKind::kIo;
  std::string message;
  int os_error = 0;

  bool operator==(const Error&) const = default;
};

/// The one translation of errno into a kind.
ErrorKind error_kind_of(int os_error);

/// Whether there is no such thing here, or nobody may: to try again is of no use.
bool is_closed(const Error& error);

/// "cannot <attempt>: <text of errno>", with the kind that belongs to errno.
Error os_failure(const std::string& attempt, int os_error);

}  // namespace advisor
