#include "boot/line_remarks.h"

#include <fmt/format.h>

#include <algorithm>

#include "model/typed_value.h"
#include "sysctld/reading_order.h"

namespace advisor {
namespace {

/// One boot, line by line.
class Remarker {
 public:
  Remarker(const PersistentSettings& files, const BootRun& boot, const BootStart& start)
      : files_(files), boot_(boot), start_(start) {}

  std::vector<LineRemark> remarks() {
    for (const BootWrite& write : boot_.writes()) judge(write);
    for (const auto& [name, lines] : files_.settings) look_for_passed_over(lines);
    return std::move(remarks_);
  }

 private:
  void add(const PersistentSetting& line, LineFault fault, std::string why) {
    const auto same = std::ranges::find_if(remarks_, [&](const LineRemark& known) {
      return known.fault == fault &&
             (known.line.where == line.where ||
              (fault == LineFault::kUnread && known.line.where.file == line.where.file));
    });
    if (same != remarks_.end()) {
      ++same->more;
      return;
    }
    remarks_.push_back({line, fault, std::move(why), 0});
  }

  void judge(const BootWrite& write) {
    const PersistentSetting& line = *write.line;
    // What procps writes and then writes again is as it should be.
    if (&line != files_.winner(line.parameter, boot_.loader())) return;
    if (write.module_is_late) {
      const ParameterInfo* info = start_.catalogue.find(line.parameter);
      return add(line, LineFault::kTooEarly,
                 fmt::format("no file loads the module {0} before it is read; `echo {0} > "
                             "/etc/modules-load.d/{0}.conf` sees to it",
                             info->module));
    }
    if (!is_there(write)) return judge_absent(write);
    if (write.outcome.result == WriteResult::kRefused) {
      if (!line.ignores_errors) add(line, LineFault::kRefused, write.outcome.why);
      return;
    }
    const BootValue left = boot_.left(line.parameter);
    if (left.line == &line) return judge_standing(write, left);
    if (left.line && left.value && !is_same(line.parameter, *left.value, write.outcome.value)) {
      add(line, LineFault::kUndone, undone_by(left, line));
    }
  }

  bool is_there(const BootWrite& write) const {
    return write.outcome.result != WriteResult::kAbsent && !write.line->absent;
  }

  /// A parameter of a module, or of an interface, may appear later, and is set then.
  void judge_absent(const BootWrite& write) {
    const PersistentSetting& line = *write.line;
    const ParameterInfo* info = start_.catalogue.find(line.parameter);
    const bool told = write.outcome.result == WriteResult::kAbsent;
    if (line.ignores_errors || (info && !told)) return;
    const auto nearest =
        info ? std::nullopt : start_.catalogue.nearest(std::string(line.parameter.dotted()));
    const std::string meant = nearest ? fmt::format("; did you mean {}?", *nearest) : "";
    add(line, LineFault::kAbsent,
        told ? write.outcome.why : "this kernel, or this namespace, does not have it" + meant);
  }

  void judge_standing(const BootWrite& write, const BootValue& left) {
    const ParameterName& name = write.line->parameter;
    const auto now = start_.standing ? start_.standing(name) : std::nullopt;
    if (!now || !left.value || !left.certain || is_same(name, *left.value, now)) return;
    if (write.outcome.explains(start_.catalogue.find(name), *now)) return;
    std::string why = fmt::format("it is {} now", now->text());
    for (const OtherSetting& other : files_.others_on(name)) {
      if (other.value && is_same(name, ParameterValue(*other.value), now)) {
        why += ": " + in_words(other, name);
      }
    }
    add(*write.line, LineFault::kNotInEffect, std::move(why));
  }

  static std::string undone_by(const BootValue& left, const PersistentSetting& line) {
    const std::string when = left.by_tuned ? ", when TuneD starts" : "";
    const bool same = left.line->parameter == line.parameter;
    return fmt::format("{} {}{}", in_words(*left.line),
                       same ? "comes after it" : "changes it along", when);
  }

  /// Lines that the loader never comes to write.
  void look_for_passed_over(const std::vector<PersistentSetting>& lines) {
    const PersistentSetting* ours = nullptr;  // the last one of the administrator
    for (const PersistentSetting& line : lines) {
      if (!line.value) continue;
      if (line.read_by.has(boot_.loader())) {
        ours = is_of_package(line.where.file) ? ours : &line;
      } else if (line.where.file == kLastOfProcps && !is_reapplied() && !is_said_elsewhere(line)) {
        add(line, LineFault::kUnread,
            fmt::format("{} does not read this file", to_text(boot_.loader())));
      }
    }
    if (!ours) return;
    const BootValue left = boot_.left(ours->parameter);
    if (!left.line || left.line == ours || !is_of_package(left.line->where.file)) return;
    if (!left.value || is_same(ours->parameter, *left.value, ParameterValue(*ours->value))) return;
    add(*ours, LineFault::kUndone, undone_by(left, *ours));
  }

  bool is_reapplied() const { return files_.tuned && files_.tuned->reapplies; }

  bool is_said_elsewhere(const PersistentSetting& line) const {
    const auto left = boot_.left(line.parameter).value;
    return left && is_same(line.parameter, *left, ParameterValue(*line.value));
  }

  bool is_same(const ParameterName& name, const ParameterValue& value,
               const std::optional<ParameterValue>& other) const {
    return other && same_value(start_.catalogue.find(name), value, *other);
  }

  const PersistentSettings& files_;
  const BootRun& boot_;
  const BootStart& start_;
  std::vector<LineRemark> remarks_;
};

bool is_about_same(const LineRemark& a, const LineRemark& b) {
  return a.fault == b.fault && a.line.where == b.line.where;
}

}  // namespace

std::vector<LineRemark> remarks_on_lines(const PersistentSettings& files,
                                         const std::vector<BootRun>& boots,
                                         const BootStart& start) {
  std::vector<LineRemark> remarks;
  for (const BootRun& boot : boots) {
    std::vector<LineRemark> of_boot = Remarker(files, boot, start).remarks();
    if (&boot == &boots.front()) {
      remarks = std::move(of_boot);
      continue;
    }
    std::erase_if(remarks, [&](const LineRemark& remark) {
      return std::ranges::none_of(
          of_boot, [&](const LineRemark& other) { return is_about_same(remark, other); });
    });
  }
  std::ranges::stable_sort(remarks, [](const LineRemark& a, const LineRemark& b) {
    return comes_after(b.line.where, a.line.where, SysctlLoader::kProcps);
  });
  return remarks;
}

}  // namespace advisor
