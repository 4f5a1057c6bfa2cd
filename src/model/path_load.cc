#include "model/path_load.h"

#include <algorithm>
#include <cmath>

namespace advisor {
namespace {

constexpr double kStepsPerDoubling = 4;
constexpr double kMicrosecond = 1e-6;

/// Enough to have left slow start behind.
constexpr uint64_t kMuchBytes = 100'000;
/// The least mean time after which Linux takes a connection for idle: its retransmission timeout
/// is never below 200 ms (TCP_RTO_MIN, include/net/tcp.h).
constexpr double kPauseSeconds = 0.2;
/// A black hole lets the handshake and small segments through: what every path must carry is 536
/// bytes, and IPv6 promises 1220 (RFC 9293, section 3.7.1).
constexpr uint32_t kLargeSegment = 1220;
constexpr int kManyTimeouts = 3;

}  // namespace

void TimeHistogram::add(double seconds) {
  const double doublings = std::log2(std::max(seconds, kMicrosecond) / kMicrosecond);
  const auto step = size_t(std::ceil(doublings * kStepsPerDoubling));
  const size_t place = std::min(step, kSteps - 1);
  if (counts_.size() <= place) counts_.resize(place + 1);
  ++counts_[place];
  ++total_;
}

std::optional<double> TimeHistogram::quantile(double share) const {
  if (total_ == 0) return std::nullopt;
  const auto wanted = int64_t(std::ceil(share * double(total_)));
  int64_t seen = 0;
  size_t step = 0;
  while (step + 1 < counts_.size() && (seen += counts_[step]) < wanted) ++step;
  return kMicrosecond * std::exp2(double(step) / kStepsPerDoubling);
}

void PathLoad::add(const ConnectionInfo& info) {
  ++measured;
  // Zero until the first segment was acknowledged.
  if (info.round_trip_seconds > 0) round_trips.add(info.round_trip_seconds);
  const bool much = info.acknowledged_bytes >= kMuchBytes;
  stalled += info.timeouts_in_a_row >= kManyTimeouts && info.segment_bytes > kLargeSegment;
  unanswered += info.probes_in_a_row >= kUnansweredProbes;
  quiet += info.quiet_seconds >= kQuietSeconds && !info.keepalive;
  pooled_idle += much && info.idle_seconds >= kPauseSeconds;
  unsent += info.unsent_bytes >= kUnsentBytes;
  window_limited += much && info.window_limited_share >= 0.5;
  if (!much || info.fills_congestion_window || info.buffer_limited_share < kLimitedShare) return;
  ++buffer_limited;
  most_buffered_bytes = std::max(most_buffered_bytes, int64_t(info.buffered_bytes));
}

}  // namespace advisor
