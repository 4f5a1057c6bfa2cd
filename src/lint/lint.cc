#include "lint/lint.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <tuple>
#include <utility>

#include "base/text.h"
#include "lint/ignored.h"
#include "lint/key_faults.h"
#include "lint/known_names.h"
#include "lint/order_faults.h"
#include "lint/text_faults.h"
#include "lint/value_faults.h"
#include "sysctld/reading_order.h"

namespace advisor {
namespace {

/// The parameters that the lines of the files name themselves.
std::vector<ParameterName> named_in(const Configuration& configuration) {
  std::vector<ParameterName> names;
  for (const auto& [path, text] : configuration.texts) {
    if (!text) continue;
    for (const ConfLine& line : parse_conf_text(path, *text).lines) {
      const auto name = line.is_glob() ? std::nullopt : parameter_of(line.key);
      if (name) names.push_back(*name);
    }
  }
  return names;
}

/// Judges the lines of files that are loaded together, for one kernel.
class Judge {
 public:
  Judge(const LintFiles& files, const LintGround& ground)
      : files_(files),
        ground_(ground),
        settings_(settings_of(files.configuration, KnownNames(ground.catalogue, ground.names,
                                                              named_in(files.configuration)))),
        boot_(settings_, {ground.catalogue, ground.kernel, {}}, ground.loader) {
    for (const BootWrite& write : boot_.writes()) {
      writes_[{write.line->where.file.view(), write.line->where.line}].push_back(&write);
    }
  }

  std::vector<LintRemark> remarks() {
    for (const auto& [path, shown] : files_.judged) {
      const auto text = files_.configuration.texts.find(path);
      if (text != files_.configuration.texts.end() && text->second)
        judge(path, shown, *text->second);
    }
    return std::move(remarks_);
  }

 private:
  void judge(const std::string& path, const std::string& shown, const std::string& text) {
    const ConfText parsed = parse_conf_text(path, text);
    const std::vector<std::string_view> lines = split_lines(text);
    const size_t first = remarks_.size();
    for (const Diagnostic& malformed : parsed.malformed) {
      const int number = malformed.where.line;
      const std::string_view line = trim(lines.at(size_t(number) - 1));
      // What one loader takes for an assignment may be none to the other.
      const bool is_assignment = std::ranges::any_of(parsed.lines, [&](const ConfLine& other) {
        return other.line == number && other.read_by.has(ground_.loader);
      });
      if (is_assignment && malformed.hint.empty()) continue;
      add(shown, number, line, "", fault_of_malformed(malformed, line));
    }
    for (const ConfLine& line : parsed.lines) {
      if (!line.read_by.has(ground_.loader)) continue;
      judge(path, shown, trim(lines.at(size_t(line.line) - 1)), line);
    }
    soften_those_of_packages(path, first);
    heed_ignored(lines, remarks_.begin() + ptrdiff_t(first), remarks_.end());
    std::stable_sort(remarks_.begin() + ptrdiff_t(first), remarks_.end(),
                     [](const LintRemark& one, const LintRemark& other) {
                       return std::pair(one.where.line, -int(one.severity)) <
                              std::pair(other.where.line, -int(other.severity));
                     });
  }

  LintFault fault_of_malformed(const Diagnostic& malformed, std::string_view line) const {
    if (malformed.hint.empty()) return fault_of_no_assignment(line, ground_.catalogue);
    return {"invisible-character", LintVerdict::kSyntax, LintSeverity::kError,
            malformed.message + ".", malformed.hint};
  }

  void judge(const std::string& path, const std::string& shown, std::string_view written,
             const ConfLine& line) {
    const auto parameter = parameter_of(line.key);
    const ParameterInfo* info = parameter ? info_of(line, *parameter) : nullptr;
    // What nobody else may read does not go into a report.
    const std::string_view told = info && info->secret ? std::string_view(line.key) : written;
    const auto add_fault = [&](const std::string& key, LintFault fault) {
      add(shown, line.line, told, key, std::move(fault));
    };
    // A byte order mark is told of the file.
    if (line.line == 1 && written.starts_with("\ufeff")) return;
    if (auto fault = fault_of_key_text(written, line.key)) {
      const bool goes_on = fault->severity != LintSeverity::kError;
      add_fault(line.key, *std::move(fault));
      if (!goes_on) return;
    }
    if (!parameter) return add_fault(line.key, fault_of_unknown_key(line.key, ground_));
    const std::string key(parameter->dotted());
    if (!info) return add_fault(key, fault_of_unknown_key(key, ground_));
    if (auto fault = fault_of_unread_file(path, ground_.loader)) add_fault(key, *std::move(fault));
    if (!line.value) return;
    JudgedLine judged{ground_, settings_,  boot_, files_.judged, {path, line.line, 0},
                      line,    *parameter, info};
    judged.outcome = outcome_of(judged);
    for (LintFault& fault : faults_of(judged)) add_fault(key, std::move(fault));
  }

  /// The row of the parameter, or, of a pattern, of the first parameter that it matches.
  const ParameterInfo* info_of(const ConfLine& line, const ParameterName& parameter) const {
    const ParameterInfo* info = ground_.catalogue.find(parameter);
    if (info || !line.is_glob()) return info;
    const auto matching = KnownNames(ground_.catalogue, ground_.names, {}).matching(line.key);
    return matching->empty() ? nullptr : ground_.catalogue.find(matching->front());
  }

  /// What a line that is not carried out would do is not told: only that it does nothing.
  static LintFaults faults_of(const JudgedLine& judged) {
    LintFaults faults = faults_by_rules(judged);
    const auto absence = fault_of_absence(judged);
    if (absence || judged.outcome.result == WriteResult::kRefused) {
      std::erase_if(faults, [](const LintFault& fault) {
        return fault.verdict != LintVerdict::kNoEffect &&
               fault.verdict != LintVerdict::kNeverTaken &&
               fault.verdict != LintVerdict::kUnknownKey;
      });
    }
    if (absence) {
      const bool is_told = std::ranges::any_of(
          faults, [&](const LintFault& other) { return other.verdict == absence->verdict; });
      if (!is_told) faults.push_back(*absence);
      return faults;
    }
    std::ranges::move(faults_of_value(judged), std::back_inserter(faults));
    if (auto fault = fault_by_others(judged)) faults.push_back(*std::move(fault));
    if (auto fault = fault_of_lateness(judged)) faults.push_back(*std::move(fault));
    return faults;
  }

  /// As the boot finds it, or, where another line is written in its place, as if it stood alone.
  WriteOutcome outcome_of(const JudgedLine& judged) const {
    const auto written = writes_.find({judged.where.file.view(), judged.where.line});
    for (const BootWrite* write :
         written == writes_.end() ? std::vector<const BootWrite*>() : written->second) {
      const bool its_own = write->line->parameter == judged.parameter && !write->module_is_late;
      if (its_own) return write->outcome;
    }
    const BootStart start{ground_.catalogue, ground_.kernel, {}};
    const auto standing = [&](const ParameterName& name) { return start.value_of(name); };
    return outcome_of_write({ground_.catalogue, ground_.kernel, standing}, judged.parameter,
                            judged.value());
  }

  void add(const std::string& shown, int number, std::string_view written, std::string key,
           LintFault fault) {
    LintRemark& remark = remarks_.emplace_back();
    remark.where = {shown, number, 0};
    remark.key = std::move(key);
    remark.written = std::string(written);
    remark.rule = std::move(fault.rule);
    remark.verdict = fault.verdict;
    remark.severity = fault.severity;
    remark.message = std::move(fault.message);
    remark.action = std::move(fault.action);
    remark.kernels = {ground_.kernel_text};
  }

  /// Nobody edits what a package brings: of that only what a boot makes of it is told, and quietly.
  void soften_those_of_packages(const std::string& path, size_t first) {
    if (!is_of_package(path)) return;
    const auto begin = remarks_.begin() + ptrdiff_t(first);
    const auto is_matter_of_taste = [](const LintRemark& remark) {
      return remark.verdict == LintVerdict::kHarmful || remark.verdict == LintVerdict::kSecurity ||
             remark.verdict == LintVerdict::kFolklore ||
             remark.verdict == LintVerdict::kLowersDefault;
    };
    remarks_.erase(std::remove_if(begin, remarks_.end(), is_matter_of_taste), remarks_.end());
    for (auto remark = remarks_.begin() + ptrdiff_t(first); remark != remarks_.end(); ++remark) {
      remark->severity = LintSeverity::kNote;
    }
  }

  const LintFiles& files_;
  const LintGround& ground_;
  PersistentSettings settings_;
  BootRun boot_;
  std::map<std::pair<std::string_view, int>, std::vector<const BootWrite*>> writes_;  ///< by place
  std::vector<LintRemark> remarks_;
};

}  // namespace

std::vector<LintRemark> lint(const LintFiles& files, const LintGround& ground) {
  return Judge(files, ground).remarks();
}

std::vector<LintRemark> with_kernels_merged(const std::vector<std::vector<LintRemark>>& lists) {
  std::vector<LintRemark> merged;
  std::map<std::tuple<std::string_view, int, std::string_view, std::string_view>, size_t> places;
  for (const std::vector<LintRemark>& list : lists) {
    for (const LintRemark& remark : list) {
      const auto [place, is_new] = places.try_emplace(
          {remark.where.file.view(), remark.where.line, remark.rule, remark.message},
          merged.size());
      if (is_new) {
        merged.push_back(remark);
      } else if (merged[place->second].kernels.back() != remark.kernels.front()) {
        merged[place->second].kernels.push_back(remark.kernels.front());
      }
    }
  }
  std::ranges::stable_sort(merged, {}, [](const LintRemark& remark) {
    return std::pair(remark.where.file.view(), remark.where.line);
  });
  return merged;
}

}  // namespace advisor
