#pragma once

#include <cstdint>
#include <vector>

#include "model/socket_load.h"

namespace advisor {

/// The loads of the destinations seen so far, of which it keeps a bounded number: when it is full,
/// the lighter half is added to the tail and forgotten. A destination that holds more sockets than
/// any that was forgotten before it came is counted exactly; of every other one `missed` says how
/// many of its sockets may be in the tail.
class DestinationTable {
 public:
  /// At least 2.
  explicit DestinationTable(size_t capacity = kMostDestinations);

  /// The load of this destination. Valid until the next call.
  DestinationLoad& at(const Destination& destination);
  const DestinationTail& tail() const { return tail_; }
  /// Everything that is kept, in no order; the table is empty then.
  std::vector<DestinationLoad> take();

  static constexpr size_t kMostDestinations = 4096;

 private:
  DestinationLoad& add(const Destination& destination, size_t slot);
  size_t slot_of(const Destination& destination) const;
  void forget_lighter_half();
  void index_all();

  size_t capacity_;
  std::vector<DestinationLoad> loads_;
  std::vector<uint32_t> slots_;  ///< 1 + place in loads_, by hash with linear probing; 0: free
  DestinationTail tail_;
  int64_t heaviest_forgotten_ = 0;  ///< sockets
};

}  // namespace advisor
