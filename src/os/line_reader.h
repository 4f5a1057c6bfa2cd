#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "base/result.h"

namespace advisor {

/// One line of a text, without its end.
struct TextLine {
  int64_t number = 0;  ///< from 1
  std::string text;
  bool is_too_long = false;  ///< then the text is only what it begins with
};

/// Tells `visit` each line that can be read from here on; one at a time is in memory, and of one
/// that has more than `most_bytes` only so many. An Error if some could not be read. `path` is for
/// its message.
Status visit_lines(int file, const std::string& path, size_t most_bytes,
                   const std::function<void(const TextLine&)>& visit);

}  // namespace advisor
