#include "rules/boot.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/text.h"
#include "model/kernel_version.h"
#include "model/typed_value.h"
#include "rules/audit.h"

namespace advisor {
namespace {

constexpr SysctlLoader kLoaders[] = {SysctlLoader::kSystemd, SysctlLoader::kProcps};

const Change* change_of(const std::vector<Change>& changes, const ParameterName& parameter) {
  const auto found = std::find_if(changes.begin(), changes.end(), [&](const Change& change) {
    return change.parameter == parameter;
  });
  return found == changes.end() ? nullptr : &*found;
}

/// This host as a boot under one loader would leave its parameters, as far as that can be told.
/// What cannot stays as it is now.
class BootForecast {
 public:
  BootForecast(const Report& report, const BootGround& ground, SysctlLoader loader)
      : report_(report),
        ground_(ground),
        loader_(loader),
        kernel_(KernelVersion::parse(report.snapshot.host.kernel)) {
    for (std::string& key : ground.catalogue.keys()) keys_.insert(std::move(key));
  }

  Snapshot with(const std::vector<Change>& planned, const std::vector<Change>& lost) const {
    Snapshot forecast = report_.snapshot;
    for (auto& [parameter, reading] : forecast.parameters) {
      if (!reading) continue;
      const Change* ours = change_of(planned, parameter);
      if (!ours) ours = change_of(lost, parameter);
      const auto value = ours ? std::optional(ours->after) : value_of(parameter);
      if (value) reading = *value;
    }
    return forecast;
  }

 private:
  std::optional<ParameterValue> value_of(const ParameterName& parameter) const {
    const ParameterInfo* info = ground_.catalogue.find(parameter);
    if (const PersistentSetting* line = ground_.standing.winner(parameter, loader_)) {
      const ParameterValue value(line->value.value_or(""));
      // The kernel would refuse it, and then something earlier stands.
      if (info && why_invalid(*info, value)) return std::nullopt;
      return value;
    }
    if (!info || !kernel_ || is_reset_by_a_line(*info)) return std::nullopt;
    // Of a row for all interfaces: what one of them starts with depends on others (conf.default),
    // and conf.all on neither.
    if (!keys_.contains(parameter.dotted())) return std::nullopt;
    const auto value = info->default_on(*kernel_);
    return value ? std::optional(ParameterValue(*value)) : std::nullopt;
  }

  /// Whether a file sets the other one of a pair that exclude each other.
  bool is_reset_by_a_line(const ParameterInfo& info) const {
    return std::any_of(info.excludes.begin(), info.excludes.end(), [&](const ParameterName& other) {
      return ground_.standing.winner(other, loader_) != nullptr;
    });
  }

  const Report& report_;
  const BootGround& ground_;
  SysctlLoader loader_;
  std::optional<KernelVersion> kernel_;
  std::set<std::string, std::less<>> keys_;  ///< of the catalogue
};

/// Whether a value that stands may be set again at each boot.
bool may_be_kept(const Change& change, const Catalogue& catalogue, const PlanPolicy& policy) {
  const ParameterInfo* info = catalogue.find(change.parameter);
  if (!info) return true;
  if (info->access != ParameterAccess::kReadWrite || info->runs_code) return false;
  if (is_one_way(*info, change.after) && !policy.allow_one_way) return false;
  // 0 means that the other one of the pair holds what counts, and setting it would reset that.
  if (!info->excludes.empty() && same_value(info, change.after, ParameterValue("0"))) return false;
  return !why_invalid(*info, change.after);
}

/// The line on the other form of a pair that resets what our line sets; null if there is none.
const PersistentSetting* line_that_resets(const PersistentSetting& ours, const ParameterInfo* info,
                                          const PersistentSettings& proposed, SysctlLoader loader) {
  for (const ParameterName& form : info ? info->excludes : std::vector<ParameterName>()) {
    const PersistentSetting* other = proposed.winner(form, loader);
    if (other && other->value && comes_after(other->where, ours.where, loader)) return other;
  }
  return nullptr;
}

/// The line that keeps ours from standing.
std::optional<PersistentSetting> line_that_beats(const ParameterName& parameter,
                                                 const PersistentSettings& proposed,
                                                 SysctlLoader loader) {
  if (const PersistentSetting* winner = proposed.winner(parameter, loader)) return *winner;
  const std::vector<PersistentSetting>& lines = proposed.lines_on(parameter);
  const auto exclusion = std::find_if(
      lines.rbegin(), lines.rend(),
      [&](const PersistentSetting& line) { return !line.value && line.read_by.has(loader); });
  return exclusion == lines.rend() ? std::nullopt : std::optional(*exclusion);
}

/// "/etc/sysctl.conf:3 sets 128 after it".
std::string what_beats(const BeatenLine& beaten) {
  if (!beaten.by) return "no loader of sysctl.d files makes anything of our line";
  const std::string where = to_text(beaten.by->where);
  if (!beaten.by->value) return where + " takes it out again";
  const bool same = beaten.by->parameter == beaten.parameter;
  return fmt::format("{} sets {}{} after it", where,
                     same ? "" : fmt::format("{} = ", beaten.by->parameter.dotted()),
                     *beaten.by->value);
}

std::string assignment(const BeatenLine& beaten) {
  return fmt::format("{} = {}", beaten.parameter.dotted(), beaten.wanted.text());
}

/// Whether the same parameter loses under the other loader too.
bool loses_everywhere(const BeatenLine& beaten, const std::vector<BeatenLine>& all) {
  return std::any_of(all.begin(), all.end(), [&](const BeatenLine& other) {
    return other.parameter == beaten.parameter && other.loader != beaten.loader;
  });
}

bool is_futile(const BeatenLine& beaten, const BootProspect& prospect) {
  if (prospect.loader) return beaten.loader == *prospect.loader;
  return loses_everywhere(beaten, prospect.beaten_by);
}

}  // namespace

bool comes_after(const SourceLocation& one, const SourceLocation& other, SysctlLoader loader) {
  if (one.file == other.file) return one.line > other.line;
  const auto place = [loader](std::string_view path) {
    const bool last = loader == SysctlLoader::kProcps && path == "/etc/sysctl.conf";
    return std::pair(last, path.substr(path.rfind('/') + 1));
  };
  return place(one.file) > place(other.file);
}

std::vector<Change> lost_at_boot(const Report& report, const std::vector<Change>& planned,
                                 const BootGround& ground, const PlanPolicy& policy) {
  std::vector<Change> lost;
  for (const SysctlLoader loader : kLoaders) {
    if (ground.standing.at_boot && *ground.standing.at_boot != loader) continue;
    const BootForecast forecast(report, ground, loader);
    // What is kept may be what another rule waits for.
    for (bool found = true; found;) {
      found = false;
      Diagnostics conflicts;  // of demands that this host, as it is, does not raise
      const Report after = audit(ground.profile, ground.catalogue, forecast.with(planned, lost),
                                 ground.suppressions, conflicts);
      for (Change change : plan_changes(after, ground.catalogue, policy).changes) {
        const Reading now = report.snapshot.reading(change.parameter);
        if (!now || change_of(planned, change.parameter) || change_of(lost, change.parameter)) {
          continue;
        }
        change.after = *now;
        const ParameterInfo* info = ground.catalogue.find(change.parameter);
        if (same_value(info, change.before, change.after)) continue;
        if (!may_be_kept(change, ground.catalogue, policy)) continue;
        lost.push_back(std::move(change));
        found = true;
      }
    }
  }
  return lost;
}

std::vector<BeatenLine> beaten_lines(const std::vector<Change>& persisted,
                                     const PersistentSettings& proposed,
                                     const Catalogue& catalogue) {
  std::vector<BeatenLine> beaten;
  for (const Change& change : persisted) {
    for (const SysctlLoader loader : kLoaders) {
      const ParameterInfo* info = catalogue.find(change.parameter);
      const PersistentSetting* winner = proposed.winner(change.parameter, loader);
      const bool stands =
          winner && winner->value && same_value(info, ParameterValue(*winner->value), change.after);
      const PersistentSetting* reset =
          stands ? line_that_resets(*winner, info, proposed, loader) : nullptr;
      if (reset) {
        beaten.push_back({change.parameter, change.after, loader, *reset});
      } else if (!stands) {
        beaten.push_back({change.parameter, change.after, loader,
                          line_that_beats(change.parameter, proposed, loader)});
      }
    }
  }
  return beaten;
}

std::vector<std::string> boot_refusals(const BootProspect& prospect) {
  std::vector<std::string> sentences;
  for (const BeatenLine& beaten : prospect.beaten_by) {
    if (!is_futile(beaten, prospect)) continue;
    const std::string runs = prospect.loader ? ", which runs at boot" : "";
    sentences.push_back(fmt::format(
        "{} would not outlast a boot: {} under {}{}; change or remove that line, or use --runtime",
        assignment(beaten), what_beats(beaten), to_text(beaten.loader), runs));
  }
  return sentences;
}

std::vector<std::string> boot_warnings(const BootProspect& prospect) {
  std::vector<std::string> sentences;
  for (const BeatenLine& beaten : prospect.beaten_by) {
    // What is refused need not be warned of.
    if (is_futile(beaten, prospect) ||
        (prospect.loader && loses_everywhere(beaten, prospect.beaten_by))) {
      continue;
    }
    const std::string rest = prospect.loader ? fmt::format("; {}, which runs at boot, does not",
                                                           to_text(*prospect.loader))
                                             : "; whether that runs at boot is not known";
    sentences.push_back(fmt::format("{}: {} under {}{}", assignment(beaten), what_beats(beaten),
                                    to_text(beaten.loader), rest));
  }
  for (const std::string& unread : prospect.unread) {
    sentences.push_back(unread + ", so it is not proven that our lines decide");
  }
  return sentences;
}

}  // namespace advisor
