#pragma once

#include <cstdint>
#include <optional>

namespace advisor {

/// How many hosts have something. Hosts are told one after the other, by their numbers, so that one
/// with several network namespaces counts once.
class HostCount {
 public:
  /// True if the host was not counted yet.
  bool add(size_t host) {
    const bool is_new = last_ != host;
    last_ = host;
    hosts_ += is_new;
    return is_new;
  }
  int64_t hosts() const { return hosts_; }

 private:
  int64_t hosts_ = 0;
  std::optional<size_t> last_;
};

}  // namespace advisor
