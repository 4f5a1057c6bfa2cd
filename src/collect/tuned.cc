#include "collect/tuned.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "collect/ini_text.h"

namespace advisor {
namespace {

/// TuneD takes a profile from the first place that has it and was not used for that name before. So
/// a profile can include the profile of its own name that it replaces.
constexpr const char* kPlaces[] = {"/etc/tuned/profiles/", "/etc/tuned/",
                                   "/usr/lib/tuned/profiles/", "/usr/lib/tuned/"};

/// What stands in one section of the profiles taken so far.
struct Section {
  std::string type;
  bool enabled = true;
  std::map<std::string, IniEntry> options;
  std::map<std::string, std::string> file_of;  ///< by option
};

bool is_off(const std::string& flag) {
  return flag == "0" || flag == "false" || flag == "no" || flag == "n" || flag == "off";
}

/// As TuneD itself demands; and never a way out of the directory.
bool is_profile_name(const std::string& name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == '-';
  };
  return !name.empty() && name != "." && name != ".." &&
         std::all_of(name.begin(), name.end(), allowed);
}

class TunedReader {
 public:
  explicit TunedReader(const FileStore& files) : files_(files) {}

  void take(const std::string& profile) {
    if (!is_profile_name(profile)) return;
    for (const std::string place : kPlaces) {
      const std::string path = place + profile + "/tuned.conf";
      if (taken_.contains(path)) continue;
      const auto text = files_.read(path);
      if (!text) continue;
      taken_.insert(path);
      take_file(path, parse_ini(*text, InlineComments::kAfterBlank));
      return;
    }
  }

  std::vector<OtherSetting> settings(const std::string& program, const std::string& when) const {
    std::vector<OtherSetting> settings;
    for (const auto& [name, section] : sections_) {
      if (section.type != "sysctl" || !section.enabled) continue;
      for (const auto& [key, entry] : section.options) {
        const auto parameter = ParameterName::parse(key);
        if (!parameter) continue;
        settings.push_back({program, std::string(parameter->dotted()), value_of(entry),
                            SourceLocation{section.file_of.at(key), entry.line, 0}, true, when});
      }
    }
    return settings;
  }

 private:
  void take_file(const std::string& path, const std::vector<IniEntry>& entries) {
    // Parents first, so that what stands here replaces theirs.
    for (const IniEntry& entry : entries) {
      if (entry.section != "main" || entry.key != "include") continue;
      std::string names = entry.value;
      std::replace(names.begin(), names.end(), ';', ',');
      for (const std::string& name : split(names, ',')) take(std::string(trim(name)));
    }
    for (const IniEntry& entry : entries) {
      if (entry.key == "replace" && !is_off(entry.value)) sections_.erase(entry.section);
    }
    for (const IniEntry& entry : entries) {
      Section& section =
          sections_.try_emplace(entry.section, Section{entry.section, true, {}, {}}).first->second;
      if (entry.key == "type") {
        section.type = entry.value;
      } else if (entry.key == "enabled") {
        section.enabled = !is_off(entry.value);
      } else {
        section.options[entry.key] = entry;
        section.file_of[entry.key] = path;
      }
    }
  }

  static std::optional<std::string> value_of(const IniEntry& entry) {
    const bool computed = entry.value.find("${") != std::string::npos;
    const bool relative = entry.value.starts_with('>') || entry.value.starts_with('<');
    return computed || relative ? std::nullopt : std::optional(entry.value);
  }

  const FileStore& files_;
  std::set<std::string> taken_;
  std::map<std::string, Section> sections_;
};

std::vector<std::string> words_of_file(const FileStore& files, const std::string& path) {
  const auto text = files.read(path);
  return text ? split_words(*text) : std::vector<std::string>();
}

/// Whether TuneD carries out /etc/sysctl.d again when it is done, as it does by default.
bool reapplies(const FileStore& files) {
  const auto text = files.read("/etc/tuned/tuned-main.conf");
  if (!text) return true;
  bool on = true;
  for (const IniEntry& entry : parse_ini(*text, InlineComments::kAfterBlank)) {
    if (entry.key == "reapply_sysctl") on = !is_off(entry.value);
  }
  return on;
}

}  // namespace

std::optional<TunedRun> read_tuned_run(const FileStore& files) {
  const std::vector<OtherSetting> settings = read_tuned_settings(files);
  if (settings.empty() && words_of_file(files, "/etc/tuned/active_profile").empty())
    return std::nullopt;
  TunedRun run{{}, reapplies(files)};
  for (const OtherSetting& own : settings) {
    const auto parameter = own.value ? ParameterName::parse(own.parameter) : std::nullopt;
    if (!parameter) continue;
    run.own.push_back({.parameter = *parameter, .value = own.value, .where = own.where});
  }
  return run;
}

std::vector<OtherSetting> read_tuned_settings(const FileStore& files) {
  std::vector<std::string> names = words_of_file(files, "/etc/tuned/active_profile");
  for (const std::string& name : words_of_file(files, "/etc/tuned/post_loaded_profile")) {
    names.push_back(name);
  }
  if (names.empty()) return {};
  TunedReader reader(files);
  for (const std::string& name : names) reader.take(name);
  return reader.settings("TuneD profile " + join(names, " "),
                         reapplies(files) ? "when it starts, before it applies /etc/sysctl.d again"
                                          : "when it starts, also over what /etc/sysctl.d says");
}

}  // namespace advisor
