// Any text as files of sysctl.d: taken apart line by line, and what wins among them.

#include <algorithm>

#include "base/text.h"
#include "collect/conf_files.h"
#include "fuzz/fuzzing.h"
#include "lint/known_names.h"
#include "lint/lint.h"
#include "load/embedded.h"
#include "load/packed_files.h"
#include "support/fake_kernel.h"
#include "support/memory_files.h"
#include "sysctld/conf_line.h"

using namespace advisor;
using namespace advisor::fuzz;

namespace {

// Where the files of a directory are read from; a line of dashes begins the next one.
constexpr const char* kPaths[] = {"/usr/lib/sysctl.d/50-a.conf", "/etc/sysctl.d/50-a.conf",
                                  "/run/sysctl.d/60-b.conf", "/etc/sysctl.d/99-c.conf",
                                  "/etc/sysctl.conf"};
constexpr std::string_view kNext = "\n---\n";

/// Such a line says on its own what it says in its file: its first separator is the one that it
/// was read by, and no loader takes more of it for a dash than we print.
bool stands_alone(const ConfLine& line) {
  return line.is_plain && line.value && line.key.find('/') < line.key.find('.') &&
         !line.key.starts_with('-');
}

void check_lines(const std::string& text) {
  const ConfText parsed = parse_conf_text("a.conf", text);
  const ConfText again = parse_conf_text("a.conf", text);
  require(parsed.lines == again.lines, "the same text, the same lines");
  require_same(parsed.malformed, again.malformed);

  const int last = int(split_lines(text).size());
  int number = 1;
  for (const ConfLine& line : parsed.lines) {
    require(line.line >= number && line.line <= last, "lines keep their order and their numbers");
    number = line.line;
    require(!line.key.empty(), "a line names something");
    require(!line.read_by.none(), "a line is read by somebody");
    require(line.value || line.ignores_errors, "only an exclusion has no value");
    require(!with_braces_expanded(line.key).empty(), "braces leave something");
    if (const auto name = parameter_of(line.key)) {
      require(ParameterName::parse(name->dotted()) == name, "a name is read as it is printed");
    }
    if (!stands_alone(line)) continue;
    const std::string printed = (line.ignores_errors ? "-" : "") + line.key + " = " + *line.value;
    const ConfText alone = parse_conf_text("a.conf", printed + "\n");
    const auto same = [&](const ConfLine& other) {
      return other.key == line.key && other.value == line.value &&
             other.ignores_errors == line.ignores_errors;
    };
    require(std::any_of(alone.lines.begin(), alone.lines.end(), same),
            "a line that is printed is read as the same");
  }
}

void check_files(std::string_view text) {
  testing::Steps steps;
  testing::MemoryFiles files(steps);
  for (const char* path : kPaths) {
    const size_t end = text.find(kNext);
    files.put(path, std::string(text.substr(0, end)));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + kNext.size());
  }
  testing::FakeKernel kernel(steps);
  kernel.set("net.ipv4.tcp_sack", "1");
  kernel.set("net.ipv4.conf.all.rp_filter", "0");
  kernel.set("net.ipv4.conf.lo.rp_filter", "0");
  const PersistentSettings settings = read_persistent_settings(files, kernel);
  for (const auto& [name, lines] : settings.settings) {
    require(!lines.empty(), "a parameter that is set has lines");
    for (const SysctlLoader loader : {SysctlLoader::kSystemd, SysctlLoader::kProcps}) {
      const auto wins = [&](const PersistentSetting& line) { return line.wins.has(loader); };
      require(std::count_if(lines.begin(), lines.end(), wins) <= 1, "one line wins at most");
      const PersistentSetting* winner = settings.winner(name, loader);
      require(!winner || winner->read_by.has(loader), "the winner is read by that loader");
      require(!winner || winner->value, "the winner has a value");
    }
  }
}

/// What the program carries for `lint`, read once.
struct ShippedLint {
  ShippedLint() {
    Diagnostics faults;
    for (const EmbeddedFile& file : embedded_files()) {
      const std::string path = file.path;
      if (path.starts_with("parameters/")) catalogue.add(unpacked_catalogue(file.source(path)));
    }
    for (const EmbeddedFile& file : embedded_files()) {
      const std::string path = file.path;
      if (path.starts_with("lint/"))
        add_lint_rules(file.source(path), catalogue, knowledge, faults);
    }
    require(faults.empty(), "the shipped rules are right");
    names = names_in_catalogue(catalogue);
  }

  Catalogue catalogue;
  LintKnowledge knowledge;
  std::vector<ParameterName> names;
};

/// Every remark is on a line that there is, and says why.
void check_lint(const std::string& text) {
  static const ShippedLint shipped;
  const std::string path = "/etc/sysctl.d/90-a.conf";
  LintFiles files;
  files.configuration.directories.emplace("/etc/sysctl.d", std::vector<std::string>());
  files.configuration = with(std::move(files.configuration), FileChange{path, std::nullopt, text});
  files.judged.emplace(path, path);
  const int lines = int(split_lines(text).size());
  for (const SysctlLoader loader : {SysctlLoader::kSystemd, SysctlLoader::kProcps}) {
    const LintGround ground{shipped.catalogue,
                            shipped.names,
                            shipped.knowledge,
                            *KernelVersion::parse("6.12"),
                            "6.12",
                            loader,
                            {},
                            false};
    for (const LintRemark& remark : lint(files, ground)) {
      require(remark.where.line >= 1 && remark.where.line <= lines, "a remark is on a line");
      require(!remark.message.empty() && !remark.rule.empty(), "a remark says why");
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const std::string text = text_of(bytes, size);
  check_lines(text);
  check_files(text);
  check_lint(text);
  return 0;
}
