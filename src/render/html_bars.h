#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "render/html.h"

namespace advisor {

/// What a part of a bar stands for, by which it has its colour.
enum class BarKind { kLive, kWaiting, kFree, kBound, kFull };

/// A part of a bar, in the unit of the whole.
struct BarPart {
  BarKind kind = BarKind::kLive;
  int64_t size = 0;
};

/// One thing, and how much of it is used up.
struct Bar {
  std::string label;
  std::string said;  ///< the numbers in words, which is what somebody hears who sees no bar
  std::string note;  ///< a line below it, or empty
  int64_t whole = 0;
  std::vector<BarPart> parts;  ///< side by side; what goes beyond the whole is cut off
  bool has_half_mark = false;
  bool is_full = false;
};

/// The bars, one below the other.
Html html_bars(const std::vector<Bar>& bars);

/// What a colour means.
struct BarMeaning {
  BarKind kind;
  const char* words;
};
/// Likewise of the mark at the half, unless `half_mark` is empty.
Html html_legend(const std::vector<BarMeaning>& meanings, const std::string& half_mark);

}  // namespace advisor
