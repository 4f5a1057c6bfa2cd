#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace advisor {

/// What TCP knows of one live connection: struct tcp_info of include/uapi/linux/tcp.h.
struct ConnectionInfo {
  double round_trip_seconds = 0;
  bool timestamps = false;     ///< both ends use TCP timestamps
  bool keepalive = false;      ///< its timer is the one of keepalive
  int probes_in_a_row = 0;     ///< of keepalive, that the peer has not answered
  int timeouts_in_a_row = 0;   ///< retransmission timeouts since the peer last answered
  uint32_t segment_bytes = 0;  ///< the largest segment it sends
  double quiet_seconds = 0;    ///< since it last heard anything from the peer
  double idle_seconds = 0;     ///< since it last sent data
  uint64_t acknowledged_bytes = 0;
  double buffer_limited_share = 0;  ///< of its busy time, how much it waited for its send buffer
  double window_limited_share = 0;  ///< and for the receive window of its peer
  bool fills_congestion_window = false;  ///< as much is under way as congestion control allows
  uint64_t buffered_bytes = 0;           ///< in its send buffer: under way, or not sent yet
  uint32_t unsent_bytes = 0;             ///< that its program wrote and that were not sent yet
  uint32_t sent_segments = 0;            ///< since it began, those sent again included
  uint32_t resent_segments = 0;          ///< of those, sent again
};

/// A distribution of times, in steps of 19 %, from a microsecond up to some minutes.
class TimeHistogram {
 public:
  static constexpr size_t kSteps = 120;

  void add(double seconds);
  /// How many times fell into each step; empty steps at the end are left out.
  const std::vector<uint32_t>& counts() const { return counts_; }
  /// Adds so many times of one step, below kSteps.
  void add_counted(size_t step, uint32_t count) {
    if (counts_.size() <= step) counts_.resize(step + 1);
    counts_[step] += count;
    total_ += count;
  }
  /// The time that this share of what was added does not exceed, to the next step; nothing if
  /// nothing was added.
  std::optional<double> quantile(double share) const;

 private:
  std::vector<uint32_t> counts_;  ///< by step, as long as it must be
  int64_t total_ = 0;
};

/// What the established connections over the network (not over loopback) say of their paths.
struct PathLoad {
  int64_t measured = 0;  ///< connections that told
  TimeHistogram round_trips;
  int64_t stalled = 0;      ///< several timeouts in a row although the segments are large
  int64_t quiet = 0;        ///< silent for kQuietSeconds, and no keepalive would notice
  int64_t unanswered = 0;   ///< whose peer left kUnansweredProbes of keepalive without an answer
  int64_t pooled_idle = 0;  ///< have carried much, and pause
  int64_t unsent = 0;       ///< have kUnsentBytes or more waiting in the kernel
  /// Carry much, could send more, and waited for their send buffer for kLimitedShare of the time.
  int64_t buffer_limited = 0;
  int64_t most_buffered_bytes = 0;  ///< what one of those holds in its send buffer
  int64_t window_limited = 0;  ///< carry much, and wait for their peer's window half of the time

  /// Whether `unanswered`, `unsent`, `most_buffered_bytes` and `window_limited` are known: a
  /// snapshot of 0.1.0 does not hold them.
  bool tells_buffers = true;

  void add(const ConnectionInfo& info);
};

/// What a program wrote and cannot take back or reorder any more: so much of it that what the
/// program says next waits noticeably.
constexpr uint32_t kUnsentBytes = 262144;

/// Of the time in which it had something to send: a buffer that is too short showed as 0.035 under
/// reno and 0.3 under bbr (measured: 64 KiB over 50 ms).
constexpr double kLimitedShare = 0.02;

/// One may be lost on the way, and two hardly.
constexpr int kUnansweredProbes = 2;

/// Two hours, the default of net.ipv4.tcp_keepalive_time.
constexpr double kQuietSeconds = 7200;

}  // namespace advisor
