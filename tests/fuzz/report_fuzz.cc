// Any text as the file of a report, and a comparison of what it says with itself.

#include "collect/report_file.h"
#include "fuzz/fuzzing.h"
#include "render/json_comparison.h"
#include "render/text_comparison.h"
#include "rules/comparison.h"
#include "support/builders.h"

using namespace advisor;
using namespace advisor::fuzz;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  static const Catalogue catalogue = advisor::testing::shipped_catalogue();
  const Result<Json> json = parse_json(text_of(bytes, size), "FILE");
  const Result<ComparedHost> read = json ? report_of("FILE", *json) : json.error();
  if (!read) {
    require(read.error().message.starts_with("FILE:"), "an error names the file");
    require(read.error().kind == ErrorKind::kCorrupt, "what cannot be read is damaged");
    return 0;
  }
  const Comparison same = compare(*read, *read, catalogue);
  require(!same.differs() && same.load.empty(), "nothing differs from itself");

  ComparedHost empty = *read;
  empty.report.snapshot = Snapshot();
  empty.report.findings.clear();
  empty.figures.clear();
  const Comparison all = compare(empty, *read, catalogue);
  require(bool(parse_json(json_comparison(all).dump())),
          "what differs can be printed for programs");
  require(text_comparison(all, TextStyle()).ends_with("\n"), "and for people");
  return 0;
}
