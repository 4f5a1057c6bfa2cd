#pragma once

#include <string>
#include <vector>

#include "lint/known_names.h"
#include "lint/lint.h"
#include "support/builders.h"
#include "sysctld/reading_order.h"

namespace advisor::testing {

/// What the program carries for `lint`, read once: that takes longer than to judge a file.
struct ShippedLint {
  ShippedLint() {
    Diagnostics faults;
    for (const EmbeddedFile& file : embedded_files()) {
      const std::string path = file.path;
      if (path.starts_with("lint/"))
        add_lint_rules(file.source(path), catalogue, knowledge, faults);
    }
    CHECK(lines_of(faults) == Lines{});
  }

  Catalogue catalogue = shipped_catalogue();
  LintKnowledge knowledge;
  std::vector<ParameterName> names = names_in_catalogue(catalogue);
};

inline const ShippedLint& shipped_lint() {
  static const ShippedLint shipped;
  return shipped;
}

/// Files as one host loads them.
struct LintHost {
  LintHost() {
    for (const std::string directory : sysctl_directories()) {
      files.configuration.directories.emplace(directory, std::vector<std::string>());
    }
    files.configuration.modules.emplace();
  }

  /// A file of modules-load.d names one module a line.
  void add(const std::string& path, const std::string& text) {
    if (path.starts_with("/etc/modules-load.d/")) {
      const std::string module(text.substr(0, text.find('\n')));
      files.configuration.modules->in_time.emplace(module_name(module), SourceLocation{path, 1, 0});
      return;
    }
    files.configuration =
        with(std::move(files.configuration), FileChange{path, std::nullopt, text});
  }

  void add_judged(const std::string& path, const std::string& text) {
    add(path, text);
    files.judged.emplace(path, path);
  }

  std::vector<LintRemark> remarks(const std::string& kernel = "6.12") const {
    const ShippedLint& shipped = shipped_lint();
    return lint(files, {shipped.catalogue, shipped.names, shipped.knowledge,
                        *KernelVersion::parse(kernel), kernel, loader, profiles, container});
  }

  /// "2 error never-taken never-taken" of each: line, severity, verdict, rule.
  Lines said(const std::string& kernel = "6.12") const {
    Lines lines;
    for (const LintRemark& remark : remarks(kernel)) {
      lines.push_back(std::to_string(remark.where.line) + " " + name_of(remark.severity) + " " +
                      name_of(remark.verdict) + " " + remark.rule);
    }
    return lines;
  }

  LintFiles files;
  SysctlLoader loader = SysctlLoader::kSystemd;
  std::vector<std::string> profiles;
  bool container = false;
};

}  // namespace advisor::testing
