#include "model/parameter_cost.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <vector>

#include "base/text.h"
#include "model/typed_value.h"

namespace advisor {
namespace {

using Numbers = std::vector<int64_t>;

/// The numbers of a value; nothing if it is not made of numbers.
std::optional<Numbers> numbers_of(const ParameterInfo& info, const ParameterValue& value) {
  const std::optional<TypedValue> read = typed(info, value);
  const auto* numbers = read ? std::get_if<Numbers>(&*read) : nullptr;
  return numbers ? std::optional(*numbers) : std::nullopt;
}

bool counts(const Cost& cost, const Numbers& now, const Numbers& advised) {
  const auto any = [&](auto&& relation) {
    for (size_t i = 0; i < advised.size() && i < now.size(); ++i) {
      if (relation(advised[i], now[i])) return true;
    }
    return false;
  };
  switch (cost.of) {
    case CostOf::kAnyChange:
      return true;
    case CostOf::kLower:
      return any(std::less<>());
    case CostOf::kHigher:
      return any(std::greater<>());
    case CostOf::kValue:
      return std::ranges::find(advised, cost.value) != advised.end();
  }
  return true;
}

}  // namespace

std::string cost_of(const ParameterInfo& info, const ParameterValue& now,
                    const ParameterValue& advised) {
  const std::optional<Numbers> before = numbers_of(info, now);
  const std::optional<Numbers> after = numbers_of(info, advised);
  std::vector<std::string> sentences;
  for (const Cost& cost : info.costs) {
    const bool told = cost.of == CostOf::kAnyChange || (before && after);
    if (told && counts(cost, before.value_or(Numbers()), after.value_or(Numbers()))) {
      sentences.emplace_back(cost.text);
    }
  }
  return join(sentences, " ");
}

std::string costs_in_words(const ParameterInfo& info) {
  std::vector<std::string> sentences;
  for (const Cost& cost : info.costs) {
    std::string sentence(cost.text);
    if (std::ranges::find(sentences, sentence) == sentences.end()) sentences.push_back(sentence);
  }
  return join(sentences, " ");
}

}  // namespace advisor
