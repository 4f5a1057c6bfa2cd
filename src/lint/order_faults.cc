#include "lint/order_faults.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "model/side_writes.h"
#include "model/typed_value.h"
#include "sysctld/reading_order.h"

namespace advisor {
namespace {

/// "Line 3", or the file as well if it is another one.
std::string place_of(const PersistentSetting& other, const JudgedLine& judged) {
  if (other.where.file == judged.where.file) return fmt::format("Line {}", other.where.line);
  const auto shown = judged.shown.find(std::string(other.where.file));
  return shown == judged.shown.end() ? to_text(other.where)
                                     : fmt::format("{}:{}", shown->second, other.where.line);
}

/// The lines on the same variable, by whatever name, as the loader comes to them.
std::vector<const PersistentSetting*> lines_on_variable(const JudgedLine& judged) {
  std::vector<ParameterName> names = other_names_of(judged.parameter, judged.ground.catalogue);
  names.push_back(judged.parameter);
  std::vector<const PersistentSetting*> lines;
  for (const ParameterName& name : names) {
    for (const PersistentSetting& line : judged.settings.lines_on(name)) {
      const bool counts = line.value && !line.from_glob && line.read_by.has(judged.ground.loader);
      if (counts) lines.push_back(&line);
    }
  }
  std::ranges::stable_sort(lines, [&](const auto* one, const auto* other) {
    return comes_after(other->where, one->where, judged.ground.loader);
  });
  return lines;
}

bool says_same(const PersistentSetting& other, const JudgedLine& judged) {
  return same_value(judged.info, ParameterValue(*other.value), ParameterValue(judged.value()));
}

LintFault overridden(const PersistentSetting& by, const JudgedLine& judged) {
  return {"overridden", LintVerdict::kOverridden, LintSeverity::kWarning,
          fmt::format("{} ({} = {}) comes after it, and decides.", place_of(by, judged),
                      by.parameter.dotted(), *by.value),
          "keep one of them"};
}

/// Lines on other parameters that reset or move this one.
std::vector<const PersistentSetting*> lines_of_leaders(const JudgedLine& judged) {
  const auto other_names = other_names_of(judged.parameter, judged.ground.catalogue);
  std::vector<const PersistentSetting*> found;
  for (const auto& [name, lines] : judged.settings.settings) {
    const ParameterInfo* leader = judged.ground.catalogue.find(name);
    const bool is_same =
        name == judged.parameter || std::ranges::find(other_names, name) != other_names.end();
    if (!leader || is_same || !writes_too(*leader, judged.parameter)) continue;
    for (const PersistentSetting& line : lines) {
      if (line.value && line.read_by.has(judged.ground.loader)) found.push_back(&line);
    }
  }
  return found;
}

/// A later line on another parameter that, in this boot, resets or moves this one.
std::optional<LintFault> fault_by_leader(const JudgedLine& judged) {
  const BootValue left = judged.boot.left(judged.parameter);
  const auto leaders = lines_of_leaders(judged);
  const bool is_leader = std::ranges::any_of(leaders, [&](const PersistentSetting* line) {
    return left.line && line->where == left.line->where && line->parameter == left.line->parameter;
  });
  if (!is_leader || !comes_after(left.line->where, judged.where, judged.ground.loader)) {
    return std::nullopt;
  }
  if (left.value && same_value(judged.info, *left.value, judged.made())) return std::nullopt;
  return LintFault{"overridden", LintVerdict::kOverridden, LintSeverity::kWarning,
                   fmt::format("{} sets {}, and that sets this one as well.",
                               place_of(*left.line, judged), left.line->parameter.dotted()),
                   "write this line behind it"};
}

/// Whether the boot writes that line and the kernel refuses it, so that an earlier one stands.
bool is_refused(const PersistentSetting& line, const JudgedLine& judged) {
  return std::ranges::any_of(judged.boot.writes(), [&](const BootWrite& write) {
    return write.outcome.result == WriteResult::kRefused && write.line->where == line.where &&
           write.line->parameter == line.parameter;
  });
}

}  // namespace

std::optional<LintFault> fault_of_unread_file(std::string_view path, SysctlLoader loader) {
  if (!path.ends_with(".conf")) {
    return LintFault{"unread-file", LintVerdict::kNoEffect, LintSeverity::kWarning,
                     "Only files whose name ends in .conf are read.", "rename the file"};
  }
  if (readers_of(path).has(loader)) return std::nullopt;
  return LintFault{"unread-file", LintVerdict::kNoEffect, LintSeverity::kWarning,
                   fmt::format("{} does not read this file.", to_text(loader)),
                   "move the line into a file of /etc/sysctl.d"};
}

bool comes_first(const JudgedLine& judged) {
  const auto stands_before = [&](const PersistentSetting* line) {
    return comes_after(judged.where, line->where, judged.ground.loader);
  };
  return std::ranges::none_of(lines_on_variable(judged), stands_before) &&
         std::ranges::none_of(lines_of_leaders(judged), stands_before);
}

std::optional<LintFault> fault_by_others(const JudgedLine& judged) {
  if (judged.line.is_glob()) return std::nullopt;
  const SysctlLoader loader = judged.ground.loader;
  const PersistentSetting* before = nullptr;
  const PersistentSetting* last = nullptr;
  for (const PersistentSetting* line : lines_on_variable(judged)) {
    // systemd-sysctl writes the last line of a name alone, whether the kernel takes it or not.
    const bool replaces = loader == SysctlLoader::kSystemd && line->parameter == judged.parameter;
    if (!replaces && is_refused(*line, judged)) continue;
    if (comes_after(judged.where, line->where, loader)) before = line;
    if (comes_after(line->where, judged.where, loader)) last = line;
  }
  if (last && !says_same(*last, judged)) return overridden(*last, judged);
  if (auto fault = fault_by_leader(judged)) return fault;
  if (!before || !says_same(*before, judged)) return std::nullopt;
  const bool is_between =
      std::ranges::any_of(lines_of_leaders(judged), [&](const PersistentSetting* line) {
        return comes_after(line->where, before->where, loader) &&
               comes_after(judged.where, line->where, loader);
      });
  if (is_between) return std::nullopt;
  return LintFault{"duplicate", LintVerdict::kDuplicate, LintSeverity::kNote,
                   fmt::format("{} says the same.", place_of(*before, judged)), "keep one of them"};
}

}  // namespace advisor
