#include "cli/profile_check.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "load/catalogue_parser.h"
#include "load/rule_parser.h"

namespace advisor {
namespace {

/// Entries that tell what kind of file they are in.
const std::vector<std::string> kTelling = {"name",     "summary", "extends",        "disable",
                                           "options",  "targets", "recommend_when", "rule",
                                           "suppress", "allow"};

bool has_entry(const TomlTable& table, const char* key) {
  return std::any_of(table.begin(), table.end(),
                     [&](const TomlEntry& entry) { return entry.key == key; });
}

bool is_list_of_tables(const TomlNode& node) {
  const auto* items = node.as<TomlArray>();
  return items && !items->empty() && items->front().as<TomlTable>();
}

/// Whether the entry tells what kind of file it is in.
bool is_telling(const TomlEntry& entry) {
  if (entry.key == "rules") return !is_list_of_tables(entry.value);
  return entry.key.find_first_of("./") != std::string::npos ||
         std::find(kTelling.begin(), kTelling.end(), entry.key) != kTelling.end();
}

/// The way out for a file in which no entry tells its kind; nothing for other files.
std::optional<std::string> why_no_kind(const TomlTable& root) {
  if (std::any_of(root.begin(), root.end(), is_telling)) return std::nullopt;
  if (root.empty()) return "a profile begins with name = \"...\"";
  if (auto meant = did_you_mean(root.front().key, kTelling); !meant.empty()) return meant;
  return "the name of a parameter must stand in quotes, as \"net.core.somaxconn\"";
}

std::string check_profile(Context& context, const std::string& file, Diagnostics& diagnostics) {
  const EffectiveProfile profile =
      resolve_profiles({file}, context.profiles(), context.parameters(), diagnostics);
  size_t rules = 0;
  for (const ActiveGroup& active : profile.groups) rules += active.group.rules.size();
  return fmt::format("a profile with {} rules and {} targets, those it extends included", rules,
                     profile.targets.size());
}

std::string check_rules(Context& context, const SourceText& source, Diagnostics& diagnostics) {
  const RuleGroup group = parse_rule_group("", source, context.parameters(), diagnostics);
  return fmt::format("a rule file with {} rules", group.rules.size());
}

std::string check_config(Context& context, const SourceText& source, Diagnostics& diagnostics) {
  const Config config =
      parse_config(source, context.parameters(), context.clock().today(), diagnostics);
  return fmt::format("a configuration with {} suppressions that hold today",
                     config.suppressions.size());
}

std::string check_catalogue(const SourceText& source, Diagnostics& diagnostics) {
  Catalogue catalogue;
  parse_catalogue(source, catalogue, diagnostics);
  return fmt::format("a catalogue of {} parameters", catalogue.keys().size());
}

/// Tells by its entries what a file is, and checks it as that. Returns its kind in words.
std::string check_file(Context& context, const SourceText& source, Diagnostics& diagnostics) {
  const auto parsed = parse_toml(source);
  if (const auto* failure = std::get_if<Diagnostic>(&parsed)) {
    diagnostics.push_back(*failure);
    return {};
  }
  const TomlTable& root = *std::get<TomlNode>(parsed).as<TomlTable>();
  if (auto hint = why_no_kind(root)) {
    diagnostics.push_back({DiagnosticSeverity::kError,
                           root.empty() ? SourceLocation{source.file} : root.front().key_where,
                           "this is no profile, rule file, parameter catalogue or configuration",
                           std::move(*hint),
                           root.empty() ? "" : source.line(root.front().key_where.line)});
    return {};
  }
  if (has_entry(root, "suppress") || has_entry(root, "allow"))
    return check_config(context, source, diagnostics);
  const bool names_parameters =
      !root.empty() && std::all_of(root.begin(), root.end(), [](const TomlEntry& entry) {
        return entry.key.find_first_of("./") != std::string::npos;
      });
  if (names_parameters) return check_catalogue(source, diagnostics);
  const bool is_profile = has_entry(root, "name") || has_entry(root, "summary");
  if (has_entry(root, "rule") && !is_profile) return check_rules(context, source, diagnostics);
  return check_profile(context, std::string(source.file), diagnostics);
}

}  // namespace

ExitStatus check_files(Context& context, const std::vector<std::string>& files) {
  ExitStatus status = ExitStatus::kNothing;
  std::string text;
  for (const std::string& file : files) {
    // A name without a slash is a file here, not a profile that is known by name.
    const std::string path = file.find('/') == std::string::npos ? "./" + file : file;
    const auto source = context.profiles().profile(path);
    if (!source) {
      status = fail(source.error());
      continue;
    }
    Diagnostics diagnostics;
    const std::string what = check_file(context, *source, diagnostics);
    show(diagnostics);
    if (has_errors(diagnostics)) {
      status = ExitStatus::kTrouble;
    } else {
      text += fmt::format("{}: fine, {}\n", file, what);
    }
  }
  return print(text, status);
}

}  // namespace advisor
