#pragma once

#include <string>

#include "base/result.h"
#include "os/unique_fd.h"

namespace advisor {

/// Opens a regular file for reading if root alone could have put it there: on the way from `/`,
/// every directory and the file itself must belong to root, be writable by root alone, and be no
/// symbolic link. A directory of root's may stand in one that is writable by all and has the sticky
/// bit, such as /tmp: others can neither take it away nor put another name to it. A file may not,
/// since anybody can put another name to a file of root's.
Result<UniqueFd> open_trusted(const std::string& path);

/// Opens a directory in which files are about to be made or replaced, under the same conditions.
Result<UniqueFd> open_trusted_directory(const std::string& path);

/// Opens a directory in which root is about to put a file that its user named, so that it is the
/// one that was named: it and those above it may be anybody's, but none is a symbolic link, and
/// none can be written by everybody unless it has the sticky bit.
Result<UniqueFd> open_named_directory(const std::string& path);

}  // namespace advisor
