// Any text as a host line, and the reports that are made of what it says.

#include "collect/fleet_report_file.h"
#include "collect/host_lines.h"
#include "fleet/fleet.h"
#include "fuzz/fuzzing.h"
#include "render/html_fleet.h"
#include "render/json_fleet.h"
#include "render/text_fleet.h"

using namespace advisor;
using namespace advisor::fuzz;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const Result<HostLine> line = parse_host_line(text_of(bytes, size));
  if (!line) {
    require(line.error().kind == ErrorKind::kCorrupt, "what cannot be read is damaged");
    return 0;
  }
  FleetQuestion question;
  question.now = "2026-11-30T12:00:00Z";
  question.stale_seconds = 3600;
  question.top = 10;
  question.split = FleetSplit::kLabel;
  Fleet fleet;
  fleet.add(*line);
  const FleetReport first = fleet.report(question);
  require(first.counts.hosts == 1, "a line is of a host");

  const Result<Json> json = parse_json(json_fleet(first, "0.1.0").dump());
  require(bool(json), "the report can be printed for programs");
  auto earlier = earlier_fleet_of("FILE", *json);
  require(bool(earlier), "and read again");
  question.earlier = *std::move(earlier);
  Fleet again;
  again.add(*line);
  const FleetReport second = again.report(question);
  require(second.since->changes.empty(), "nothing changed since");
  require(text_fleet(second, TextStyle()).ends_with("\n"), "it can be printed for people");
  require(html_fleet(second, "0.1.0").ends_with("</html>\n"), "and as a page");
  return 0;
}
