#pragma once

#include <cstdint>

#include "fleet/host_rows.h"
#include "model/fleet_report.h"
#include "model/host_line.h"

namespace advisor {

/// Makes one report of the lines of many hosts, as they come. What it keeps of a line is small, and
/// the report does not depend on their order.
class Fleet {
 public:
  void add(HostLine line) {
    ++lines_;
    rows_.add(std::move(line));
  }
  /// A line, or a file of them, that could not be read.
  void add_unread() { ++unread_; }

  int64_t lines() const { return lines_; }
  int64_t unread() const { return unread_; }

  /// Once, when all lines are there.
  FleetReport report(const FleetQuestion& question);

 private:
  HostRows rows_;
  int64_t lines_ = 0;
  int64_t unread_ = 0;
};

}  // namespace advisor
