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
  return to_text(other.where);
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

/// A later line on another parameter that resets or moves this one.
std::optional<LintFault> fault_by_leader(const JudgedLine& judged) {
  for (const PersistentSetting* line : lines_of_leaders(judged)) {
    if (!comes_after(line->where, judged.where, judged.ground.loader)) continue;
    return LintFault{"overridden", LintVerdict::kOverridden, LintSeverity::kWarning,
                     fmt::format("{} sets {}, and whenever that changes it sets this one as well.",
                                 place_of(*line, judged), line->parameter.dotted()),
                     "write this line behind it"};
  }
  return std::nullopt;
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
  const PersistentSetting* before = nullptr;
  const PersistentSetting* last = nullptr;
  for (const PersistentSetting* line : lines_on_variable(judged)) {
    if (comes_after(judged.where, line->where, judged.ground.loader)) before = line;
    if (comes_after(line->where, judged.where, judged.ground.loader)) last = line;
  }
  if (last && !says_same(*last, judged)) return overridden(*last, judged);
  if (auto fault = fault_by_leader(judged)) return fault;
  if (!before || !says_same(*before, judged)) return std::nullopt;
  return LintFault{"duplicate", LintVerdict::kDuplicate, LintSeverity::kNote,
                   fmt::format("{} says the same.", place_of(*before, judged)), "keep one of them"};
}

}  // namespace advisor
