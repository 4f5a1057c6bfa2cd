#pragma once

#include <string>
#include <vector>

#include "model/explanation.h"

namespace advisor {

// What is known of a parameter, in sentences. Each is empty where there is nothing to say.

/// "0. Linux 6.1 itself sets it to 2." or why it could not be read.
std::string value_words(const ParameterExplanation& parameter, const Host& host);
/// "A whole number (seconds) from 0 to 600; -1 stands for no limit."
std::string type_words(const ParameterInfo& info);

/// "1 transports, 2 calls"; empty if the bits have no names.
std::string bits_words(const ParameterInfo& info);
/// Since when the kernel has it, and whether this one still does something by it.
std::string kernel_words(const ParameterExplanation& parameter, const Host& host);
/// Of what there is one value each, and what a new network namespace shows.
std::string scope_words(const ParameterInfo& info);
/// When a change takes effect, what it does besides, and whether it can be taken back.
std::string change_words(const ParameterInfo& info);
/// What nobody could establish.
std::string open_words(const ParameterInfo& info);
/// Who sets it at boot, and whether that is what stands now; a sentence each.
std::vector<std::string> boot_words(const ParameterExplanation& parameter);

}  // namespace advisor
