#include "collect/conf_files.h"

#include "base/text.h"
#include "collect/boot_unit.h"
#include "collect/module_loading.h"
#include "collect/recorded_host.h"
#include "collect/tuned.h"
#include "sysctld/reading_order.h"

namespace advisor {
namespace {

/// A unit that is an empty file or a link to /dev/null is never started.
bool is_masked_unit(const FileStore& files, const std::string& unit) {
  for (const std::string directory : {"/etc/systemd/system/", "/run/systemd/system/"}) {
    const auto text = files.read(directory + unit);
    if (text) return text->empty();
  }
  return false;
}

void conclude_loader(const FileStore& of_host, Configuration& configuration) {
  const WatchedFiles files(of_host);
  const bool has_systemd_sysctl = has_entry(files, "/usr/lib/systemd", "systemd-sysctl") ||
                                  has_entry(files, "/lib/systemd", "systemd-sysctl");
  if (systemd_runs(files)) {
    if (!has_systemd_sysctl) {
      configuration.at_boot_because = "systemd runs this host, but systemd-sysctl is not installed";
    } else if (is_masked_unit(files, "systemd-sysctl.service")) {
      configuration.at_boot_because = "systemd-sysctl.service is masked";
    } else {
      configuration.at_boot = SysctlLoader::kSystemd;
      configuration.at_boot_because = "systemd runs this host, and systemd-sysctl is installed";
    }
  } else if (!has_systemd_sysctl && has_entry(files, "/etc/init.d", "procps")) {
    configuration.at_boot = SysctlLoader::kProcps;
    configuration.at_boot_because = "/etc/init.d/procps is there, and systemd is not";
  } else {
    configuration.at_boot_because =
        "systemd does not run this host, and nothing tells what else reads these files";
  }
  if (files.failures().empty()) return;
  configuration.at_boot.reset();
  configuration.at_boot_because = "that cannot be told: " + files.failures().front();
}

}  // namespace

Configuration read_configuration(const FileStore& files) {
  Configuration configuration;
  for (const std::string directory : sysctl_directories()) {
    auto names = files.list(directory);
    for (const std::string& name : names ? *names : std::vector<std::string>()) {
      const std::string path = join({directory, name}, "/");
      if (name.ends_with(".conf")) configuration.texts.emplace(path, files.read(path));
    }
    configuration.directories.emplace(directory, std::move(names));
  }
  const std::string last(kLastOfProcps);
  configuration.texts.emplace(last, files.read(last));
  conclude_loader(files, configuration);
  configuration.tuned = read_tuned_run(files);
  configuration.modules = read_module_loading(files);
  return configuration;
}

PersistentSettings read_persistent_settings(const FileStore& files, const SysctlTree& tree) {
  return settings_of(read_configuration(files), tree);
}

}  // namespace advisor
