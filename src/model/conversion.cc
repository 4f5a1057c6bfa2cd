#include "model/conversion.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <limits>

namespace advisor {
namespace {

constexpr int64_t kLargestInt = std::numeric_limits<int32_t>::max();
constexpr int64_t kSmallestInt = std::numeric_limits<int32_t>::min();
constexpr int64_t kLargestUnsigned = std::numeric_limits<uint32_t>::max();
constexpr int64_t kLargestByte = 255;

/// A kernel counts its time in ticks, 100 to 1000 a second (CONFIG_HZ).
constexpr int64_t kFewestTicks = 100;
constexpr int64_t kMostTicks = 1000;

constexpr Conversion kRefusedNumber{WriteResult::kRefused, {}, {}};
constexpr Conversion kUnknownNumber{WriteResult::kUnknown, {}, {}};

Conversion exactly(const KernelNumber& number) {
  return {WriteResult::kTaken, number, number};
}

Conversion between(int64_t least, int64_t most) {
  return {WriteResult::kTaken, KernelNumber::of(least), KernelNumber::of(most)};
}

/// What the type that the handler stores can hold; nothing: as many as a KernelNumber.
KernelRange range_of(WriteHandler handler) {
  switch (handler) {
    case WriteHandler::kInt:
      return {kSmallestInt, kLargestInt};
    case WriteHandler::kUnsigned:
      return {0, kLargestUnsigned};
    case WriteHandler::kByte:
      return {0, kLargestByte};
    case WriteHandler::kLong:
      return {0, std::nullopt};
    default:
      return {};
  }
}

bool is_within(const KernelNumber& number, const KernelRange& range) {
  return (!range.low || number >= KernelNumber::of(*range.low)) &&
         (!range.high || number <= KernelNumber::of(*range.high));
}

/// proc_dointvec_jiffies: the ticks must fit into an int.
Conversion seconds(const KernelNumber& number) {
  if (number.magnitude > uint64_t(kLargestInt / kFewestTicks)) return kRefusedNumber;
  return number.magnitude <= uint64_t(kLargestInt / kMostTicks) ? exactly(number) : kUnknownNumber;
}

/// clock_t_to_jiffies() and back: whole ticks. All usual lengths of a tick divide 1/50 s.
Conversion clock_ticks(const KernelNumber& number) {
  const auto small = number.small();
  if (!small || *small < 0 || *small > kLargestInt / kMostTicks) return kUnknownNumber;
  return *small % 2 == 0 ? exactly(number) : between(*small - 1, *small);
}

/// msecs_to_jiffies() takes an unsigned int, and one with the sign of an int for endless, which no
/// int holds. All usual lengths of a tick divide 20 ms, and none is longer than 10 ms.
Conversion milliseconds(const KernelNumber& number) {
  constexpr int64_t kWhole = 20;
  constexpr int64_t kLongestTick = 10;
  const auto low_bits = uint32_t(number.negative ? 0 - number.magnitude : number.magnitude);
  const int64_t taken = low_bits;
  if (taken > kLargestInt) return kRefusedNumber;
  return taken % kWhole == 0 ? between(taken, taken) : between(taken, taken + kLongestTick - 1);
}

/// round_pipe_size() of fs/pipe.c: a power of two that is at least a page. Pages have 4 to 64 KiB.
Conversion pipe_size(const KernelNumber& number) {
  const auto with_page = [&](uint64_t page) {
    return KernelNumber{false, std::bit_ceil(std::max(number.magnitude, page))};
  };
  return {WriteResult::kTaken, with_page(4096), with_page(65536)};
}

KernelNumber rounded(const KernelNumber& number, Rounding rounding) {
  switch (rounding) {
    case Rounding::kToBool:
      return {false, number.magnitude == 0 ? 0U : 1U};
    case Rounding::kUpToPowerOfTwo:
      return {false, number.magnitude == 0 ? 0 : std::bit_ceil(number.magnitude)};
    case Rounding::kUpTo512:
      return {false, (number.magnitude + 511) / 512 * 512};
    case Rounding::kUpToPipeSize:  // answered by pipe_size()
    case Rounding::kNone:
      break;
  }
  return number;
}

}  // namespace

Conversion converted(const ParameterInfo& info, const std::optional<KernelVersion>& kernel,
                     std::string_view word) {
  const auto number = KernelNumber::parse(word);
  if (!number) return kRefusedNumber;
  const KernelRange own = range_of(info.handler);
  // The handlers of unsigned numbers refuse the sign, and not the number.
  if (own.low == 0 && word.starts_with('-')) return kRefusedNumber;
  if (!is_within(*number, own) || !is_within(*number, info.accepted_on(kernel)))
    return kRefusedNumber;
  if (!is_within(*number, info.surely)) return kUnknownNumber;
  switch (info.handler) {
    case WriteHandler::kSeconds:
      return seconds(*number);
    case WriteHandler::kClockTicks:
      return clock_ticks(*number);
    case WriteHandler::kMilliseconds:
      return milliseconds(*number);
    case WriteHandler::kOwn:
      return kUnknownNumber;
    default:
      return info.rounding == Rounding::kUpToPipeSize ? pipe_size(*number)
                                                      : exactly(rounded(*number, info.rounding));
  }
}

KernelRange accepted_range(const ParameterInfo& info, const std::optional<KernelVersion>& kernel) {
  KernelRange range = range_of(info.handler);
  const KernelRange& narrower = info.accepted_on(kernel);
  if (narrower.low) range.low = narrower.low;
  if (narrower.high) range.high = narrower.high;
  return range;
}

std::string accepted_in_words(const ParameterInfo& info,
                              const std::optional<KernelVersion>& kernel) {
  const KernelRange range = accepted_range(info, kernel);
  if (range.low && range.low == range.high) return std::to_string(*range.low);
  if (range.low && range.high) return fmt::format("{}..{}", *range.low, *range.high);
  if (range.low) return fmt::format("whole numbers from {} on", *range.low);
  if (range.high) return fmt::format("whole numbers up to {}", *range.high);
  return "whole numbers";
}

}  // namespace advisor
