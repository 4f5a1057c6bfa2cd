#include "model/kernel_log.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>

#include "base/text.h"

namespace advisor {
namespace {

/// What the lines have in common, of all kernels since 4.18.
constexpr std::array kTroubles{
    "time wait bucket table overflow",   // net/ipv4/tcp_minisocks.c, not printed any more
    "Possible SYN flooding on port",     // net/ipv4/tcp_input.c
    "too many orphaned sockets",         // net/ipv4/tcp.c
    "out of memory -- consider tuning",  // net/ipv4/tcp.c, of tcp_mem
    "neighbour: arp_cache: neighbor table overflow",
    "neighbour: ndisc_cache: neighbor table overflow",  // net/core/neighbour.c
    "nf_conntrack: table full",
    "table full in netns",  // net/netfilter/nf_conntrack_core.c
};

struct Record {
  double seconds = 0;  ///< since the boot
  std::string_view line;
};

std::optional<Record> parsed(std::string_view record) {
  constexpr double kMicrosecondsPerSecond = 1e6;
  const size_t semicolon = record.find(';');
  if (semicolon == std::string_view::npos) return std::nullopt;
  const auto fields = split(record.substr(0, semicolon), ',');
  const auto microseconds = fields.size() > 2 ? parse_decimal(fields[2]) : std::nullopt;
  if (!microseconds) return std::nullopt;
  // Lines behind the first hold the message's device, in a form for programs.
  const std::string_view rest = record.substr(semicolon + 1);
  return Record{double(*microseconds) / kMicrosecondsPerSecond, rest.substr(0, rest.find('\n'))};
}

}  // namespace

std::vector<KernelLogHint> kernel_log_hints(const std::vector<std::string>& records,
                                            double seconds_since_boot) {
  std::array<KernelLogHint, kTroubles.size()> found;
  for (const std::string& text : records) {
    const auto record = parsed(text);
    const double ago = record ? seconds_since_boot - record->seconds : kKernelLogSeconds;
    if (ago >= kKernelLogSeconds) continue;
    for (size_t i = 0; i < kTroubles.size(); ++i) {
      if (record->line.find(kTroubles[i]) == std::string_view::npos) continue;
      found[i] = {printable(record->line), found[i].times + 1, std::max(ago, 0.0)};
      break;
    }
  }
  std::vector<KernelLogHint> hints;
  std::copy_if(found.begin(), found.end(), std::back_inserter(hints),
               [](const KernelLogHint& hint) { return hint.times > 0; });
  std::stable_sort(hints.begin(), hints.end(), [](const KernelLogHint& a, const KernelLogHint& b) {
    return a.seconds_ago < b.seconds_ago;
  });
  return hints;
}

}  // namespace advisor
