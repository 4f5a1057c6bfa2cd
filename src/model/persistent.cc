#include "model/persistent.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace advisor {
namespace {

constexpr std::string_view kPatternCharacters = "*?[";

/// A pattern is for the interfaces that a program manages; these three it leaves alone.
bool is_no_managed_interface(std::string_view dotted) {
  return dotted.find(".all.") != std::string::npos ||
         dotted.find(".default.") != std::string::npos || dotted.find(".lo.") != std::string::npos;
}

}  // namespace

const std::vector<PersistentSetting>& PersistentSettings::lines_on(
    const ParameterName& parameter) const {
  static const std::vector<PersistentSetting> kNone;
  const auto lines = settings.find(parameter);
  return lines == settings.end() ? kNone : lines->second;
}

const PersistentSetting* PersistentSettings::winner(const ParameterName& parameter,
                                                    SysctlLoader loader) const {
  const std::vector<PersistentSetting>& lines = lines_on(parameter);
  const auto line = std::find_if(lines.begin(), lines.end(), [loader](const PersistentSetting& s) {
    return s.wins.has(loader);
  });
  return line == lines.end() ? nullptr : &*line;
}

std::vector<OtherSetting> PersistentSettings::others_on(const ParameterName& parameter) const {
  const std::string_view name = parameter.dotted();
  std::vector<OtherSetting> found;
  for (const OtherSetting& other : others) {
    const bool is_pattern = other.parameter.find('*') != std::string::npos;
    if (is_pattern ? matches_glob(other.parameter, name) && !is_no_managed_interface(name)
                   : other.parameter == name) {
      found.push_back(other);
    }
  }
  return found;
}

std::string in_words(const OtherSetting& other, const ParameterName& parameter) {
  const std::string value = other.value ? fmt::format(" = {}", *other.value) : "";
  const std::string where =
      other.where.line > 0 ? to_text(other.where) : fmt::format("{} is there", other.where.file);
  return fmt::format("{} {} {}{} ({}) {}", other.program, other.certain ? "sets" : "probably sets",
                     parameter.dotted(), value, where, other.when);
}

std::string in_words(const PersistentSetting& line) {
  return fmt::format("{}{} ({})", line.parameter.dotted(),
                     line.value ? fmt::format(" = {}", *line.value) : "", to_text(line.where));
}

std::string to_text(SysctlLoader loader) {
  return loader == SysctlLoader::kSystemd ? "systemd-sysctl" : "sysctl --system";
}

std::string name_in_file(const ParameterName& parameter) {
  std::string name;
  for (const char c : parameter.dotted()) {
    name += kPatternCharacters.find(c) == std::string_view::npos ? std::string(1, c)
                                                                 : fmt::format("[{}]", c);
  }
  return name;
}

ParameterName parameter_named_in_file(const ParameterName& written) {
  std::string name;
  std::string_view rest = written.dotted();
  while (!rest.empty()) {
    const bool bracketed = rest.size() > 2 && rest[0] == '[' && rest[2] == ']' &&
                           kPatternCharacters.find(rest[1]) != std::string_view::npos;
    name += bracketed ? rest[1] : rest[0];
    rest.remove_prefix(bracketed ? 3 : 1);
  }
  return ParameterName::of_canonical(name);
}

}  // namespace advisor
