#include "sysctld/configuration.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <iterator>

#include "sysctld/precedence.h"
#include "sysctld/reading_order.h"

namespace advisor {
namespace {

void remark(PersistentSettings& persistent, const std::string& path, const std::string& message,
            const std::string& hint = "") {
  persistent.remarks.push_back({DiagnosticSeverity::kWarning, {path, 0, 0}, message, hint, ""});
}

/// The paths of the files that are not masked, in byte order of their names.
std::vector<std::string> unmasked_files(const Configuration& configuration,
                                        PersistentSettings& persistent) {
  std::map<std::string, std::string> path_of;
  for (const std::string directory : sysctl_directories()) {
    const auto listed = configuration.directories.find(directory);
    if (listed == configuration.directories.end()) continue;
    const auto& names = listed->second;
    if (!names) {
      if (names.error().os_error == ENOENT) continue;
      remark(persistent, directory, names.error().message);
      persistent.unread.push_back(persistent.remarks.back());
      continue;
    }
    for (const std::string& name : *names) {
      if (name.ends_with(".conf")) path_of.emplace(name, fmt::format("{}/{}", directory, name));
    }
  }
  std::vector<std::string> paths;
  for (auto& [name, path] : path_of) paths.push_back(std::move(path));
  return paths;
}

void remark_unread(const std::string& path, const Error& error, PersistentSettings& persistent) {
  if (error.kind == ErrorKind::kNotFound) {
    remark(persistent, path,
           "this link leads nowhere, and hides files of its name in lower directories",
           "link it to /dev/null if that is meant");
    return;
  }
  remark(persistent, path, error.message + "; what it sets is unknown",
         error.kind == ErrorKind::kDenied ? "run this as root" : "");
  // The loaders fail on what is no regular file as well.
  if (error.kind != ErrorKind::kRejected) persistent.unread.push_back(persistent.remarks.back());
}

/// Takes the files apart, one after the other.
class ConfReader {
 public:
  explicit ConfReader(PersistentSettings& persistent) : persistent_(persistent) {}

  void add(const std::string& path, const std::string& text) {
    ConfText parsed = parse_conf_text(path, text);
    const bool is_repeated = std::ranges::find(texts_, text) != texts_.end();
    if (!is_repeated) {
      std::ranges::move(parsed.malformed, std::back_inserter(persistent_.remarks));
      texts_.push_back(text);
    }
    files_.push_back({path, std::move(parsed.lines), readers_of(path), is_repeated});
  }

  const std::vector<ConfFile>& files() const { return files_; }

 private:
  PersistentSettings& persistent_;
  std::vector<std::string> texts_;
  std::vector<ConfFile> files_;
};

}  // namespace

Configuration with(Configuration configuration, const FileChange& proposed) {
  const size_t slash = proposed.path.rfind('/');
  const std::string name = proposed.path.substr(slash + 1);
  if (proposed.after) {
    configuration.texts.insert_or_assign(proposed.path, *proposed.after);
  } else {
    configuration.texts.erase(proposed.path);
  }
  const auto listed = configuration.directories.find(proposed.path.substr(0, slash));
  if (listed == configuration.directories.end()) return configuration;
  auto& names = listed->second;
  if (!names && names.error().kind != ErrorKind::kNotFound) return configuration;
  std::vector<std::string> planned = names ? *names : std::vector<std::string>();
  std::erase(planned, name);
  if (proposed.after) planned.push_back(name);
  names = std::move(planned);
  return configuration;
}

PersistentSettings settings_of(const Configuration& configuration, const ParameterNames& names) {
  PersistentSettings persistent;
  persistent.at_boot = configuration.at_boot;
  persistent.at_boot_because = configuration.at_boot_because;
  persistent.tuned = configuration.tuned;
  persistent.modules = configuration.modules;
  std::vector<std::string> paths = unmasked_files(configuration, persistent);
  paths.emplace_back(kLastOfProcps);
  ConfReader reader(persistent);
  for (const std::string& path : paths) {
    const auto text = configuration.texts.find(path);
    if (text == configuration.texts.end()) continue;
    if (text->second) {
      reader.add(path, *text->second);
    } else if (path != kLastOfProcps || text->second.error().kind != ErrorKind::kNotFound) {
      remark_unread(path, text->second.error(), persistent);
    }
  }
  add_settings(reader.files(), names, persistent);
  return persistent;
}

}  // namespace advisor
