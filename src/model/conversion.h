#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/catalogue.h"
#include "model/kernel_number.h"

namespace advisor {

/// What becomes of a write, as far as the catalogue tells.
enum class WriteResult {
  kTaken,
  kRefused,
  kAbsent,   ///< that kernel has no such parameter
  kUnknown,  ///< the catalogue does not tell
};

/// What the kernel makes of one number that is written. The numbers that it may store lie between
/// `least` and `most`; they are the same unless it rounds by its tick, whose length no file tells.
struct Conversion {
  WriteResult result = WriteResult::kRefused;
  KernelNumber least;
  KernelNumber most;

  bool is_exact() const { return result == WriteResult::kTaken && least == most; }
};

/// What kernel `kernel` makes of one word written to that parameter, or without a kernel the newest
/// that is known. No other parameter is looked at.
Conversion converted(const ParameterInfo& info, const std::optional<KernelVersion>& kernel,
                     std::string_view word);

/// From which number to which the kernel takes each, its handler considered.
KernelRange accepted_range(const ParameterInfo& info, const std::optional<KernelVersion>& kernel);

/// "0..255", "whole numbers from 1 on": what that kernel takes, as the end of "the kernel takes
/// ...".
std::string accepted_in_words(const ParameterInfo& info,
                              const std::optional<KernelVersion>& kernel);

}  // namespace advisor
