#pragma once

#include <string>

#include "base/result.h"
#include "os/unique_fd.h"

namespace advisor {

/// How a user names standard input or output instead of a file.
inline constexpr const char* kStandardStream = "-";

/// Opens a file that a user names, be it a pipe.
Result<UniqueFd> open_named_file(const std::string& path);

/// The whole text of a file that a user names, or of what is piped in. Corrupt if it is longer than
/// `most_bytes`.
Result<std::string> read_named_file(const std::string& path, size_t most_bytes);

/// The file that a user names becomes `text`, readable by its owner only, or stays as it was. A
/// symbolic link, and what is no regular file, is refused.
Status write_named_file(const std::string& path, const std::string& text);

/// The file that a user names becomes `text` and readable by all, whatever the umask is, or stays
/// as it was; whoever reads it meanwhile has all of the one or of the other. A symbolic link is
/// replaced, and what it leads to is left. What else is no regular file is refused, and so is, of
/// root, a directory that may not be the one that was named (open_named_directory).
Status replace_named_file(const std::string& path, const std::string& text);

}  // namespace advisor
