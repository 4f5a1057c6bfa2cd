#include "collect/other_writers.h"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

#include "base/text.h"
#include "collect/ini_text.h"
#include "collect/networkd.h"
#include "collect/recorded_host.h"
#include "collect/tuned.h"
#include "sysctld/conf_line.h"

namespace advisor {
namespace {

/// One parameter that a program usually sets.
struct UsualSetting {
  const char* parameter;  ///< with `*` for each interface
  const char* value;      ///< empty: that depends
};

/// A program that sets parameters by what is compiled into it.
struct UsualWriter {
  const char* program;
  /// The program is taken to be in use if one of these is there.
  std::vector<const char*> signs;
  /// The program is passed over if this file has this text, blanks left out.
  const char* unless_file;
  const char* unless_text;
  std::vector<UsualSetting> settings;
  bool on_nodes = false;  ///< it runs on nodes of Kubernetes, and nowhere else
};

/// kubelet: setupKernelTunables(). kube-proxy: its conntrack options and local node ports. Cilium:
/// the agent's base settings. Docker: --ip-forward. NetworkManager: it handles IPv6 itself.
const UsualWriter kUsualWriters[] = {
    {"kubelet",
     {"/var/lib/kubelet/config.yaml", "/etc/kubernetes/kubelet.conf",
      "/etc/systemd/system/kubelet.service", "/usr/lib/systemd/system/kubelet.service"},
     "/var/lib/kubelet/config.yaml",
     "protectKernelDefaults:true",
     {{"vm.overcommit_memory", "1"},
      {"vm.panic_on_oom", "0"},
      {"kernel.panic", "10"},
      {"kernel.panic_on_oops", "1"},
      {"kernel.keys.root_maxkeys", "1000000"},
      {"kernel.keys.root_maxbytes", "25000000"}},
     true},
    {"kube-proxy",
     {"/var/lib/kube-proxy", "/etc/systemd/system/kube-proxy.service",
      "/etc/kubernetes/kubelet.conf"},
     "",
     "",
     {{"net.netfilter.nf_conntrack_max", ""},
      {"net.netfilter.nf_conntrack_tcp_timeout_established", "86400"},
      {"net.netfilter.nf_conntrack_tcp_timeout_close_wait", "3600"},
      {"net.ipv4.conf.all.route_localnet", "1"}},
     true},
    {"Cilium",
     {"/etc/cni/net.d/05-cilium.conflist", "/etc/cni/net.d/05-cilium.conf"},
     "",
     "",
     {{"net.core.bpf_jit_enable", "1"},
      {"net.ipv4.conf.all.rp_filter", "0"},
      {"net.ipv4.fib_multipath_use_neigh", "1"},
      {"kernel.unprivileged_bpf_disabled", "1"},
      {"kernel.timer_migration", "0"}},
     true},
    {"Docker",
     {"/etc/docker/daemon.json", "/etc/systemd/system/docker.service",
      "/usr/lib/systemd/system/docker.service", "/lib/systemd/system/docker.service",
      "/etc/init.d/docker"},
     "/etc/docker/daemon.json",
     "\"ip-forward\":false",
     {{"net.ipv4.ip_forward", "1"}}},
    {"NetworkManager",
     {"/run/NetworkManager", "/etc/systemd/system/multi-user.target.wants/NetworkManager.service"},
     "",
     "",
     {{"net.ipv6.conf.*.accept_ra", "0"},
      {"net.ipv6.conf.*.addr_gen_mode", ""},
      {"net.ipv6.conf.*.disable_ipv6", ""},
      {"net.ipv6.conf.*.hop_limit", ""},
      {"net.ipv6.conf.*.mtu", ""},
      {"net.ipv6.conf.*.use_tempaddr", ""}}},
};

bool is_there(const FileStore& files, const std::string& path) {
  const size_t slash = path.rfind('/');
  const auto names = files.list(path.substr(0, slash));
  return names && std::find(names->begin(), names->end(), path.substr(slash + 1)) != names->end();
}

bool has_text(const FileStore& files, const std::string& path, const std::string& wanted) {
  if (path.empty()) return false;
  const auto text = files.read(path);
  return text && join(split_words(*text), "").find(wanted) != std::string::npos;
}

/// The first sign of the program that is there; null if none is.
const char* sign_of(const UsualWriter& writer, const FileStore& files) {
  const auto sign =
      std::ranges::find_if(writer.signs, [&](const char* path) { return is_there(files, path); });
  return sign == writer.signs.end() ? nullptr : *sign;
}

void add_usual(const FileStore& files, std::vector<OtherSetting>& found) {
  for (const UsualWriter& writer : kUsualWriters) {
    const char* sign = sign_of(writer, files);
    if (!sign) continue;
    if (has_text(files, writer.unless_file, writer.unless_text)) continue;
    for (const UsualSetting& usual : writer.settings) {
      const std::string value = usual.value;
      found.push_back({writer.program, usual.parameter,
                       value.empty() ? std::nullopt : std::optional(value),
                       SourceLocation{sign, 0, 0}, false, "when it runs"});
    }
  }
}

/// The value of the last assignment to a variable in a file that a shell reads.
std::string shell_value(const FileStore& files, const std::string& path, const std::string& key) {
  const auto text = files.read(path);
  std::string value;
  if (!text) return value;
  for (const IniEntry& entry : parse_ini(*text, InlineComments::kAfterBlank)) {
    if (entry.key == key) value = entry.value;
  }
  return value;
}

/// ufw hands a file of its own to `sysctl -p`.
void add_ufw(const WatchedFiles& files, const SysctlTree& tree, std::vector<OtherSetting>& found) {
  const std::string enabled = shell_value(files, "/etc/ufw/ufw.conf", "ENABLED");
  if (enabled != "yes" && enabled != "YES") return;
  const std::string path = shell_value(files, "/etc/default/ufw", "IPT_SYSCTL");
  if (!path.starts_with('/') || path.find("..") != std::string::npos) return;
  const auto text = files.read(path);
  if (!text) return;
  std::map<ParameterName, const ConfLine*> last;
  const ConfText parsed = parse_conf_text(path, *text);
  for (const ConfLine& line : parsed.lines) {
    if (!line.value || !line.read_by.procps) continue;
    if (line.is_glob()) {
      const auto names = tree.matching(line.key);
      if (!names) files.note(names.error());
      for (const ParameterName& name : names ? *names : std::vector<ParameterName>()) {
        last[name] = &line;
      }
    } else if (const auto name = parameter_of(line.key)) {
      last[*name] = &line;
    }
  }
  for (const auto& [name, line] : last) {
    found.push_back({"ufw", std::string(name.dotted()), line->value,
                     SourceLocation{path, line->line, 0}, true, "when it starts or is reloaded"});
  }
}

/// The names under /proc/sys that a line of any text mentions, each with what is assigned to it.
void add_mentions(const std::string& path, std::string_view text,
                  std::vector<OtherSetting>& found) {
  constexpr const char* kTrees[] = {"net", "vm", "kernel", "fs", "user"};
  int number = 0;
  for (const std::string_view written : split_lines(text)) {
    ++number;
    const std::string_view line = trim(written);
    const size_t equals = line.find('=');
    if (line.starts_with('#') || equals == std::string_view::npos) continue;
    const std::string before(trim(line.substr(0, equals)));
    const std::string word = before.substr(before.find_last_of(" \t\"'[-") + 1);
    const size_t first = word.find_first_of("./");
    const bool in_a_tree = first != std::string::npos &&
                           std::any_of(std::begin(kTrees), std::end(kTrees), [&](const char* tree) {
                             return word.substr(0, first) == tree;
                           });
    const auto name = in_a_tree ? ParameterName::parse(word) : std::nullopt;
    if (!name) continue;
    const std::string_view behind = trim(line.substr(equals + 1));
    const std::string_view value = trim(behind.substr(0, behind.find_first_of("\"'];&|#")));
    found.push_back({"cloud-init", std::string(name->dotted()), std::string(value),
                     SourceLocation{path, number, 0}, false, "when an instance is set up"});
  }
}

/// cloud-init has no option for parameters: they stand in commands and in files to be written.
void add_cloud_init(const FileStore& files, std::vector<OtherSetting>& found) {
  std::vector<std::string> paths = {"/var/lib/cloud/instance/user-data.txt",
                                    "/var/lib/cloud/instance/vendor-data.txt",
                                    "/etc/cloud/cloud.cfg"};
  const std::string directory = "/etc/cloud/cloud.cfg.d";
  const auto names = files.list(directory);
  for (const std::string& name : names ? *names : std::vector<std::string>()) {
    if (name.ends_with(".cfg")) paths.push_back(join({directory, name}, "/"));
  }
  for (const std::string& path : paths) {
    if (const auto text = files.read(path)) add_mentions(path, *text, found);
  }
}

/// Whether there is something of one of these names, directories as well; nothing if that is closed
/// to us. Cheaper than a look through the directories, which may hold hundreds of names.
template <typename Paths>
std::optional<bool> answers_one_of(const FileStore& files, const Paths& paths) {
  bool is_told = true;
  for (const char* path : paths) {
    const auto text = files.read(path);
    const bool is_closed = !text && text.error().kind == ErrorKind::kDenied;
    if (!is_closed && (text || text.error().kind != ErrorKind::kNotFound)) return true;
    is_told &= !is_closed;
  }
  return is_told ? std::optional(false) : std::nullopt;
}

}  // namespace

std::optional<bool> is_kubernetes_node(const FileStore& files) {
  std::vector<const char*> signs;
  for (const UsualWriter& writer : kUsualWriters) {
    if (writer.on_nodes) signs.insert(signs.end(), writer.signs.begin(), writer.signs.end());
  }
  return answers_one_of(files, signs);
}

std::optional<bool> has_container_engine(const FileStore& files) {
  constexpr std::array kSigns{"/run/containerd", "/run/docker.sock", "/run/podman",
                              "/etc/cni/net.d",  "/run/crio",        "/etc/docker/daemon.json"};
  return answers_one_of(files, kSigns);
}

std::vector<OtherSetting> read_other_settings(const FileStore& of_host, const SysctlTree& tree,
                                              std::vector<std::string>& unread) {
  const WatchedFiles files(of_host);
  std::vector<OtherSetting> found = read_tuned_settings(files);
  add_ufw(files, tree, found);
  for (OtherSetting& setting : read_networkd_settings(files)) found.push_back(std::move(setting));
  add_cloud_init(files, found);
  add_usual(files, found);
  unread = files.failures();
  return found;
}

}  // namespace advisor
