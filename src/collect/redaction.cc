#include "collect/redaction.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <string_view>

#include "base/text.h"
#include "sysctld/conf_line.h"

namespace advisor {
namespace {

constexpr std::string_view kTellsWhose[] = {"kernel.hostname", "kernel.domainname", kBootId,
                                            "kernel.random.uuid"};

bool tells_whose(std::string_view dotted) {
  return std::ranges::find(kTellsWhose, dotted) != std::end(kTellsWhose);
}

std::string last_segment(const std::string& name, char separator) {
  return name.substr(name.rfind(separator) + 1);
}

bool is_comment(std::string_view line) {
  const std::string_view text = trim(line);
  return !text.empty() && (text[0] == '#' || text[0] == ';');
}

/// Which values of sysctl.d files are left out: those of parameters whose last segment is among
/// these. A pattern is taken for all that it may match.
using LastSegments = std::set<std::string>;

bool names_one_of(const ConfLine& line, const LastSegments& segments) {
  const std::string pattern = last_segment(line.key, '/');
  return std::any_of(segments.begin(), segments.end(),
                     [&](const std::string& segment) { return matches_glob(pattern, segment); });
}

/// The text of a sysctl.d file, each line still where it was.
std::string redacted_conf(const std::string& path, const std::string& text,
                          const LastSegments& segments, bool keep_comments) {
  std::set<int> hidden;
  for (const ConfLine& line : parse_conf_text(path, text).lines) {
    if (line.value && names_one_of(line, segments)) hidden.insert(line.line);
  }
  std::string redacted;
  int number = 0;
  for (const std::string_view line : split_lines(text)) {
    ++number;
    const size_t equals = line.find('=');
    if (is_comment(line)) {
      redacted += keep_comments ? line : "#";
    } else if (hidden.contains(number)) {
      redacted += std::string(line.substr(0, equals)) + "= " + kLeftOut;
    } else if (equals == std::string_view::npos && !trim(line).starts_with('-')) {
      // A line that is no setting is left out as well: it may have been meant as one.
      redacted += trim(line).empty() ? "" : kLeftOut;
    } else {
      redacted += line;
    }
    redacted += '\n';
  }
  if (!text.ends_with('\n') && !redacted.empty()) redacted.pop_back();
  return redacted;
}

void redact_files(FileRecord& files, const LastSegments& segments, const std::string& drop_in) {
  for (auto& [path, text] : files.texts) {
    if (!text) continue;
    if (path.ends_with(".conf")) {
      *text = redacted_conf(path, *text, segments, path == drop_in);
    } else if (!text->empty()) {
      *text = kLeftOut;
    }
  }
}

/// Whether a name in a directory is one that conf_files asks for.
bool tells_of_sysctl_d(const std::string& name) {
  return name.ends_with(".conf") || name == "systemd-sysctl" || name == "procps";
}

void leave_out(Snapshot& snapshot, const ParameterName& name, const char* why) {
  const auto found = snapshot.parameters.find(name);
  if (found == snapshot.parameters.end() || !found->second) return;
  found->second =
      Error{ErrorKind::kDenied,
            fmt::format("cannot read {}: the snapshot leaves it out, {}", name.dotted(), why), 0};
}

/// Gives each address another one, always the same.
class AddressBook {
 public:
  void replace(IpAddress& address) {
    if (address.is_loopback() || address == IpAddress() || is_unspecified_v6(address)) return;
    auto& numbers = address.is_v4() ? v4_ : v6_;
    const uint32_t number = numbers.emplace(address, uint32_t(numbers.size() + 1)).first->second;
    address = address.is_v4() ? private_v4(number) : documentation_v6(number);
  }

 private:
  static bool is_unspecified_v6(const IpAddress& address) {
    const std::array<uint8_t, 16> zeros{};
    return address == IpAddress::v6(zeros.data());
  }
  /// Of 10.0.0.0/8, RFC 1918.
  static IpAddress private_v4(uint32_t number) {
    const std::array<uint8_t, 4> bytes{10, uint8_t(number >> 16), uint8_t(number >> 8),
                                       uint8_t(number)};
    return IpAddress::v4(bytes.data());
  }
  /// Of 2001:db8::/32, RFC 3849.
  static IpAddress documentation_v6(uint32_t number) {
    std::array<uint8_t, 16> bytes{0x20, 0x01, 0x0d, 0xb8};
    for (int i = 0; i < 4; ++i) bytes[size_t(15 - i)] = uint8_t(number >> (8 * i));
    return IpAddress::v6(bytes.data());
  }

  std::map<IpAddress, uint32_t> v4_;
  std::map<IpAddress, uint32_t> v6_;
};

/// The text of a sysctl.d file without the lines that set, or may set, what tells whose host it is;
/// each other line still where it was.
std::string without_telling_lines(const std::string& path, const std::string& text) {
  std::set<int> telling;
  for (const ConfLine& line : parse_conf_text(path, text).lines) {
    const auto is_meant = [&](std::string_view name) {
      return matches_glob(line.key, ParameterName::parse(name)->path());
    };
    if (std::ranges::any_of(kTellsWhose, is_meant)) telling.insert(line.line);
  }
  std::string kept;
  int number = 0;
  for (const std::string_view line : split_lines(text)) {
    kept.append(telling.contains(++number) ? "#" : line).append("\n");
  }
  return kept;
}

}  // namespace

bool tells_whose_host(const ParameterName& name) {
  return tells_whose(name.dotted());
}

void leave_out_secrets(HostRecord& record, const Catalogue& catalogue, const std::string& drop_in) {
  LastSegments segments;
  for (const std::string& key : catalogue.keys()) {
    const auto name = ParameterName::parse(key);
    const ParameterInfo* info = name ? catalogue.find(*name) : nullptr;
    if (info && info->secret) segments.insert(last_segment(key, '.'));
  }
  for (const auto& [name, reading] : record.snapshot.parameters) {
    const ParameterInfo* info = catalogue.find(name);
    if (info && info->secret) leave_out(record.snapshot, name, "since it is a secret");
  }
  redact_files(record.boot_files, segments, drop_in);
  for (auto& [path, names] : record.boot_files.listings) {
    if (names) std::erase_if(*names, [](const std::string& n) { return !tells_of_sysctl_d(n); });
  }
  for (OtherSetting& other : record.others) {
    if (segments.contains(last_segment(other.parameter, '.'))) other.value.reset();
  }
}

void anonymize(HostRecord& record) {
  record.anonymized = true;
  anonymize(record.snapshot);
  LastSegments segments;
  for (const std::string_view name : kTellsWhose) {
    segments.insert(last_segment(std::string(name), '.'));
  }
  redact_files(record.boot_files, segments, "");
  anonymize(record.others);
}

void anonymize(std::vector<OtherSetting>& others) {
  for (OtherSetting& other : others) {
    if (tells_whose(other.parameter)) other.value.reset();
  }
}

void anonymize(Configuration& configuration) {
  for (auto& [path, text] : configuration.texts) {
    if (text) *text = without_telling_lines(path, *text);
  }
  if (!configuration.tuned) return;
  std::erase_if(configuration.tuned->own, [](const PersistentSetting& setting) {
    return tells_whose_host(setting.parameter);
  });
}

void anonymize(Snapshot& snapshot) {
  snapshot.host.name = kAnonymizedName;
  for (const std::string_view name : kTellsWhose) {
    leave_out(snapshot, *ParameterName::parse(name), "since it is anonymized");
  }
  if (snapshot.kernel_log) {
    for (KernelLogHint& hint : *snapshot.kernel_log) hint.line = kLeftOut;
  }
  AddressBook addresses;
  if (snapshot.datagrams) {
    for (DatagramSocket& socket : snapshot.datagrams->dropping) addresses.replace(socket.address);
  }
  if (!snapshot.sockets) return;
  for (DestinationLoad& load : snapshot.sockets->destinations) {
    addresses.replace(load.destination.source);
    addresses.replace(load.destination.address);
  }
  for (ListenerLoad& listener : snapshot.sockets->listeners) addresses.replace(listener.address);
}

}  // namespace advisor
