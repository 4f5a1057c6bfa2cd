#pragma once

#include <string>

#include "base/result.h"
#include "os/unique_fd.h"

namespace advisor {

/// Opens a file for reading, refusing it if anyone but root could have put it there: on the way
/// from `/`, every directory and the file itself must belong to root and be writable by nobody
/// else, and nothing may be a symbolic link. A directory with the sticky bit may be writable by
/// all, since root's own entries in it are safe from them.
Result<UniqueFd> open_trusted(const std::string& path);

/// Opens a directory in which files are about to be made or replaced, under the same conditions.
Result<UniqueFd> open_trusted_directory(const std::string& path);

}  // namespace advisor
