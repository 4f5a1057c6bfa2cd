#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "model/catalogue.h"
#include "model/port_set.h"

namespace advisor {

/// A value read by its type: the numbers, the ports, or the text.
using TypedValue = std::variant<std::vector<int64_t>, PortSet, std::string>;

/// A whole number as the kernel reads it: 0x20 is 32 and 010 is 8; the only sign is a minus. One
/// between 2^63 and 2^64 counts as the largest that fits.
std::optional<int64_t> parse_kernel_integer(std::string_view text);

/// How many numbers a value of this parameter has; 0 if its type does not count numbers.
size_t field_count(const ParameterInfo& info);

/// One number of a vector, as if it were a parameter of its own.
ParameterInfo field_of(const ParameterInfo& info);

/// Reads a value by the type of its parameter; nothing if it is not of that type, which includes
/// a vector with too few or too many numbers (the kernel takes both silently).
std::optional<TypedValue> typed(const ParameterInfo& info, const ParameterValue& value);

/// The value of a typed value, in the kernel's own spelling.
ParameterValue untyped(const TypedValue& value);

/// Whether the two mean the same, also where they are numbers from 2^63 on. `info` may be null:
/// then they are compared word by word.
bool same_value(const ParameterInfo* info, const ParameterValue& a, const ParameterValue& b);

/// How a value of this parameter is written, as the end of a sentence ("it must be 0 or 1").
std::string expected_form(const ParameterInfo& info);

/// Why this parameter must not be given this value, as the end of a sentence
/// ("its range is 0..2"); nothing if it may.
std::optional<std::string> why_invalid(const ParameterInfo& info, const ParameterValue& value);

/// Whether the kernel would not let this parameter go from that value before the next boot.
bool is_one_way(const ParameterInfo& info, const ParameterValue& value);

}  // namespace advisor
