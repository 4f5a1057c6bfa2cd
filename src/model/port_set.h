#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace advisor {

/// A set of ports as `net.ipv4.ip_local_reserved_ports` writes it: "8080-8082,9000".
/// Kept as sorted ranges that neither overlap nor touch, which is how the kernel prints it.
class PortSet {
 public:
  struct Range {
    int low = 0;
    int high = 0;
    bool operator==(const Range&) const = default;
  };

  /// Numbers may carry the base prefixes the kernel reads (0x, 0). Nothing if it is no port set.
  static std::optional<PortSet> parse(std::string_view text);

  void add(Range range);
  void add(const PortSet& other);

  bool contains(int port) const;
  bool contains(const PortSet& other) const;
  /// How many ports of [low, high] are in the set.
  int count_within(Range range) const;
  /// The part of the set that lies in [low, high].
  PortSet within(Range range) const;

  bool empty() const { return ranges_.empty(); }
  const std::vector<Range>& ranges() const { return ranges_; }
  /// In the kernel's own spelling; empty for the empty set.
  std::string text() const;

  bool operator==(const PortSet&) const = default;

 private:
  std::vector<Range> ranges_;
};

}  // namespace advisor
