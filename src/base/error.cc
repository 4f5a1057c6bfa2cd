#include "base/error.h"

#include <cerrno>
#include <system_error>

namespace advisor {

ErrorKind error_kind_of(int os_error) {
  switch (os_error) {
    case ENOENT:
    case ENOTDIR:
      return ErrorKind::kNotFound;
    case EACCES:
    case EPERM:
      return ErrorKind::kDenied;
    case EINVAL:
    case ERANGE:
    case ELOOP:
      return ErrorKind::kRejected;
    case EROFS:
      return ErrorKind::kReadOnly;
    case EAGAIN:
    case EBUSY:
      return ErrorKind::kBusy;
    default:
      return ErrorKind::kIo;
  }
}

bool is_closed(const Error& error) {
  return error.kind == ErrorKind::kNotFound || error.kind == ErrorKind::kDenied ||
         error.kind == ErrorKind::kReadOnly;
}

Error os_failure(const std::string& attempt, int os_error) {
  std::string reason = std::generic_category().message(os_error);
  if (!reason.empty() && reason[0] >= 'A' && reason[0] <= 'Z') reason[0] = char(reason[0] + 32);
  return {error_kind_of(os_error), "cannot " + attempt + ": " + reason, os_error};
}

}  // namespace advisor
