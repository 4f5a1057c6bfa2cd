#include "prove/pools.h"

#include <fmt/format.h>

#include "base/text.h"

namespace advisor {
namespace {

/// Of a hundred.
constexpr int64_t kMostShare = 1;
/// No kernel has a pool that is smaller by itself: where the size cannot be read, as in a
/// container, a hundredth of this may be taken.
constexpr int64_t kLeastPool = 1024;

const char* limit_of(SharedPool pool) {
  switch (pool) {
    case SharedPool::kOrphans:
      return "net.ipv4.tcp_max_orphans";
    case SharedPool::kNeighbours:
      return "net.ipv4.neigh.default.gc_thresh3";
    case SharedPool::kTracked:
      break;
  }
  return "net.netfilter.nf_conntrack_max";
}

}  // namespace

Status fits_pools(const Proof& proof, const SysctlTree& host) {
  for (const auto& [pool, taken] : proof.takes) {
    const std::string limit = limit_of(pool);
    const Reading reading = host.read(*ParameterName::parse(limit));
    const auto read = reading ? parse_decimal(reading->text()) : std::nullopt;
    const int64_t size = read.value_or(kLeastPool);
    if (taken * 100 <= size * kMostShare) continue;
    return Error{
        ErrorKind::kDenied,
        fmt::format("it takes {} {} of {}, which the kernel has once for the whole machine "
                    "({} is {}): more than {} % could be felt by others",
                    taken, name_of(pool), size, limit, read ? reading->text() : "not known",
                    kMostShare),
        0};
  }
  return {};
}

}  // namespace advisor
