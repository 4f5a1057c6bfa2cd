#include "model/written_value.h"

#include <algorithm>
#include <limits>

#include "base/text.h"
#include "model/typed_value.h"

namespace advisor {
namespace {

/// How many numbers the parameter has; 0 if it is text.
size_t number_count(const ParameterInfo* info, const std::optional<ParameterValue>& before) {
  if (info) return field_count(*info);
  if (!before) return 0;
  const bool numbers = std::ranges::all_of(
      before->words(), [](const std::string& word) { return bool(parse_kernel_integer(word)); });
  return numbers ? before->words().size() : 0;
}

/// In the kernel's own spelling, unless it is too large for us to tell.
std::string in_decimal(const std::string& word, int64_t number) {
  return number == std::numeric_limits<int64_t>::max() ? word : std::to_string(number);
}

/// Whether the numbers in front of a wrong one are kept: proc_dointvec and its kin store each as
/// they go, a range is put together before it is stored.
bool keeps_what_it_took(const ParameterInfo* info) {
  return info && info->type == ParameterType::kVector;
}

}  // namespace

std::optional<ParameterValue> value_written(const ParameterInfo* info,
                                            const std::optional<ParameterValue>& before,
                                            std::string_view written) {
  const ParameterValue given(written);
  const size_t count = number_count(info, before);
  if (count == 0) {
    const bool refused = info && info->type == ParameterType::kPortSet && !typed(*info, given);
    return refused ? std::nullopt : std::optional(given);
  }
  std::vector<std::string> numbers;
  for (const std::string& word : given.words()) {
    if (numbers.size() == count) break;
    const auto number = parse_kernel_integer(word);
    if (!number && (numbers.empty() || !keeps_what_it_took(info))) return std::nullopt;
    if (!number) break;
    numbers.push_back(in_decimal(word, *number));
  }
  if (numbers.empty()) return std::nullopt;
  for (size_t i = numbers.size(); i < count && before && i < before->words().size(); ++i) {
    numbers.push_back(before->words()[i]);
  }
  return ParameterValue(join(numbers, " "));
}

}  // namespace advisor
