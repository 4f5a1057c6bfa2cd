#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "expr/value.h"
#include "model/snapshot.h"

namespace advisor {

/// The parameters that decide whether a port in TIME_WAIT may be taken over.
constexpr std::string_view kTimeWaitReuse = "net.ipv4.tcp_tw_reuse";
constexpr std::string_view kTimestamps = "net.ipv4.tcp_timestamps";

/// From this share of blocked ports on connecting fails, or is about to.
constexpr double kExhaustedShare = 0.95;

/// What the shipped rules widen the range to; kernels begin at 32768, and few services listen
/// between here and there.
constexpr PortSet::Range kWidenedRange{15000, 60999};

/// What the local ports towards one destination come to, once the parameters that decide which of
/// them a new connection may take are known.
struct PortPressure {
  const DestinationLoad* load = nullptr;  ///< null if there are no client-side sockets
  int64_t usable = 0;
  int64_t blocked = 0;       ///< ports in use that a new connection cannot take
  bool reuse_works = false;  ///< TIME_WAIT ports are handed out again after the delay
  /// By the parameters they would be, and none is, although the range is full of them.
  bool reuse_fails = false;
  double hold_seconds = 0;  ///< how long a port stays taken after its connection was closed
  double opened_per_second = 0;
  /// If not, more may be opened, and nothing is foretold; nothing if there was one sample.
  std::optional<bool> rate_is_whole = std::nullopt;
  double released_per_second = 0;  ///< ports whose TIME_WAIT ends

  /// As a share of the usable ports; 1 if none is usable, 0 if there is no client-side socket.
  double share_of(int64_t ports) const;
  int64_t live_ports() const;            ///< ports of the range held by sockets not in TIME_WAIT
  int64_t blocked_in_time_wait() const;  ///< of the blocked ones
  /// Ports that the present rate holds in the long run; those in use where that is not known.
  double demand() const;
  double sustainable_per_second() const;  ///< the connection rate at which the range runs out
  double exhausted_in_seconds() const;    ///< at the present rate; infinity if it holds
};

/// The pressure towards one destination of the snapshot, on the same terms as busiest_ports().
PortPressure ports_towards(const Snapshot& snapshot, const DestinationLoad& load);

/// The pressure towards the destination where it is most urgent. The snapshot's sockets must have
/// been read. Where tcp_tw_reuse or tcp_timestamps could not be read, nothing is assumed reusable.
PortPressure busiest_ports(const Snapshot& snapshot);

/// How far the TIME_WAIT rows of the interval can be trusted to tell how many connections were
/// opened. Rows go early where ports are taken over or the bucket table is full, and are at the
/// peer where that closes first; the kernel's count of opened connections (ActiveOpens) shows it.
struct ChurnTrust {
  double scale = 1;  ///< what the rows say is more than was opened: by this much less
  /// At least nine of ten opened connections have left a row; nothing if there was one sample.
  std::optional<bool> is_whole = std::nullopt;
};
ChurnTrust churn_trust(const Snapshot& snapshot);

/// The destination towards which most connections were closed lately; null if there is none.
const DestinationLoad* busiest_churn(const SocketLoad& load);

/// "312", or "at least 2 225" where the rate may be more than that.
std::string rate_in_words(double per_second, std::optional<bool> is_whole);

/// How many pooled connections carry `live` concurrent ones: the mean plus three standard
/// deviations of a Poisson process, which 999 of 1000 moments stay under.
int64_t pool_size_for(int64_t live);

/// One number of a vector parameter, which is named as it is in the dotted spelling and outlives
/// the call; nothing if it could not be read.
std::optional<int64_t> parameter_number(const Snapshot& snapshot, std::string_view parameter,
                                        size_t field = 0);

}  // namespace advisor
