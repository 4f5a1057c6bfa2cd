#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "model/persistent.h"

namespace advisor {

/// One assignment or exclusion of a sysctl.d file, as a loader understands it.
struct ConfLine {
  int line = 0;  ///< from 1, as an editor counts
  /// Relative to /proc/sys, for example "net/ipv4/conf/*/rp_filter". Not yet known to be a name.
  std::string key;
  /// Written without needless separators. procps carries out others too, but does not see that
  /// they name what a glob matches.
  bool is_plain = true;
  /// Nothing for `-key`, which only takes the key out of the globs.
  std::optional<std::string> value;
  bool ignores_errors = false;
  SysctlLoaders read_by;

  bool is_glob() const { return key.find_first_of("*?[") != std::string::npos; }
  bool operator==(const ConfLine&) const = default;
};

/// A sysctl.d file taken apart.
struct ConfText {
  std::vector<ConfLine> lines;
  Diagnostics malformed;
};

/// Reads a text as systemd-sysctl 252 and procps 4.0.2 do. Where they understand a line
/// differently it is there twice, once for each.
ConfText parse_conf_text(const std::string& file, std::string_view text);

/// The parameter that a key names; nothing if the key cannot be one.
std::optional<ParameterName> parameter_of(std::string_view key);

/// `a{b,c}` as `ab` and `ac`, as glob(3) expands with GLOB_BRACE; the pattern itself where that
/// would be more than anybody means.
std::vector<std::string> with_braces_expanded(const std::string& pattern);

}  // namespace advisor
