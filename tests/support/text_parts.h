#pragma once

#include <doctest/doctest.h>

#include <string_view>

namespace advisor::testing {

/// Whether the text holds the part. Of one that it lacks, a failed check tells which.
inline bool has(std::string_view text, std::string_view part) {
  CAPTURE(part);
  return text.find(part) != std::string_view::npos;
}

}  // namespace advisor::testing
