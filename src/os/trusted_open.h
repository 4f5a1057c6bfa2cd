#pragma once

#include <string>

#include "base/result.h"
#include "os/unique_fd.h"

namespace advisor {

/// Opens a regular file for reading, refusing it if anyone but root could have put it there: on the
/// way from `/`, every directory and the file itself must belong to root and be writable by nobody
/// else, and nothing may be a symbolic link. A directory of root's may stand in one that is
/// writable by all and has the sticky bit, such as /tmp: nobody can take it away or put another
/// name to it. A file may not, since to a file of root's anybody can.
Result<UniqueFd> open_trusted(const std::string& path);

/// Opens a directory in which files are about to be made or replaced, under the same conditions.
Result<UniqueFd> open_trusted_directory(const std::string& path);

}  // namespace advisor
