#pragma once

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

namespace advisor::testing {

/// Whether the text holds the part. Of one that it lacks, a failed check tells which.
inline bool has(std::string_view text, std::string_view part) {
  CAPTURE(part);
  return text.find(part) != std::string_view::npos;
}

/// Each tag by its name ("p", "/p"), without those of code, which backticks of a sentence make.
inline std::vector<std::string> tags_of(std::string_view html) {
  std::vector<std::string> tags;
  for (size_t at = html.find('<'); at != std::string_view::npos; at = html.find('<', at + 1)) {
    const std::string name(html.substr(at + 1, html.find_first_of(" />\n", at + 2) - at - 1));
    if (name != "code" && name != "/code") tags.push_back(name);
  }
  return tags;
}

}  // namespace advisor::testing
