#include "collect/conf_files.h"

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <map>

#include "base/text.h"
#include "collect/recorded_host.h"
#include "sysctld/precedence.h"
#include "sysctld/reading_order.h"

namespace advisor {
namespace {

void remark(PersistentSettings& persistent, const std::string& path, const std::string& message,
            const std::string& hint = "") {
  persistent.remarks.push_back({DiagnosticSeverity::kWarning, {path, 0, 0}, message, hint, ""});
}

/// The files of a host, one of them perhaps as it is proposed.
class ConfSources {
 public:
  ConfSources(const FileStore& files, const FileChange* proposed)
      : files_(files), proposed_(proposed) {}

  Result<std::string> read(const std::string& path) const {
    if (!proposed_ || proposed_->path != path) return files_.read(path);
    if (proposed_->after) return *proposed_->after;
    return Error{ErrorKind::kNotFound, path + " is not there", ENOENT};
  }

  Result<std::vector<std::string>> list(const std::string& directory) const {
    auto names = files_.list(directory);
    const size_t slash = proposed_ ? proposed_->path.rfind('/') : 0;
    if (!proposed_ || proposed_->path.substr(0, slash) != directory) return names;
    if (!names && names.error().kind != ErrorKind::kNotFound) return names;
    std::vector<std::string> planned = names ? std::move(*names) : std::vector<std::string>();
    const std::string name = proposed_->path.substr(slash + 1);
    std::erase(planned, name);
    if (proposed_->after) planned.push_back(name);
    return planned;
  }

 private:
  const FileStore& files_;
  const FileChange* proposed_;
};

/// The files that are not masked, by name in byte order, with their directories.
std::map<std::string, std::string> unmasked_files(const ConfSources& files,
                                                  PersistentSettings& persistent) {
  std::map<std::string, std::string> directory_of;
  for (const std::string directory : sysctl_directories()) {
    const auto names = files.list(directory);
    if (!names) {
      if (names.error().os_error != ENOENT) {
        remark(persistent, directory, names.error().message);
        persistent.unread.push_back(persistent.remarks.back());
      }
      continue;
    }
    for (const std::string& name : *names) {
      if (name.ends_with(".conf")) directory_of.emplace(name, directory);
    }
  }
  return directory_of;
}

/// Reads the files one after the other.
class ConfReader {
 public:
  ConfReader(const ConfSources& files, PersistentSettings& persistent)
      : files_(files), persistent_(persistent) {}

  void read(const std::string& path, bool may_be_missing) {
    const auto text = files_.read(path);
    if (!text) {
      if (text.error().kind != ErrorKind::kNotFound || !may_be_missing)
        remark_unread(path, text.error());
      return;
    }
    ConfText parsed = parse_conf_text(path, *text);
    const bool is_repeated = std::find(texts_.begin(), texts_.end(), *text) != texts_.end();
    if (!is_repeated) {
      std::move(parsed.malformed.begin(), parsed.malformed.end(),
                std::back_inserter(persistent_.remarks));
      texts_.push_back(*text);
    }
    read_.push_back({path, std::move(parsed.lines), readers_of(path), is_repeated});
  }

  const std::vector<ConfFile>& read() const { return read_; }

 private:
  void remark_unread(const std::string& path, const Error& error) {
    if (error.kind == ErrorKind::kNotFound) {
      remark(persistent_, path,
             "this link leads nowhere, and hides files of its name in lower directories",
             "link it to /dev/null if that is meant");
      return;
    }
    remark(persistent_, path, error.message + "; what it sets is unknown",
           error.kind == ErrorKind::kDenied ? "run this as root" : "");
    // What is no file the loaders cannot read either.
    if (error.kind != ErrorKind::kRejected) {
      persistent_.unread.push_back(persistent_.remarks.back());
    }
  }

  const ConfSources& files_;
  PersistentSettings& persistent_;
  std::vector<std::string> texts_;
  std::vector<ConfFile> read_;
};

/// A unit that is an empty file or a link to /dev/null is never started.
bool is_masked_unit(const FileStore& files, const std::string& unit) {
  for (const std::string directory : {"/etc/systemd/system/", "/run/systemd/system/"}) {
    const auto text = files.read(directory + unit);
    if (text) return text->empty();
  }
  return false;
}

void conclude_loader(const FileStore& of_host, PersistentSettings& persistent) {
  const WatchedFiles files(of_host);
  const bool has_systemd_sysctl = has_entry(files, "/usr/lib/systemd", "systemd-sysctl") ||
                                  has_entry(files, "/lib/systemd", "systemd-sysctl");
  // The test of sd_booted(3).
  const bool runs_systemd = bool(files.list("/run/systemd/system"));
  if (runs_systemd) {
    if (!has_systemd_sysctl) {
      persistent.at_boot_because = "systemd runs this host, but systemd-sysctl is not installed";
    } else if (is_masked_unit(files, "systemd-sysctl.service")) {
      persistent.at_boot_because = "systemd-sysctl.service is masked";
    } else {
      persistent.at_boot = SysctlLoader::kSystemd;
      persistent.at_boot_because = "systemd runs this host, and systemd-sysctl is installed";
    }
  } else if (!has_systemd_sysctl && has_entry(files, "/etc/init.d", "procps")) {
    persistent.at_boot = SysctlLoader::kProcps;
    persistent.at_boot_because = "/etc/init.d/procps is there, and systemd is not";
  } else {
    persistent.at_boot_because =
        "systemd does not run this host, and nothing tells what else reads these files";
  }
  if (files.failures().empty()) return;
  persistent.at_boot.reset();
  persistent.at_boot_because = "that cannot be told: " + files.failures().front();
}

PersistentSettings read_settings(const FileStore& store, const SysctlTree& tree,
                                 const FileChange* proposed) {
  const ConfSources files(store, proposed);
  PersistentSettings persistent;
  ConfReader reader(files, persistent);
  for (const auto& [name, directory] : unmasked_files(files, persistent)) {
    reader.read(join({directory, name}, "/"), false);
  }
  reader.read(std::string(kLastOfProcps), true);
  add_settings(reader.read(), tree, persistent);
  conclude_loader(store, persistent);
  return persistent;
}

}  // namespace

PersistentSettings read_persistent_settings(const FileStore& files, const SysctlTree& tree) {
  return read_settings(files, tree, nullptr);
}

PersistentSettings read_persistent_settings(const FileStore& files, const SysctlTree& tree,
                                            const FileChange& proposed) {
  return read_settings(files, tree, &proposed);
}

}  // namespace advisor
