#include "collect/networkd.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "collect/ini_text.h"
#include "collect/recorded_host.h"

namespace advisor {
namespace {

constexpr const char* kProgram = "systemd-networkd";
constexpr const char* kWhen = "when it sets up the interface";

/// A word of a file, and the value that the kernel gets for it.
struct Word {
  const char* written;
  const char* value;
};

constexpr Word kSwitch[] = {{"yes", "1"}, {"true", "1"},  {"on", "1"},  {"1", "1"},
                            {"no", "0"},  {"false", "0"}, {"off", "0"}, {"0", "0"}};
constexpr Word kPrivacy[] = {
    {"yes", "2"}, {"true", "2"}, {"prefer-public", "1"}, {"no", "0"}, {"false", "0"}};
constexpr Word kReversePath[] = {{"no", "0"}, {"strict", "1"}, {"loose", "2"}};

/// One setting of [Network] and the parameter of the interface that it stands for.
struct NetworkSetting {
  const char* key;
  const char* family;     ///< "ipv4" or "ipv6"
  const char* parameter;  ///< the last segment
  const Word* words;
  size_t word_count;
};

template <size_t N>
constexpr NetworkSetting row(const char* key, const char* family, const char* parameter,
                             const Word (&words)[N]) {
  return {key, family, parameter, words, N};
}

constexpr NetworkSetting kSettings[] = {
    row("IPv4Forwarding", "ipv4", "forwarding", kSwitch),
    row("IPv6Forwarding", "ipv6", "forwarding", kSwitch),
    row("IPv6PrivacyExtensions", "ipv6", "use_tempaddr", kPrivacy),
    row("IPv4ProxyARP", "ipv4", "proxy_arp", kSwitch),
    row("IPv6ProxyNDP", "ipv6", "proxy_ndp", kSwitch),
    row("IPv4AcceptLocal", "ipv4", "accept_local", kSwitch),
    row("IPv4RouteLocalnet", "ipv4", "route_localnet", kSwitch),
    row("IPv4ReversePathFilter", "ipv4", "rp_filter", kReversePath),
    // Numbers, which are taken over.
    {"IPv6DuplicateAddressDetection", "ipv6", "dad_transmits", nullptr, 0},
    {"IPv6HopLimit", "ipv6", "hop_limit", nullptr, 0},
    {"IPv6MTUBytes", "ipv6", "mtu", nullptr, 0},
};

/// What it sets for each interface that it manages, whatever its files say.
struct AlwaysSet {
  const char* parameter;
  const char* value;
};
constexpr AlwaysSet kAlways[] = {{"net.ipv6.conf.*.accept_ra", "0"},
                                 {"net.ipv4.conf.*.promote_secondaries", "1"}};

/// The first one that has a file of some name masks it in those that follow.
constexpr const char* kDirectories[] = {"/etc/systemd/network", "/run/systemd/network",
                                        "/usr/local/lib/systemd/network",
                                        "/usr/lib/systemd/network", "/lib/systemd/network"};

bool is_in_use(const FileStore& files) {
  return has_entry(files, "/run/systemd/netif", "state") ||
         has_entry(files, "/etc/systemd/system/multi-user.target.wants",
                   "systemd-networkd.service");
}

std::optional<std::string> value_of(const NetworkSetting& setting, const std::string& written) {
  if (!setting.words) return parse_decimal(written) ? std::optional(written) : std::nullopt;
  for (size_t i = 0; i < setting.word_count; ++i) {
    if (written == setting.words[i].written) return setting.words[i].value;
  }
  return std::nullopt;
}

/// The interface that a file is for, as a segment of a dotted name: `*` if it is not one by name.
std::string interface_of(const std::vector<IniEntry>& entries) {
  std::vector<std::string> names;
  for (const IniEntry& entry : entries) {
    if (entry.section != "Match") continue;
    if (entry.key != "Name") return "*";
    for (const std::string& name : split_words(entry.value)) names.push_back(name);
  }
  const bool literal = names.size() == 1 && names[0].find_first_of("*?[!") == std::string::npos;
  if (!literal) return "*";
  std::replace(names[0].begin(), names[0].end(), '.', '/');
  return names[0];
}

class NetworkdReader {
 public:
  void add_network(const std::string& path, const std::vector<IniEntry>& entries) {
    const std::string interface = interface_of(entries);
    for (const IniEntry& entry : entries) {
      if (entry.section != "Network") continue;
      add_forwarding(path, entry);
      for (const NetworkSetting& setting : kSettings) {
        if (entry.key == setting.key) add(path, entry, setting, interface);
      }
    }
    for (const AlwaysSet& always : kAlways) {
      std::string parameter = always.parameter;
      parameter.replace(parameter.find('*'), 1, interface);
      found_.push_back({kProgram, parameter, always.value, {path, 0, 0}, false, kWhen});
    }
  }

  /// networkd.conf: forwarding of all interfaces, and the default of their privacy extensions.
  void add_global(const std::string& path, const std::vector<IniEntry>& entries) {
    for (const IniEntry& entry : entries) {
      if (entry.section != "Network") continue;
      for (const NetworkSetting& setting : kSettings) {
        if (entry.key != setting.key) continue;
        if (std::string_view(setting.parameter) == "forwarding") {
          for (const char* interface : {"all", "default"}) add(path, entry, setting, interface);
          if (std::string_view(setting.family) == "ipv4") {
            found_.push_back({kProgram,
                              "net.ipv4.ip_forward",
                              value_of(setting, entry.value),
                              {path, entry.line, 0},
                              true,
                              kWhen});
          }
        } else if (std::string_view(setting.parameter) == "use_tempaddr") {
          add(path, entry, setting, "*");
        }
      }
    }
  }

  std::vector<OtherSetting> found() { return std::move(found_); }

 private:
  void add(const std::string& path, const IniEntry& entry, const NetworkSetting& setting,
           const std::string& interface) {
    found_.push_back(
        {kProgram, join({"net", setting.family, "conf", interface, setting.parameter}, "."),
         value_of(setting, entry.value), SourceLocation{path, entry.line, 0}, true, kWhen});
  }

  /// Both set forwarding of the whole host before systemd 256, and of the interface since.
  void add_forwarding(const std::string& path, const IniEntry& entry) {
    if (entry.key != "IPForward" && entry.key != "IPMasquerade") return;
    const bool off = entry.value == "no" || entry.value == "false" || entry.value == "0";
    if (off && entry.key == "IPMasquerade") return;
    const std::string value = off ? "0" : "1";
    if (entry.value != "ipv6") {
      found_.push_back(
          {kProgram, "net.ipv4.ip_forward", value, {path, entry.line, 0}, false, kWhen});
    }
    if (entry.value == "ipv6" || entry.value == "both" || entry.key == "IPForward") {
      if (entry.value == "ipv4") return;
      found_.push_back(
          {kProgram, "net.ipv6.conf.all.forwarding", value, {path, entry.line, 0}, false, kWhen});
    }
  }

  std::vector<OtherSetting> found_;
};

}  // namespace

std::vector<OtherSetting> read_networkd_settings(const FileStore& files) {
  if (!is_in_use(files)) return {};
  NetworkdReader reader;
  const std::string global = "/etc/systemd/networkd.conf";
  if (const auto text = files.read(global)) {
    reader.add_global(global, parse_ini(*text, InlineComments::kNone));
  }
  std::map<std::string, std::string> directory_of;
  for (const std::string directory : kDirectories) {
    const auto names = files.list(directory);
    for (const std::string& name : names ? *names : std::vector<std::string>()) {
      if (name.ends_with(".network")) directory_of.emplace(name, directory);
    }
  }
  for (const auto& [name, directory] : directory_of) {
    const std::string path = join({directory, name}, "/");
    const auto text = files.read(path);
    if (text && !text->empty()) {
      reader.add_network(path, parse_ini(*text, InlineComments::kNone));
    }
  }
  return reader.found();
}

}  // namespace advisor
