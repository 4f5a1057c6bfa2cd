#include "sysctld/precedence.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.h"

namespace advisor {
namespace {

/// The glob lines that systemd keeps. It holds one line per pattern: a later one with another
/// value takes the place of the earlier, one with the same value adds nothing.
class SystemdGlobs {
 public:
  void add(const ConfLine& line) {
    const auto [kept, is_new] = kept_.emplace(line.key, &line);
    if (!is_new && kept->second->value != line.value) kept->second = &line;
  }
  bool keeps(const ConfLine& line) const {
    const auto kept = kept_.find(line.key);
    return kept != kept_.end() && kept->second == &line;
  }

 private:
  std::map<std::string, const ConfLine*> kept_;
};

/// What one loader would do with a parameter after the lines it has seen. An index counts the
/// lines on the parameter.
struct Standing {
  std::optional<size_t> by_name;   ///< the last line that names it
  std::optional<size_t> in_order;  ///< the last line that competes with the globs by its place
  /// A line that names the parameter beats every glob, wherever it stands.
  bool beats_globs = false;

  std::optional<size_t> winner() const { return beats_globs ? by_name : in_order; }
};

/// The name with its middle taken for one interface: "net/ipv4/conf/eth0/100/rp_filter", which is
/// what the natural spelling of a VLAN comes to, as "net/ipv4/conf/eth0.100/rp_filter".
std::optional<std::string> with_interface_joined(const std::string& key) {
  const std::vector<std::string> segments = split(key, '/');
  if (segments.size() < 6 || segments[0] != "net") return std::nullopt;
  const std::vector<std::string> head(segments.begin(), segments.begin() + 3);
  const std::vector<std::string> middle(segments.begin() + 3, segments.end() - 1);
  return join(head, "/") + "/" + join(middle, ".") + "/" + segments.back();
}

class SettingsBuilder {
 public:
  SettingsBuilder(const ParameterNames& names, PersistentSettings& persistent)
      : names_(names), persistent_(persistent) {}

  void build(const std::vector<ConfFile>& files) {
    for (const ConfFile& file : files) {
      for (const ConfLine& line : file.lines) {
        if (line.is_glob() && file.read_by.systemd && line.read_by.systemd)
          systemd_globs_.add(line);
      }
    }
    for (const ConfFile& file : files) {
      for (const ConfLine& line : file.lines) add(file, line);
    }
    for (const auto& [parameter, standings] : standings_) {
      std::vector<PersistentSetting>& lines = persistent_.settings[parameter];
      if (const auto at = standings.systemd.winner()) lines[*at].wins.systemd = true;
      if (const auto at = standings.procps.winner()) lines[*at].wins.procps = true;
    }
  }

 private:
  struct Standings {
    Standing systemd;
    Standing procps;
  };

  void add(const ConfFile& file, const ConfLine& line) {
    const std::vector<std::string> segments = split(line.key, '/');
    if (std::find(segments.begin(), segments.end(), "..") == segments.end()) {
      return add_resolved(file, line);
    }
    // systemd refuses such a key, and procps leaves it to the kernel.
    ConfLine for_systemd = line;
    for_systemd.read_by.procps = false;
    add_resolved(file, for_systemd);
    ConfLine for_procps = line;
    for_procps.read_by.systemd = false;
    for_procps.is_plain = false;
    for_procps.key = with_parents_resolved(segments).value_or(line.key);
    add_resolved(file, for_procps);
  }

  /// Nothing if the kernel would find no way: a directory must exist to be left by `..`.
  std::optional<std::string> with_parents_resolved(const std::vector<std::string>& segments) {
    std::vector<std::string> resolved;
    for (const std::string& segment : segments) {
      if (segment != "..") {
        resolved.push_back(segment);
      } else if (!resolved.empty() && is_directory(join(resolved, "/"))) {
        resolved.pop_back();
      } else {
        return std::nullopt;
      }
    }
    return join(resolved, "/");
  }

  /// Whether there is a parameter somewhere below.
  bool is_directory(const std::string& path) {
    constexpr int kDeepest = 6;
    std::string pattern = path;
    for (int depth = 0; depth < kDeepest; ++depth) {
      pattern += "/*";
      if (!matching(pattern).empty()) return true;
    }
    return false;
  }

  void add_resolved(const ConfFile& file, const ConfLine& line) {
    const SysctlLoaders readers{.systemd = file.read_by.systemd && line.read_by.systemd,
                                .procps = file.read_by.procps && line.read_by.procps};
    if (readers.none()) return;
    const bool matched =
        line.is_glob() ? add_glob(file, line, readers) : add_name(file, line, readers);
    if (!matched && line.value && !file.is_repeated) remark_unmatched(file, line);
  }

  /// Adds a line that names a parameter. True if the kernel has that.
  bool add_name(const ConfFile& file, const ConfLine& line, SysctlLoaders readers) {
    const auto name = parameter_of(line.key);
    if (!name) return false;
    const size_t at = add_setting(*name, file, line, readers);
    Standings& standings = standings_[*name];
    if (readers.systemd) {
      // systemd holds one line per name: an exclusion also undoes an earlier assignment.
      standings.systemd.by_name = line.value ? std::optional(at) : std::nullopt;
      standings.systemd.beats_globs = true;
    }
    if (readers.procps) {
      if (line.value) standings.procps.by_name = at;
      if (line.is_plain) {
        standings.procps.beats_globs = true;
      } else if (line.value) {
        standings.procps.in_order = at;
      }
    }
    const bool absent = is_absent(*name);
    persistent_.settings[*name][at].absent = absent;
    return !absent;
  }

  /// Whether the kernel lacks the parameter. If that cannot be told, a remark says so once.
  bool is_absent(const ParameterName& name) {
    const auto presence = names_.presence_of(name);
    if (!presence) remark_untold(presence.error());
    return presence && *presence == Presence::kAbsent;
  }

  void remark_untold(const Error& error) {
    Diagnostic remark;
    remark.severity = DiagnosticSeverity::kWarning;
    remark.message = error.message;
    auto& remarks = persistent_.unread;
    if (std::ranges::find(remarks, remark) == remarks.end()) remarks.push_back(std::move(remark));
  }

  /// Adds a glob line. True if a parameter of the kernel matches.
  bool add_glob(const ConfFile& file, const ConfLine& line, SysctlLoaders readers) {
    exclude_namesake(file, line, readers);
    if (!line.value) return true;  // an excluded pattern excludes nothing else
    std::map<ParameterName, SysctlLoaders> names;
    if (readers.procps) {
      for (const ParameterName& name : matching(line.key)) names[name].procps = true;
    }
    if (readers.systemd) {
      for (const std::string& pattern : with_braces_expanded(line.key)) {
        for (const ParameterName& name : matching(pattern)) names[name].systemd = true;
      }
    }
    for (const auto& [name, loaders] : names) {
      if (name.path() == line.key) continue;
      const size_t at = add_setting(name, file, line, loaders);
      Standings& standings = standings_[name];
      const bool held = systemd_globs_.keeps(line);
      persistent_.settings[name][at].held_by_systemd = held;
      if (loaders.systemd && held) standings.systemd.in_order = at;
      if (loaders.procps) standings.procps.in_order = at;
    }
    return !names.empty();
  }

  /// A parameter that is called just as the pattern is spelled, such as that of an interface `?`.
  /// Both loaders take the line for one that names this parameter. So patterns no longer set the
  /// parameter, and the line itself, being a pattern, does not set it either.
  void exclude_namesake(const ConfFile& file, ConfLine line, SysctlLoaders readers) {
    const auto name = parameter_of(line.key);
    if (!name || is_absent(*name)) return;
    line.value.reset();
    add_setting(*name, file, line, readers);
    Standings& standings = standings_[*name];
    for (Standing* standing : {readers.systemd ? &standings.systemd : nullptr,
                               readers.procps ? &standings.procps : nullptr}) {
      if (!standing) continue;
      standing->by_name.reset();
      standing->beats_globs = true;
    }
  }

  size_t add_setting(const ParameterName& name, const ConfFile& file, const ConfLine& line,
                     SysctlLoaders readers) {
    std::vector<PersistentSetting>& lines = persistent_.settings[name];
    lines.push_back({.parameter = name,
                     .value = line.value,
                     .where = {file.path, line.line, 0},
                     .ignores_errors = line.ignores_errors,
                     .from_glob = line.is_glob(),
                     .read_by = readers,
                     .wins = {}});
    return lines.size() - 1;
  }

  const std::vector<ParameterName>& matching(const std::string& pattern) {
    const auto [known, is_new] = matches_.try_emplace(pattern);
    if (!is_new) return known->second;
    auto found = names_.matching(pattern);
    if (found) {
      known->second = *std::move(found);
    } else {
      remark_untold(found.error());
    }
    return known->second;
  }

  void remark_unmatched(const ConfFile& file, const ConfLine& line) {
    Diagnostic remark;
    remark.severity = DiagnosticSeverity::kWarning;
    remark.where = {file.path, line.line, 0};
    const auto name = parameter_of(line.key);
    const std::string shown = printable(name ? name->dotted() : line.key);
    remark.message = line.is_glob()
                         ? fmt::format("no parameter of this kernel matches {}", shown)
                         : fmt::format("this kernel, or this namespace, does not have {}", shown);
    if (line.read_by != SysctlLoaders{true, true}) {
      const auto reader = line.read_by.systemd ? SysctlLoader::kSystemd : SysctlLoader::kProcps;
      remark.message += ", as " + to_text(reader) + " reads this line";
    }
    const auto meant = with_interface_joined(line.key);
    if (const auto other = meant ? parameter_of(*meant) : std::nullopt;
        other && !is_absent(*other)) {
      remark.hint = fmt::format("write {}, with slashes, if the interface is meant", *meant);
    }
    if (persistent_.unmatched.empty() || persistent_.unmatched.back() != remark) {
      persistent_.unmatched.push_back(std::move(remark));
    }
  }

  const ParameterNames& names_;
  PersistentSettings& persistent_;
  SystemdGlobs systemd_globs_;
  std::map<std::string, std::vector<ParameterName>> matches_;
  std::map<ParameterName, Standings> standings_;
};

}  // namespace

void add_settings(const std::vector<ConfFile>& files, const ParameterNames& names,
                  PersistentSettings& persistent) {
  SettingsBuilder(names, persistent).build(files);
}

}  // namespace advisor
