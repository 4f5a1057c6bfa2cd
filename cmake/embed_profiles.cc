// A tool of the build: checks every .toml below a folder and writes a C++ source that defines
// advisor::embedded_files(). What is wrong with one of them fails the build.
//
//   embed_profiles FOLDER OUTPUT

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "load/catalogue_parser.h"
#include "load/lint_rules.h"
#include "load/packed_files.h"
#include "load/profile_set.h"
#include "load/proof.h"
#include "load/rule_parser.h"

namespace advisor {
namespace {

using Files = std::map<std::string, SourceText>;  ///< by path below the folder

constexpr std::string_view kSuffix = ".toml";

Files read_files(const std::filesystem::path& folder) {
  Files files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != kSuffix) continue;
    std::ostringstream text;
    text << std::ifstream(entry.path()).rdbuf();
    const std::string path = entry.path().lexically_relative(folder).generic_string();
    files[path] = {entry.path().string(), text.str()};
  }
  return files;
}

/// The files as the resolver of profiles asks for them.
class FolderSource : public ProfileSource {
 public:
  explicit FolderSource(const Files& files) : files_(files) {}

  Result<SourceText> profile(const std::string& name) const override { return find("", name); }
  Result<SourceText> rule_group(const std::string& name) const override {
    return find("rules/", name);
  }
  std::vector<std::string> profile_names() const override { return names_in(""); }
  std::vector<std::string> rule_group_names() const override { return names_in("rules/"); }

 private:
  Result<SourceText> find(const std::string& folder, const std::string& name) const {
    const auto file = files_.find(folder + name + std::string(kSuffix));
    if (file != files_.end()) return file->second;
    return Error{ErrorKind::kNotFound, "there is no \"" + name + "\"", 0};
  }
  std::vector<std::string> names_in(const std::string& folder) const {
    std::vector<std::string> names;
    for (const auto& [path, text] : files_) {
      const std::string_view name = std::string_view(path).substr(0, path.size() - kSuffix.size());
      if (!name.starts_with(folder)) continue;
      if (name.find('/', folder.size()) != std::string_view::npos) continue;
      names.emplace_back(name.substr(folder.size()));
    }
    return names;
  }

  const Files& files_;
};

/// A pattern stands for itself, so that what is demanded of its parameters is checked.
ParameterKnowledge knowledge_of(const Catalogue& catalogue) {
  return {catalogue, [](const ParameterName&) { return Presence::kAbsent; },
          [](const ParameterName& pattern) { return std::vector{pattern}; }};
}

/// Where something is wrong only once profiles and groups come together.
void check_combined(const Files& files, const ParameterKnowledge& known, Diagnostics& faults) {
  const FolderSource source(files);
  for (const std::string& name : source.profile_names()) {
    resolve_profiles({name}, source, known, faults);
  }
}

/// All files of proofs together, as no two proofs may have one name.
void check_proofs(const Files& files, const ParameterKnowledge& known, Diagnostics& faults) {
  ProvableRules rules;
  Proofs proofs;
  Diagnostics told_with_the_rules;
  for (const auto& [path, text] : files) {
    if (!path.starts_with("rules/")) continue;
    rules.add(parse_rule_group(path, text, known, told_with_the_rules));
  }
  for (const auto& [path, text] : files) {
    if (path.starts_with("proofs/")) add_proofs(text, rules, known.catalogue, proofs, faults);
  }
}

/// What the program reads in place of the text.
std::string packed_file(const std::string& path, const SourceText& text,
                        const ParameterKnowledge& known, Diagnostics& faults) {
  if (path.starts_with("parameters/")) {
    Catalogue rows;
    std::map<std::string, ParameterInfo> by_key;
    parse_catalogue(text, rows, faults);
    for (const std::string& key : rows.keys()) by_key[key] = *rows.find(*ParameterName::parse(key));
    return packed(std::move(by_key));
  }
  if (path.starts_with("lint/")) {
    LintKnowledge knowledge;
    add_lint_rules(text, known.catalogue, knowledge, faults);
    return {};  // the program reads the text: few of its runs do
  }
  if (path.starts_with("proofs/")) return {};  // likewise; check_proofs() has read it
  const std::string name = std::filesystem::path(path).stem();
  if (path.starts_with("rules/")) return packed(parse_rule_group(name, text, known, faults));
  Profile profile = parse_profile(text, known, faults);
  if (!profile.rule_nodes.empty()) {
    faults.push_back({DiagnosticSeverity::kError, profile.rule_nodes.front().where,
                      "a shipped profile has no rules of its own", "put them into a group", ""});
  }
  return packed(std::move(profile));
}

/// As the inside of a string literal.
std::string escaped(const std::string& bytes) {
  std::string text;
  for (const char byte : bytes) text += fmt::format("\\{:03o}", static_cast<unsigned char>(byte));
  return text;
}

std::string generated(const Files& files, Diagnostics& faults) {
  Catalogue catalogue;
  for (const auto& [path, text] : files) {
    if (path.starts_with("parameters/")) parse_catalogue(text, catalogue, faults);
  }
  const ParameterKnowledge known = knowledge_of(catalogue);
  check_combined(files, known, faults);
  check_proofs(files, known, faults);
  std::string rows;
  for (const auto& [path, text] : files) {
    const std::string bytes = packed_file(path, text, known, faults);
    // With its size: counting so many characters is more than a constant expression may do.
    rows += fmt::format("    {{\"{}\", {{R\"~toml~({})~toml~\", {}}}, {{\"{}\", {}}}}},\n", path,
                        text.text, text.text.size(), escaped(bytes), bytes.size());
  }
  return fmt::format(
      "#include \"load/embedded.h\"\n\n"
      "// More than the 64 KiB that every compiler has to take; those we build with take it.\n"
      "#pragma GCC diagnostic ignored \"-Woverlength-strings\"\n\n"
      "namespace advisor {{\nnamespace {{\n\n"
      "constexpr EmbeddedFile kFiles[] = {{\n{}}};\n\n}}  // namespace\n\n"
      "std::span<const EmbeddedFile> embedded_files() {{ return kFiles; }}\n\n"
      "}}  // namespace advisor\n",
      rows);
}

int run(const std::filesystem::path& folder, const char* output) {
  const Files files = read_files(folder);
  Diagnostics faults;
  const std::string source = generated(files, faults);
  for (const Diagnostic& fault : faults) std::fputs(to_text(fault).c_str(), stderr);
  if (!faults.empty() || files.empty()) return 1;
  // A source that is not written again is not compiled again.
  std::ostringstream standing;
  standing << std::ifstream(output).rdbuf();
  if (standing.str() == source) return 0;
  std::ofstream out(output);
  out << source;
  out.close();
  return out ? 0 : 1;
}

}  // namespace
}  // namespace advisor

int main(int count, char** arguments) {
  return count == 3 ? advisor::run(arguments[1], arguments[2]) : 2;
}
