// Any text as the file of a snapshot, and an audit of what it says.

#include "collect/redaction.h"
#include "collect/snapshot_file.h"
#include "fuzz/fuzzing.h"
#include "rules/audit.h"
#include "support/builders.h"

using namespace advisor;
using namespace advisor::fuzz;

namespace {

/// The profile that every audit stands on.
struct Baseline {
  Baseline() {
    profile = resolve_profiles({"baseline"}, advisor::testing::TextProfiles::shipped(),
                               advisor::testing::knowledge(catalogue), diagnostics);
  }
  Catalogue catalogue = advisor::testing::shipped_catalogue();
  Diagnostics diagnostics;
  EffectiveProfile profile;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  static const Baseline baseline;
  const Result<HostRecord> read = parse_record("FILE", text_of(bytes, size));
  if (!read) {
    require(read.error().message.starts_with("FILE:"), "an error names the file");
    require(read.error().kind == ErrorKind::kCorrupt, "what cannot be read is damaged");
    return 0;
  }
  const std::string printed = record_text(*read);
  const Result<HostRecord> again = parse_record("FILE", printed);
  require(bool(again), "what was read can be printed and read again");
  require(record_text(*again) == printed, "and is printed the same");

  HostRecord anonymous = *read;
  leave_out_secrets(anonymous, baseline.catalogue, "/etc/sysctl.d/99-zz-sysctl-advisor.conf");
  anonymize(anonymous);
  require(bool(parse_record("FILE", record_text(anonymous))), "so can what was made anonymous");

  Diagnostics diagnostics;
  const Report report =
      audit(baseline.profile, baseline.catalogue, read->snapshot, {}, diagnostics);
  require(!report.findings.empty(), "whatever was read can be audited");
  return 0;
}
