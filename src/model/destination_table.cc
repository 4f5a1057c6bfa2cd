#include "model/destination_table.h"

#include <algorithm>
#include <bit>
#include <iterator>
#include <utility>

namespace advisor {
namespace {

uint64_t mixed(const IpAddress& address, uint64_t seed) {
  constexpr uint64_t kOdd = 0x9e3779b97f4a7c15;  // 2^64 divided by the golden ratio
  const auto [first, second] = address.halves();
  const uint64_t hash = (seed ^ first) * kOdd;
  return (std::rotl(hash, 29) ^ second) * kOdd;
}

uint64_t hash_of(const Destination& destination) {
  const uint64_t hash = mixed(destination.address, mixed(destination.source, destination.port));
  return hash ^ (hash >> 32);
}

}  // namespace

DestinationTable::DestinationTable(size_t capacity)
    : capacity_(capacity), slots_(std::bit_ceil(2 * capacity)) {}

DestinationLoad& DestinationTable::at(const Destination& destination) {
  const size_t slot = slot_of(destination);
  if (slots_[slot] != 0) return loads_[slots_[slot] - 1];
  if (loads_.size() < capacity_) return add(destination, slot);
  forget_lighter_half();
  return add(destination, slot_of(destination));
}

DestinationLoad& DestinationTable::add(const Destination& destination, size_t slot) {
  DestinationLoad& load = loads_.emplace_back();
  load.destination = destination;
  load.missed = heaviest_forgotten_;
  slots_[slot] = uint32_t(loads_.size());
  return load;
}

/// Where it is, or where it would be put.
size_t DestinationTable::slot_of(const Destination& destination) const {
  const size_t mask = slots_.size() - 1;
  size_t slot = hash_of(destination) & mask;
  while (slots_[slot] != 0 && loads_[slots_[slot] - 1].destination != destination) {
    slot = (slot + 1) & mask;
  }
  return slot;
}

void DestinationTable::forget_lighter_half() {
  const auto heavier = [](const DestinationLoad& a, const DestinationLoad& b) {
    return a.states.total() > b.states.total();
  };
  const auto middle = loads_.begin() + std::ptrdiff_t(loads_.size() / 2);
  std::nth_element(loads_.begin(), middle, loads_.end(), heavier);
  for (auto light = middle; light != loads_.end(); ++light) {
    const int64_t sockets = light->states.total();
    ++tail_.destinations;
    tail_.sockets += sockets;
    heaviest_forgotten_ = std::max(heaviest_forgotten_, sockets + light->missed);
  }
  loads_.erase(middle, loads_.end());
  index_all();
}

void DestinationTable::index_all() {
  std::fill(slots_.begin(), slots_.end(), 0);
  for (size_t i = 0; i < loads_.size(); ++i) {
    slots_[slot_of(loads_[i].destination)] = uint32_t(i + 1);
  }
}

std::vector<DestinationLoad> DestinationTable::take() {
  std::fill(slots_.begin(), slots_.end(), 0);
  return std::exchange(loads_, {});
}

}  // namespace advisor
