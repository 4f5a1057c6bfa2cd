#include "cli/profile_files.h"

#include <algorithm>

#include "cli/paths.h"
#include "load/catalogue_parser.h"
#include "load/embedded.h"
#include "load/packed_files.h"
#include "load/rule_parser.h"
#include "os/own_path.h"

namespace advisor {
namespace {

constexpr std::string_view kSuffix = ".toml";
constexpr const char* kOfTheAdministrator = "/etc/sysctl-advisor/profiles/";

/// Names of profiles and groups: lower-case words, so that a name never becomes a path.
bool is_name(const std::string& name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

/// The folder of the profiles that were installed with the program: by its place, as only
/// `cmake --install` knows the prefix.
std::string installed_with(const std::string& program) {
  std::string folder = program.substr(0, program.rfind('/'));
  std::string_view rest = kProfilesFromProgram;
  for (constexpr std::string_view kUp = "../"; rest.starts_with(kUp);
       rest.remove_prefix(kUp.size())) {
    folder.resize(std::min(folder.size(), folder.rfind('/')));
  }
  return folder + "/" + std::string(rest);
}

Error unknown(const std::string& name) {
  return {ErrorKind::kNotFound, "there is no \"" + name + "\"", 0};
}

/// Null if the program carries no such file.
const EmbeddedFile* embedded(const std::string& path) {
  const auto files = embedded_files();
  const auto found = std::lower_bound(
      files.begin(), files.end(), path,
      [](const EmbeddedFile& file, const std::string& wanted) { return file.path < wanted; });
  return found == files.end() || found->path != path ? nullptr : &*found;
}

Result<SourceText> embedded_source(const std::string& path) {
  const EmbeddedFile* file = embedded(path);
  if (file) return file->source("(built in) " + path);
  return unknown(path);
}

void add_rows(const SourceText& source, Catalogue& catalogue, Diagnostics& diagnostics) {
  if (source.packed.empty()) {
    parse_catalogue(source, catalogue, diagnostics);
  } else {
    catalogue.add(unpacked_catalogue(source));
  }
}

}  // namespace

ProfileFiles::ProfileFiles(const FileStore& files, const FileStore& named_files)
    : files_(files), named_files_(named_files), places_{kOfTheAdministrator} {
  const auto program = own_path();
  if (!program) return;
  const std::string installed = installed_with(*program);
  const auto& names = listed(installed);
  if (names && !names->empty()) {
    const auto one = files_.read_trusted(installed + *names->begin());
    if (!one && one.error().kind == ErrorKind::kRejected) untrusted_ = one.error().message;
  }
  if (untrusted_.empty()) places_.push_back(installed);
}

Result<SourceText> ProfileFiles::profile(const std::string& name) const {
  if (name.find('/') != std::string::npos || name.ends_with(kSuffix)) {
    const auto text = named_files_.read_trusted(name);
    if (!text) return Error{ErrorKind::kIo, text.error().message, text.error().os_error};
    return SourceText{name, *text};
  }
  return is_name(name) ? find(name + std::string(kSuffix)) : unknown(name);
}

Result<SourceText> ProfileFiles::rule_group(const std::string& name) const {
  return is_name(name) ? find("rules/" + name + std::string(kSuffix)) : unknown(name);
}

std::vector<std::string> ProfileFiles::profile_names() const {
  return names_in("");
}

std::vector<std::string> ProfileFiles::rule_group_names() const {
  return names_in("rules/");
}

std::optional<SourceText> ProfileFiles::found(const std::string& path,
                                              Diagnostics& diagnostics) const {
  auto source = find(path);
  if (source) return *std::move(source);
  diagnostics.push_back({DiagnosticSeverity::kError, {}, source.error().message, {}, {}});
  return std::nullopt;
}

LintKnowledge ProfileFiles::lint_rules(const Catalogue& catalogue, Diagnostics& diagnostics) const {
  LintKnowledge knowledge;
  for (const std::string& name : names_in("lint/")) {
    const auto source = found("lint/" + name + std::string(kSuffix), diagnostics);
    if (source) add_lint_rules(*source, catalogue, knowledge, diagnostics);
  }
  return knowledge;
}

Proofs ProfileFiles::proofs(const ParameterKnowledge& known, ProvableRules& rules,
                            Diagnostics& diagnostics) const {
  for (const std::string& name : rule_group_names()) {
    const auto source = found("rules/" + name + std::string(kSuffix), diagnostics);
    if (source) rules.add(parse_rule_group(name, *source, known, diagnostics));
  }
  Proofs proofs;
  for (const std::string& name : names_in("proofs/")) {
    const auto source = found("proofs/" + name + std::string(kSuffix), diagnostics);
    if (source) add_proofs(*source, rules, known.catalogue, proofs, diagnostics);
  }
  return proofs;
}

std::map<std::string, std::string> ProfileFiles::laid_down() const {
  std::map<std::string, std::string> files;
  for (const char* folder : {"", "rules/", "parameters/"}) {
    for (const std::string& name : names_in(folder)) {
      const std::string path = folder + name + std::string(kSuffix);
      const auto source = find(path);
      if (source && source->packed.empty()) files[path] = source->text;
    }
  }
  return files;
}

void ProfileFiles::load_catalogue(Catalogue& catalogue, Diagnostics& diagnostics) const {
  if (!untrusted_.empty()) {
    diagnostics.push_back({DiagnosticSeverity::kWarning,
                           {},
                           untrusted_ + "; the copies in the program take its place",
                           {},
                           {}});
  }
  for (const std::string& place : places_) {
    for (const char* folder : {"", "rules/", "parameters/"}) {
      const auto& names = listed(place + folder);
      if (names) continue;
      const bool closed = names.error().kind == ErrorKind::kDenied;
      diagnostics.push_back({closed ? DiagnosticSeverity::kWarning : DiagnosticSeverity::kError,
                             {},
                             names.error().message + "; what its files say is unknown",
                             closed ? "run this as root" : "",
                             {}});
    }
  }
  for (const std::string& name : names_in("parameters/")) {
    const auto source = find("parameters/" + name + std::string(kSuffix));
    if (source) {
      add_rows(*source, catalogue, diagnostics);
      continue;
    }
    diagnostics.push_back({DiagnosticSeverity::kError, {}, source.error().message, {}, {}});
    // The built-in rows are for the commands that go on all the same.
    const auto built_in = embedded_source("parameters/" + name + std::string(kSuffix));
    if (built_in) add_rows(*built_in, catalogue, diagnostics);
  }
  report_shipped_rows_named_again(catalogue, diagnostics);
}

Result<SourceText> ProfileFiles::find(const std::string& path) const {
  const size_t folder = path.rfind('/') + 1;
  for (const std::string& place : places_) {
    const auto& names = listed(place + path.substr(0, folder));
    // Where the folder cannot be listed, the file itself has to say what is wrong.
    if (names && !names->contains(path.substr(folder))) continue;
    const auto text = files_.read_trusted(place + path);
    if (text) {
      const EmbeddedFile* same = embedded(path);
      if (same && same->text == *text) return same->source(place + path);
      return SourceText{place + path, *text};
    }
    if (text.error().kind != ErrorKind::kNotFound) return text.error();
  }
  return embedded_source(path);
}

const Result<std::set<std::string>>& ProfileFiles::listed(const std::string& folder) const {
  const auto known = listed_.find(folder);
  if (known != listed_.end()) return known->second;
  Result<std::set<std::string>> names = std::set<std::string>();
  const auto listed = files_.list(folder);
  if (listed) {
    names->insert(listed->begin(), listed->end());
  } else if (listed.error().kind != ErrorKind::kNotFound) {
    names = listed.error();
  }
  return listed_.emplace(folder, std::move(names)).first->second;
}

std::vector<std::string> ProfileFiles::names_in(const std::string& folder) const {
  std::set<std::string> names;
  const auto add = [&](std::string_view name) {
    if (!name.ends_with(kSuffix) || name.find('/') != std::string_view::npos) return;
    const std::string bare(name.substr(0, name.size() - kSuffix.size()));
    if (is_name(bare)) names.insert(bare);
  };
  for (const std::string& place : places_) {
    if (const auto& in_place = listed(place + folder)) {
      for (const std::string& name : *in_place) add(name);
    }
  }
  for (const EmbeddedFile& file : embedded_files()) {
    const std::string_view path = file.path;
    if (path.starts_with(folder)) add(path.substr(folder.size()));
  }
  return {names.begin(), names.end()};
}

}  // namespace advisor
