#include "collect/module_loading.h"

#include <fmt/format.h>

#include <string>

#include "base/text.h"
#include "collect/collector.h"
#include "collect/recorded_host.h"

namespace advisor {
namespace {

using Modules = decltype(ModuleLoading::in_time);

/// The files that modules-load.d(5) reads: one of a name masks those in later directories.
std::map<std::string, std::string> files_of(const FileStore& files) {
  std::map<std::string, std::string> path_of;
  for (const std::string directory :
       {"/etc/modules-load.d", "/run/modules-load.d", "/usr/local/lib/modules-load.d",
        "/usr/lib/modules-load.d", "/lib/modules-load.d"}) {
    const auto names = files.list(directory);
    for (const std::string& name : names ? *names : std::vector<std::string>()) {
      if (name.ends_with(".conf")) path_of.emplace(name, fmt::format("{}/{}", directory, name));
    }
  }
  return path_of;
}

void add_named(const FileStore& files, Modules& modules) {
  for (const auto& [name, path] : files_of(files)) {
    const auto text = files.read(path);
    int line = 0;
    for (const std::string_view written : split_lines(text ? std::string_view(*text) : "")) {
      ++line;
      const std::string_view module = trim(written);
      if (module.empty() || module[0] == '#' || module[0] == ';') continue;
      modules.emplace(module_name(module), SourceLocation{path, line, 0});
    }
  }
}

/// "modules_load=nf_conntrack,br_netfilter", also of the initramfs.
void add_of_command_line(const FileStore& files, Modules& modules) {
  const auto text = files.read("/proc/cmdline");
  for (const std::string& word : split_words(text ? std::string_view(*text) : "")) {
    const size_t equals = word.find('=');
    const std::string key = module_name(word.substr(0, equals));
    if (key != "modules_load" && key != "rd.modules_load") continue;
    for (const std::string& module : split(word.substr(equals + 1), ',')) {
      modules.emplace(module_name(module), SourceLocation{"/proc/cmdline", 0, 0});
    }
  }
}

/// What stands between the quotes behind `key`, such as SUBSYSTEM==; empty if it is not there.
std::string_view matched(std::string_view rule, std::string_view key) {
  const size_t at = rule.find(key);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = rule.substr(at + key.size());
  const size_t end = rest.empty() || rest[0] != '"' ? std::string_view::npos : rest.find('"', 1);
  return end == std::string_view::npos ? std::string_view() : rest.substr(1, end - 1);
}

/// Rules as sysctl.d(5) shows one: SUBSYSTEM=="module", KERNEL=="br_netfilter",
/// RUN+="/lib/systemd/systemd-sysctl --prefix=/net/bridge".
void add_of_udev(const FileStore& files, Modules& modules) {
  for (const std::string directory : {"/etc/udev/rules.d", "/run/udev/rules.d"}) {
    const auto names = files.list(directory);
    for (const std::string& name : names ? *names : std::vector<std::string>()) {
      if (!name.ends_with(".rules")) continue;
      const std::string path = fmt::format("{}/{}", directory, name);
      const auto text = files.read(path);
      int line = 0;
      for (const std::string_view rule : split_lines(text ? std::string_view(*text) : "")) {
        ++line;
        const bool carries_out = matched(rule, "SUBSYSTEM==") == "module" && rule[0] != '#' &&
                                 rule.find("sysctl") != std::string::npos;
        const std::string_view module = carries_out ? matched(rule, "KERNEL==") : "";
        if (!module.empty()) modules.emplace(module_name(module), SourceLocation{path, line, 0});
      }
    }
  }
}

/// /proc/modules: "nf_conntrack 172032 2 nf_nat,xt_conntrack, Live 0x0000000000000000".
decltype(ModuleLoading::loaded) loaded_modules(const FileStore& files) {
  const auto text = files.read("/proc/modules");
  if (!text) return std::nullopt;
  decltype(ModuleLoading::loaded) loaded(std::in_place);
  for (const std::string_view line : split_lines(*text)) {
    const std::vector<std::string> words = split_words(line);
    if (words.size() < 4) continue;
    std::vector<std::string>& users = (*loaded)[words[0]];
    for (const std::string& user : split(words[3], ',')) {
      if (!user.empty() && user != "-") users.push_back(user);
    }
  }
  return loaded;
}

}  // namespace

ModuleLoading read_named_modules(const FileStore& files) {
  ModuleLoading modules;
  add_named(files, modules.in_time);
  return modules;
}

std::optional<ModuleLoading> read_module_loading(const FileStore& of_host) {
  if (is_container(of_host).value_or(true)) return std::nullopt;
  const WatchedFiles files(of_host);
  ModuleLoading modules;
  modules.loaded = loaded_modules(files);
  if (!modules.loaded && !files.read("/proc/sys/kernel/modprobe")) return std::nullopt;
  add_named(files, modules.in_time);
  add_of_command_line(files, modules.in_time);
  add_of_udev(files, modules.in_time);
  // A file that this user cannot read may name a module.
  if (!files.failures().empty() || files.met_closed()) return std::nullopt;
  return modules;
}

}  // namespace advisor
