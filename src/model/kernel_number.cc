#include "model/kernel_number.h"

#include <limits>

#include "base/text.h"

namespace advisor {
namespace {

constexpr uint64_t kLargestSmall = std::numeric_limits<int64_t>::max();
/// TMPBUFLEN less the end of the text and one character, by which the kernel sees that none is cut.
constexpr size_t kLongestNumber = 20;

}  // namespace

std::optional<KernelNumber> KernelNumber::parse(std::string_view word) {
  if (word.size() > kLongestNumber) return std::nullopt;
  const bool negative = word.starts_with('-');
  if (negative) word.remove_prefix(1);
  int base = 10;
  if (word.size() > 2 && word[0] == '0' && (word[1] == 'x' || word[1] == 'X')) {
    base = 16;
    word.remove_prefix(2);
  } else if (word.size() > 1 && word[0] == '0') {
    base = 8;
  }
  const auto magnitude = parse_unsigned(word, base);
  if (!magnitude) return std::nullopt;
  return KernelNumber{negative && *magnitude != 0, *magnitude};
}

KernelNumber KernelNumber::of(int64_t number) {
  // Not -number, which the smallest one has none of.
  const uint64_t magnitude = number < 0 ? uint64_t(-(number + 1)) + 1 : uint64_t(number);
  return {number < 0, magnitude};
}

std::optional<int64_t> KernelNumber::small() const {
  if (!negative)
    return magnitude > kLargestSmall ? std::nullopt : std::optional(int64_t(magnitude));
  if (magnitude > kLargestSmall + 1) return std::nullopt;
  return -int64_t(magnitude - 1) - 1;
}

std::string KernelNumber::text() const {
  return (negative ? "-" : "") + std::to_string(magnitude);
}

std::strong_ordering KernelNumber::operator<=>(const KernelNumber& other) const {
  if (negative != other.negative) {
    return negative ? std::strong_ordering::less : std::strong_ordering::greater;
  }
  return negative ? other.magnitude <=> magnitude : magnitude <=> other.magnitude;
}

}  // namespace advisor
