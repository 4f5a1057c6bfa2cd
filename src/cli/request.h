#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "load/key_value.h"
#include "model/finding.h"
#include "model/fleet_report.h"
#include "model/lint.h"
#include "model/persistent.h"

namespace advisor {

/// How an answer is printed.
enum class Format {
  kText,
  kJson,
  kDiff,
  kSysctl,
  kGcc,
  kSarif,
  kGithub,
  kHtml,
  kMarkdown,
  kJsonl,
  kPrometheus,
  kOpenMetrics,
};

const char* name_of(Format format);

enum class ColorChoice { kAuto, kAlways, kNever };

/// What the command line asks for, parsed and checked.
struct Request {
  std::string root;
  ColorChoice color = ColorChoice::kAuto;
  bool verbose = false;
  bool quiet = false;
  bool no_pager = false;

  std::vector<std::string> profiles;
  std::vector<KeyValue> to_set;
  std::chrono::milliseconds interval{1000};
  Format format = Format::kText;
  std::vector<std::string> only;
  std::vector<std::string> skip;
  std::optional<Severity> fail_on = Severity::kNote;  ///< nothing: no finding makes it fail

  bool yes = false;
  bool dry_run = false;
  bool runtime = false;
  bool persist = false;
  bool allow_one_way = false;
  bool strict = false;
  bool force = false;
  std::string netns;
  std::string from;
  std::string output;  ///< the file that takes the answer; empty or `-`: standard output
  bool anonymize = false;
  std::optional<std::chrono::milliseconds> watch;
  std::optional<int64_t> count;
  bool boot = false;
  bool brief = false;
  std::vector<std::string> labels;
  std::optional<Detail> detail;  ///< nothing: all
  std::optional<std::chrono::milliseconds> confirm_within;
  std::optional<std::chrono::milliseconds> wait;
  bool at_boot = false;
  bool any_namespace = false;

  std::string as;                    ///< the path that the file to judge is to have
  std::vector<std::string> kernels;  ///< releases; none: that of this host
  std::optional<SysctlLoader> loader;
  bool container = false;
  bool all = false;
  bool list = false;
  std::string baseline;
  bool fix = false;
  std::optional<LintSeverity> lint_fail_on = LintSeverity::kWarning;  ///< nothing: none fails

  std::string inventory;
  std::string since;
  std::chrono::seconds stale{24 * 3600};
  FleetSplit split = FleetSplit::kNone;
  int64_t top = 10;

  std::vector<std::string> arguments;
};

}  // namespace advisor
