#include "cli/lint_input.h"

#include <fmt/format.h>

#include <algorithm>

#include "collect/conf_files.h"
#include "collect/module_loading.h"
#include "os/named_file.h"
#include "sysctld/reading_order.h"

namespace advisor {
namespace {

/// No file of settings is longer; the kernel has some thousand parameters.
constexpr size_t kLargestLintedBytes = 4 << 20;
constexpr std::string_view kDirectory = "/etc/sysctl.d/";

/// The path by which a loader would know a file that lies somewhere else.
std::string path_among_settings(const std::string& given) {
  if (given == kLastOfProcps) return given;
  for (const std::string directory : sysctl_directories()) {
    if (given.starts_with(directory + '/')) return given;
  }
  const std::string name = given.substr(given.rfind('/') + 1);
  return std::string(kDirectory) + (name.ends_with(".conf") ? name : name + ".conf");
}

/// A configuration of no files; which modules are loaded is not known.
Configuration empty_configuration() {
  Configuration configuration;
  for (const std::string directory : sysctl_directories()) {
    configuration.directories.emplace(directory, std::vector<std::string>());
  }
  return configuration;
}

Configuration with_file(Configuration configuration, const std::string& path,
                        const std::string& text) {
  return with(std::move(configuration), FileChange{path, std::nullopt, text});
}

class InputReader {
 public:
  explicit InputReader(Context& context) : context_(context) {}

  LintInput read(const std::vector<std::string>& arguments) {
    const std::string& as = context_.request().as;
    if (arguments.empty()) {
      read_host();
    } else if (!as.empty()) {
      read_as(arguments.front(), as);
    } else {
      for (const std::string& name : arguments) read_named(name);
    }
    return std::move(input_);
  }

 private:
  Configuration configuration_of_host() {
    Configuration configuration = read_configuration(context_.host_files());
    if (!configuration.modules) configuration.modules = read_named_modules(context_.host_files());
    return configuration;
  }

  void read_host() {
    LintFiles host{configuration_of_host(), {}};
    for (const auto& [directory, names] : host.configuration.directories) {
      if (!names && names.error().kind != ErrorKind::kNotFound) {
        input_.failures.push_back(names.error().message);
      }
      for (const std::string& name : names ? *names : std::vector<std::string>()) {
        if (!name.ends_with(".conf")) tell_unread(fmt::format("{}/{}", directory, name));
      }
    }
    const auto last = host.configuration.texts.find(std::string(kLastOfProcps));
    for (const auto& [path, text] : host.configuration.texts) {
      if (text) {
        // Debian links a name of sysctl.d to it, by which systemd reads it.
        const bool is_linked = last != host.configuration.texts.end() && last->second &&
                               path != kLastOfProcps && *text == *last->second;
        if (is_linked) host.judged.erase(last->first);
        judge(host, path, is_linked ? last->first : path, *text);
      } else if (text.error().kind != ErrorKind::kNotFound) {
        input_.failures.push_back(text.error().message);
      }
    }
    input_.hosts.push_back(std::move(host));
  }

  void read_as(const std::string& name, const std::string& path) {
    const auto text = read_text(name);
    if (!text) return;
    LintFiles host{with_file(configuration_of_host(), path, *text), {}};
    judge(host, path, name, *text);
    input_.hosts.push_back(std::move(host));
  }

  void read_named(const std::string& name) {
    const PosixFileStore files("", Trust::kTaken);
    const auto listed =
        name == kStandardStream ? Result<std::vector<std::string>>(Error{}) : files.list(name);
    if (listed) return read_directory(name, *listed);
    const auto text = read_text(name);
    if (!text) return;
    const std::string path = path_among_settings(name == kStandardStream ? "standard-input" : name);
    LintFiles alone{with_file(empty_configuration(), path, *text), {}};
    judge(alone, path, name, *text);
    input_.hosts.push_back(std::move(alone));
  }

  void read_directory(const std::string& directory, const std::vector<std::string>& names) {
    LintFiles together{empty_configuration(), {}};
    for (const std::string& name : names) {
      const std::string given =
          fmt::format("{}{}{}", directory, directory.ends_with('/') ? "" : "/", name);
      if (!name.ends_with(".conf")) {
        tell_unread(given);
        continue;
      }
      const auto text = read_text(given);
      if (!text) continue;
      const std::string path = path_among_settings(given);
      together.configuration = with_file(std::move(together.configuration), path, *text);
      judge(together, path, given, *text);
    }
    input_.hosts.push_back(std::move(together));
  }

  /// The text of a file; nothing, with the reason noted, if it is none that can be judged.
  std::optional<std::string> read_text(const std::string& name) {
    auto text = read_named_file(name, kLargestLintedBytes);
    if (!text) {
      input_.failures.push_back(text.error().message);
      return std::nullopt;
    }
    if (text->find('\0') != std::string::npos) {
      input_.failures.push_back(name + " is no text: it holds bytes that are 0");
      return std::nullopt;
    }
    return *std::move(text);
  }

  void judge(LintFiles& files, const std::string& path, const std::string& shown,
             const std::string& text) {
    files.judged.emplace(path, shown);
    input_.texts.emplace(shown, text);
  }

  /// Copies and notes beside the files; a README is none that anybody takes for settings.
  void tell_unread(const std::string& file) {
    if (file.find(".conf") == std::string::npos) return;
    LintRemark& remark = input_.remarks.emplace_back();
    remark.where = {file, 0, 0};
    remark.rule = "unread-file";
    remark.verdict = LintVerdict::kNoEffect;
    remark.severity = LintSeverity::kNote;
    remark.message = "Only files whose name ends in .conf are read.";
    remark.action = "rename the file, or delete it";
  }

  Context& context_;
  LintInput input_;
};

}  // namespace

LintInput read_lint_input(Context& context, const std::vector<std::string>& arguments) {
  return InputReader(context).read(arguments);
}

}  // namespace advisor
