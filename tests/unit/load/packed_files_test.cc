#include "load/packed_files.h"

#include <doctest/doctest.h>

#include "load/catalogue_parser.h"
#include "load/embedded.h"
#include "load/rule_parser.h"
#include "support/builders.h"

namespace advisor::packed_files_test {
namespace {

using testing::lines_of;

/// As the build sees the parameters: a family stands for itself.
ParameterKnowledge as_the_build(const Catalogue& catalogue) {
  return {catalogue, [](const ParameterName&) { return Presence::kAbsent; },
          [](const ParameterName& pattern) { return std::vector{pattern}; }};
}

bool is_read_as_text(const std::string& path) {
  return path.starts_with("lint/") || path.starts_with("proofs/");
}

std::string name_in(const std::string& path) {
  const size_t folder = path.rfind('/') + 1;
  return path.substr(folder, path.rfind('.') - folder);
}

TEST_CASE("packed: what the program carries is what its files say") {
  const Catalogue catalogue = testing::shipped_catalogue();
  const ParameterKnowledge known = as_the_build(catalogue);
  for (const EmbeddedFile& file : embedded_files()) {
    const std::string path = file.path;
    if (is_read_as_text(path)) continue;
    CAPTURE(path);
    const SourceText text{path, std::string(file.text)};
    Diagnostics diagnostics;

    std::string bytes;
    if (path.starts_with("parameters/")) {
      Catalogue rows;
      parse_catalogue(text, rows, diagnostics);
      std::map<std::string, ParameterInfo> by_key;
      for (const std::string& key : rows.keys()) {
        by_key[key] = *rows.find(*ParameterName::parse(key));
      }
      bytes = packed(std::move(by_key));
    } else if (path.starts_with("rules/")) {
      bytes = packed(parse_rule_group(name_in(path), text, known, diagnostics));
    } else {
      bytes = packed(parse_profile(text, known, diagnostics));
    }

    CHECK(lines_of(diagnostics).empty());
    CHECK(bytes == file.packed);
  }
}

TEST_CASE("packed: what was unpacked packs to the same again") {
  const Catalogue catalogue = testing::shipped_catalogue();
  const ParameterKnowledge known = as_the_build(catalogue);
  Diagnostics diagnostics;
  for (const EmbeddedFile& file : embedded_files()) {
    const std::string path = file.path;
    if (is_read_as_text(path)) continue;
    CAPTURE(path);
    const SourceText source = file.source(path);

    if (path.starts_with("parameters/")) {
      const auto rows = unpacked_catalogue(source);
      std::map<std::string, ParameterInfo> by_key;
      for (const std::string& key : rows->keys()) by_key[key] = *rows->row(key);
      CHECK(packed(std::move(by_key)) == file.packed);
    } else if (path.starts_with("rules/")) {
      CHECK(packed(unpacked_rule_group(source, known, diagnostics)) == file.packed);
    } else {
      CHECK(packed(unpacked_profile(source, known, diagnostics)) == file.packed);
    }
  }
}

TEST_CASE("packed: places are in the file that was asked for") {
  const Catalogue catalogue = testing::shipped_catalogue();
  for (const EmbeddedFile& file : embedded_files()) {
    if (std::string_view(file.path) != "rules/time-wait.toml") continue;

    Diagnostics diagnostics;
    const RuleGroup group = unpacked_rule_group(file.source("/usr/share/time-wait.toml"),
                                                as_the_build(catalogue), diagnostics);

    REQUIRE(!group.rules.empty());
    CHECK(group.rules.front().where.file == "/usr/share/time-wait.toml");
    CHECK(group.rules.front().where.line > 0);
  }
}

TEST_CASE("packed: where the administrator says otherwise of a parameter, the text is read") {
  const auto group_of = [](const Catalogue& catalogue, std::string text, std::string_view bytes) {
    Diagnostics diagnostics;
    const SourceText source{"time-wait.toml", std::move(text), bytes};
    return parse_rule_group("time-wait", source, as_the_build(catalogue), diagnostics);
  };
  const EmbeddedFile* file = nullptr;
  for (const EmbeddedFile& each : embedded_files()) {
    if (std::string_view(each.path) == "rules/time-wait.toml") file = &each;
  }
  REQUIRE(file);
  Catalogue changed = testing::shipped_catalogue();
  changed.add("net.ipv4.tcp_tw_reuse", ParameterInfo());

  const RuleGroup as_built = group_of(testing::shipped_catalogue(), "", file->packed);
  const RuleGroup read = group_of(changed, "", file->packed);

  CHECK(!as_built.rules.empty());
  CHECK(read.rules.empty());
}

}  // namespace
}  // namespace advisor::packed_files_test
