#pragma once

#include <span>
#include <string_view>

namespace advisor {

/// A file of the folder `profiles`, as it was when the program was built.
struct EmbeddedFile {
  const char* path;  ///< relative to `profiles`, for example "rules/time-wait.toml"
  std::string_view text;
};

/// All of them; defined in a source that the build makes (cmake/EmbedFiles.cmake).
std::span<const EmbeddedFile> embedded_files();

}  // namespace advisor
