#include "fleet/fleet.h"

#include "fleet/counts.h"
#include "fleet/since.h"

namespace advisor {

FleetReport Fleet::report(const FleetQuestion& question) {
  rows_.finish();
  FleetReport report;
  report.made = question.now;
  report.stale_seconds = question.stale_seconds;
  report.top = question.top;
  report.split = question.split;
  report.lines = lines_;
  report.unread = unread_;
  count_hosts(rows_, question, report);
  count_unusual_hosts(rows_, question, report);
  count_findings(rows_, question, report);
  count_unknown(rows_, report);
  count_destinations(rows_, question, report);
  count_applied(rows_, report);
  count_boot(rows_, report);
  if (question.earlier) report.since = changes_since(*question.earlier, rows_, report);
  return report;
}

}  // namespace advisor
