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

#include "rules/catalogue_parser.h"
#include "rules/embedded.h"
#include "rules/profile_set.h"

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

Diagnostics faults_in(const Files& files) {
  Diagnostics faults;
  Catalogue catalogue;
  for (const auto& [path, text] : files) {
    if (path.starts_with("parameters/")) parse_catalogue(text, catalogue, faults);
  }
  // A pattern stands for itself, so that what is demanded of its parameters is checked.
  const ParameterKnowledge known{catalogue, [](const ParameterName&) { return false; },
                                 [](const ParameterName& pattern) { return std::vector{pattern}; }};
  const FolderSource source(files);
  for (const std::string& name : source.profile_names()) {
    resolve_profiles({name}, source, known, faults);
  }
  return faults;
}

std::string generated(const Files& files) {
  PreparsedWriter writer;
  std::string rows;
  for (const auto& [path, text] : files) {
    const uint32_t root = writer.add(std::get<TomlNode>(parse_toml(text)));
    // With its size: counting so many characters is more than a constant expression may do.
    rows += fmt::format("    {{\"{}\", {{R\"~toml~({})~toml~\", {}}}, {{kNodes, {}, kPool}}}},\n",
                        path, text.text, text.text.size(), root);
  }
  std::string nodes;
  for (const PreparsedNode& node : writer.nodes()) {
    nodes +=
        fmt::format("{{{},{},{},{},{},{},{},INT64_C({})}},\n", node.kind, node.column, node.line,
                    node.key_column, node.key_line, node.key_start, node.key_size, node.payload);
  }
  return fmt::format(
      "#include \"rules/embedded.h\"\n\n"
      "// More than the 64 KiB that every compiler has to take; those we build with take it.\n"
      "#pragma GCC diagnostic ignored \"-Woverlength-strings\"\n\n"
      "namespace advisor {{\nnamespace {{\n\n"
      "constexpr std::string_view kPool{{R\"~pool~({})~pool~\", {}}};\n\n"
      "constexpr PreparsedNode kNodes[] = {{\n{}}};\n\n"
      "constexpr EmbeddedFile kFiles[] = {{\n{}}};\n\n}}  // namespace\n\n"
      "std::span<const EmbeddedFile> embedded_files() {{ return kFiles; }}\n\n"
      "}}  // namespace advisor\n",
      writer.pool(), writer.pool().size(), nodes, rows);
}

int run(const std::filesystem::path& folder, const char* output) {
  const Files files = read_files(folder);
  const Diagnostics faults = faults_in(files);
  for (const Diagnostic& fault : faults) std::fputs(to_text(fault).c_str(), stderr);
  if (!faults.empty() || files.empty()) return 1;
  std::ofstream out(output);
  out << generated(files);
  out.close();
  return out ? 0 : 1;
}

}  // namespace
}  // namespace advisor

int main(int count, char** arguments) {
  return count == 3 ? advisor::run(arguments[1], arguments[2]) : 2;
}
