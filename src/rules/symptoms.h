#pragma once

#include <span>
#include <string_view>

#include "base/shared_text.h"

namespace advisor {

/// Whether what somebody saw (a message of a program, a line of the kernel's log, the name of an
/// errno) is one of these symptoms, or holds one; a part of eight characters or more will do.
/// Capitals count for names of errno only: "EMFILE" is a word of its own.
bool shows_symptom(std::string_view said, std::span<const SharedText> symptoms);

}  // namespace advisor
