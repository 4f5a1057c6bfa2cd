#include "lint/imported_profile.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <variant>

#include "base/text.h"
#include "model/typed_value.h"
#include "sysctld/conf_line.h"

namespace advisor {
namespace {

/// What becomes of a line.
enum class Fate { kKept, kLeftOut, kRule };

bool leaves_it(LintVerdict verdict) {
  return verdict == LintVerdict::kOneWay || verdict == LintVerdict::kNotAtBoot ||
         verdict == LintVerdict::kDefault;
}

bool is_matter_of_load(LintVerdict verdict) {
  return verdict == LintVerdict::kFolklore || verdict == LintVerdict::kHarmful ||
         verdict == LintVerdict::kLowersDefault;
}

/// As a TOML string.
std::string in_quotes(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : printable(text)) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

/// The value as a target of a profile has it.
std::string toml_value(const ParameterInfo& info, const ParameterValue& value) {
  const auto typed_value = typed(info, value);
  const auto* numbers = typed_value ? std::get_if<std::vector<int64_t>>(&*typed_value) : nullptr;
  if (!numbers) return in_quotes(value.text());
  if (numbers->size() == 1) return std::to_string(numbers->front());
  std::vector<std::string> words;
  for (const int64_t number : *numbers) words.push_back(std::to_string(number));
  return fmt::format("[{}]", join(words, ", "));
}

/// The parts of the profile, as they are put together.
class Importer {
 public:
  Importer(std::string file, const std::vector<LintRemark>& remarks, const RulesByParameter& rules,
           const Catalogue& catalogue)
      : file_(std::move(file)), remarks_(remarks), rules_(rules), catalogue_(catalogue) {}

  std::string import(const std::string& name, std::string_view text) {
    const ConfText parsed = parse_conf_text(file_, text);
    const std::vector<std::string_view> lines = split_lines(text);
    std::set<std::pair<int, std::string>> done;
    for (const ConfLine& line : parsed.lines) {
      const bool is_new = done.emplace(line.line, line.key).second;
      if (is_new) add(line, trim(lines[size_t(line.line) - 1]));
    }
    for (const Diagnostic& malformed : parsed.malformed) {
      const int number = malformed.where.line;
      const bool is_new = done.emplace(number, "").second;
      if (is_new) leave_out(number, trim(lines[size_t(number) - 1]));
    }
    std::string profile =
        fmt::format("# Made of {} by `sysctl-advisor profiles import`: {} kept, {} left out.\n",
                    printable(file_), counted(int64_t(kept_), "line"), left_out_);
    profile += fmt::format("name = {}\nsummary = {}\n", in_quotes(name),
                           in_quotes("What " + file_ + " asked for"));
    if (!groups_.empty()) {
      std::vector<std::string> names;
      for (const std::string& group : groups_) names.push_back(in_quotes(group));
      profile += fmt::format("rules = [{}]\n", join(names, ", "));
    }
    if (!targets_.empty()) profile += "\n[targets]\n" + targets_;
    return profile + comments_;
  }

 private:
  std::vector<const LintRemark*> remarks_on(int line) const {
    std::vector<const LintRemark*> found;
    for (const LintRemark& remark : remarks_) {
      if (remark.where.line == line) found.push_back(&remark);
    }
    return found;
  }

  Fate fate_of(const ParameterName& name, const ParameterInfo& info, int line) const {
    const bool may_be_set =
        info.access == ParameterAccess::kReadWrite && !info.runs_code && !info.secret;
    if (!may_be_set) return Fate::kLeftOut;
    bool kept = true;
    bool by_load = true;
    for (const LintRemark* remark : remarks_on(line)) {
      if (leaves_it(remark->verdict)) continue;
      kept = false;
      by_load = by_load && is_matter_of_load(remark->verdict);
    }
    if (kept) return Fate::kKept;
    return by_load && rules_.contains(name) ? Fate::kRule : Fate::kLeftOut;
  }

  void add(const ConfLine& line, std::string_view written) {
    const auto name = parameter_of(line.key);
    const ParameterInfo* info = name ? catalogue_.find(*name) : nullptr;
    const bool has_odd_bytes = line.value && printable(*line.value) != *line.value;
    const bool is_odd_pattern =
        line.is_glob() && (line.key.find_first_of("?[") != std::string::npos ||
                           line.key.find("/*/") == std::string::npos);
    if (!info || !line.value || has_odd_bytes || is_odd_pattern) {
      return leave_out(line.line, info && info->secret ? line.key : written);
    }
    switch (fate_of(*name, *info, line.line)) {
      case Fate::kKept:
        targets_ +=
            fmt::format("{} = {{ exactly = {}, because = {} }}\n", in_quotes(name->dotted()),
                        toml_value(*info, ParameterValue(*line.value)),
                        in_quotes(fmt::format("{}:{} asked for it.", file_, line.line)));
        ++kept_;
        return;
      case Fate::kRule:
        leave_out(line.line, written);
        for (const auto& [group, id] : rules_.at(*name)) {
          groups_.insert(group);
          comments_ += fmt::format("#   The rule {} asks for it where the load does.\n", id);
        }
        return;
      case Fate::kLeftOut:
        return leave_out(line.line, written);
    }
  }

  void leave_out(int line, std::string_view written) {
    ++left_out_;
    comments_ += fmt::format("\n# Line {}, left out: {}\n", line, printable(written));
    for (const LintRemark* remark : remarks_on(line)) {
      const std::string action = remark->action.empty() ? "" : " Instead: " + remark->action;
      comments_ += fmt::format("#   {}: {}{}\n", name_of(remark->verdict),
                               printable(remark->message), printable(action));
    }
  }

  std::string file_;
  const std::vector<LintRemark>& remarks_;
  const RulesByParameter& rules_;
  const Catalogue& catalogue_;
  std::string targets_;
  std::string comments_;
  std::set<std::string> groups_;
  size_t kept_ = 0;
  size_t left_out_ = 0;
};

}  // namespace

std::string imported_profile(const std::string& name, const std::string& file,
                             std::string_view text, const std::vector<LintRemark>& remarks,
                             const RulesByParameter& rules, const Catalogue& catalogue) {
  return Importer(file, remarks, rules, catalogue).import(name, text);
}

}  // namespace advisor
