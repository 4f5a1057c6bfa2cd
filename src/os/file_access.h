#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"
#include "os/unique_fd.h"

namespace advisor {

/// The longest text that is read whole: a journal, a profile, a file of sysctl.d, or one below
/// /proc.
constexpr size_t kLargestFileBytes = size_t{16} << 20;

/// As open(2) of what is there. Symbolic links stay within the copied tree that `root` names; if
/// `root` is empty they are followed anywhere. -1 and errno if that fails.
UniqueFd open_below(const std::string& root, const std::string& path, int flags);

/// Rejected unless it is a regular file or /dev/null, be it opened or only a place (O_PATH).
Status check_is_file(const UniqueFd& file, const std::string& path);

/// Opens a regular file or /dev/null for reading, and never waits for the other end of a named
/// pipe. In a copied tree anything else is refused before it is opened, since opening sets some
/// devices going.
Result<UniqueFd> open_to_read(const std::string& root, const std::string& path);

/// All that can be read from here on. Corrupt if that is more than `most_bytes`.
Result<std::string> read_whole(int file, const std::string& path,
                               size_t most_bytes = kLargestFileBytes);

Status write_whole(int file, std::string_view text, const std::string& path);

}  // namespace advisor
