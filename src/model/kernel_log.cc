#include "model/kernel_log.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>

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

/// The word behind `before`, without the full stop that ends it; nothing if the line has no such.
std::optional<std::string> word_behind(std::string_view line, std::string_view before) {
  const size_t begin = line.find(before);
  if (begin == std::string_view::npos) return std::nullopt;
  std::string_view word = line.substr(begin + before.size());
  word = word.substr(0, word.find_first_of(" ,"));
  if (word.ends_with('.')) word.remove_suffix(1);
  return std::string(word);
}

/// "10.0.0.5:80", "[::]:80", or "80" before Linux 6.1; of a line that names a listener.
std::optional<std::string> endpoint_in(std::string_view line) {
  return word_behind(line, "flooding on port ");
}

/// Whether the line says that it is about another network namespace.
bool is_elsewhere(std::string_view line, std::optional<uint64_t> network_namespace) {
  const auto word = word_behind(line, "in netns ");
  const auto named = word ? parse_unsigned(*word, 10) : std::nullopt;
  return named && network_namespace && *named != *network_namespace;
}

bool is_at(const ListenerLoad& listener, std::string endpoint) {
  const std::string port = std::to_string(listener.port);
  if (endpoint == port) return true;
  if (!endpoint.ends_with(":" + port)) return false;
  endpoint.resize(endpoint.size() - port.size() - 1);
  std::erase_if(endpoint, [](char c) { return c == '[' || c == ']'; });
  return IpAddress::parse(endpoint) == listener.address;
}

}  // namespace

std::vector<KernelLogHint> kernel_log_hints(const std::vector<std::string>& records,
                                            double seconds_since_boot,
                                            std::optional<uint64_t> network_namespace) {
  std::map<std::pair<size_t, std::string>, KernelLogHint> found;
  for (const std::string& text : records) {
    const auto record = parsed(text);
    const double ago = record ? seconds_since_boot - record->seconds : kKernelLogSeconds;
    if (ago >= kKernelLogSeconds || is_elsewhere(record->line, network_namespace)) continue;
    for (size_t i = 0; i < kTroubles.size(); ++i) {
      if (record->line.find(kTroubles[i]) == std::string_view::npos) continue;
      KernelLogHint& hint = found[{i, endpoint_in(record->line).value_or("")}];
      hint = {printable(record->line), hint.times + 1, std::max(ago, 0.0)};
      break;
    }
  }
  std::vector<KernelLogHint> hints;
  for (auto& [trouble, hint] : found) hints.push_back(std::move(hint));
  std::stable_sort(hints.begin(), hints.end(), [](const KernelLogHint& a, const KernelLogHint& b) {
    return a.seconds_ago < b.seconds_ago;
  });
  return hints;
}

void keep_hints_on(const std::vector<ListenerLoad>& listeners, std::vector<KernelLogHint>& hints) {
  std::erase_if(hints, [&](const KernelLogHint& hint) {
    const auto endpoint = endpoint_in(hint.line);
    return endpoint && std::none_of(listeners.begin(), listeners.end(),
                                    [&](const ListenerLoad& one) { return is_at(one, *endpoint); });
  });
}

}  // namespace advisor
