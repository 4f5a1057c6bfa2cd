#pragma once

#include <span>
#include <string>
#include <string_view>

#include "load/toml_node.h"

namespace advisor {

/// A file of the folder `profiles`, as it was when the program was built.
struct EmbeddedFile {
  const char* path;  ///< relative to `profiles`, for example "rules/time-wait.toml"
  std::string_view text;
  std::string_view packed;  ///< as load/packed_files.h lays it down

  /// As if it had been read from a file of that name.
  SourceText source(const std::string& file) const { return {file, {}, packed, text}; }
};

/// All of them, sorted by path; defined in a source that the build makes (cmake/embed_profiles.cc).
std::span<const EmbeddedFile> embedded_files();

}  // namespace advisor
