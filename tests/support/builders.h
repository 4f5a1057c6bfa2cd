#pragma once

#include <arpa/inet.h>

#include <map>
#include <optional>
#include <ostream>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "load/catalogue_parser.h"
#include "load/embedded.h"
#include "load/packed_files.h"
#include "load/profile_set.h"
#include "model/catalogue.h"
#include "model/plan.h"
#include "model/snapshot.h"
#include "model/socket_load_builder.h"

namespace advisor::testing {

inline ParameterName name(std::string_view text) {
  return ParameterName::parse(text).value();
}

inline ParameterValue value(std::string_view text) {
  return ParameterValue(text);
}

inline Change change(std::string_view parameter, std::string_view before, std::string_view after,
                     std::string because = "test-rule") {
  return {name(parameter), value(before), value(after), std::move(because)};
}

inline IpAddress address(const std::string& text) {
  uint8_t bytes[16] = {};
  if (inet_pton(AF_INET, text.c_str(), bytes) == 1) return IpAddress::v4(bytes);
  inet_pton(AF_INET6, text.c_str(), bytes);
  return IpAddress::v6(bytes);
}

inline SocketRow listener_row(int port, uint32_t waiting = 0, std::optional<uint32_t> backlog = 128,
                              const std::string& at = "0.0.0.0") {
  SocketRow row;
  row.state = TcpState::kListen;
  row.source = address(at);
  row.source_port = uint16_t(port);
  row.waiting = waiting;
  row.backlog = backlog;
  return row;
}

/// A socket of 10.0.0.1, by default towards 10.0.0.5:8080.
inline SocketRow socket_row(TcpState state, int local_port,
                            const std::string& destination = "10.0.0.5", int port = 8080) {
  SocketRow row;
  row.state = state;
  row.source = address("10.0.0.1");
  row.source_port = uint16_t(local_port);
  row.destination = address(destination);
  row.destination_port = uint16_t(port);
  return row;
}

inline SocketRow time_wait_row(int local_port, double expires_in_seconds,
                               const std::string& destination = "10.0.0.5", int port = 8080) {
  SocketRow row = socket_row(TcpState::kTimeWait, local_port, destination, port);
  row.expires_in_seconds = expires_in_seconds;
  return row;
}

/// The rows summed up.
inline SocketLoad load_of(const std::vector<SocketRow>& rows, PortSet::Range range,
                          const PortSet& reserved = {}, const FirstLook& before = {}) {
  SocketLoadBuilder builder(range, reserved, kReuseDelaySeconds, before);
  for (const SocketRow& row : rows) {
    if (row.state == TcpState::kListen) builder.add_listener(row);
  }
  for (const SocketRow& row : rows) {
    if (row.state != TcpState::kListen) builder.add_connection(row);
  }
  return builder.finish("sock_diag");
}

/// The rows summed up, over a range of ports that begins at 32768.
inline SocketLoad load_of(const std::vector<SocketRow>& rows, int ports = 28232,
                          const PortSet& reserved = {}) {
  return load_of(rows, PortSet::Range{32768, 32767 + ports}, reserved);
}

inline void set(Snapshot& snapshot, std::string_view parameter, std::string_view text) {
  snapshot.parameters.insert_or_assign(name(parameter), Reading(value(text)));
}

inline void set_unreadable(Snapshot& snapshot, std::string_view parameter) {
  const Error denied{ErrorKind::kDenied, "cannot read " + std::string(parameter), 13};
  snapshot.parameters.insert_or_assign(name(parameter), Reading(denied));
}

inline void set_absent(Snapshot& snapshot, std::string_view parameter) {
  const Error absent{ErrorKind::kNotFound, "there is no " + std::string(parameter), 2};
  snapshot.parameters.insert_or_assign(name(parameter), Reading(absent));
}

/// A counter that grew by `growth` within one second.
inline void count(Snapshot& snapshot, const std::string& counter, int64_t growth) {
  snapshot.counters.first[counter] = 100;
  snapshot.counters.last[counter] = 100 + growth;
  snapshot.counters.interval_seconds = 1;
}

/// A host as Debian 12 boots it, with two samples of its counters and nothing to do.
inline Snapshot idle_host() {
  Snapshot snapshot;
  snapshot.host.name = "host";
  snapshot.host.kernel = "6.1.0-40-amd64";
  snapshot.host.container = false;
  snapshot.host.memory_bytes = int64_t{4} << 30;
  for (const auto& [parameter, text] :
       std::map<std::string, std::string>{{"net.core.somaxconn", "4096"},
                                          {"net.ipv4.ip_local_port_range", "32768 60999"},
                                          {"net.ipv4.ip_local_reserved_ports", ""},
                                          {"net.ipv4.tcp_abort_on_overflow", "0"},
                                          {"net.ipv4.tcp_ehash_entries", "131072"},
                                          {"net.ipv4.tcp_fin_timeout", "60"},
                                          {"net.ipv4.tcp_max_syn_backlog", "1024"},
                                          {"net.ipv4.tcp_max_tw_buckets", "65536"},
                                          {"net.ipv4.tcp_syncookies", "1"},
                                          {"net.ipv4.tcp_timestamps", "1"},
                                          {"net.ipv4.tcp_tw_reuse", "2"}}) {
    set(snapshot, parameter, text);
  }
  for (const char* counter :
       {"Tcp.ActiveOpens", "Tcp.PassiveOpens", "TcpExt.ListenDrops", "TcpExt.ListenOverflows",
        "TcpExt.SyncookiesRecv", "TcpExt.SyncookiesSent", "TcpExt.TCPReqQFullDoCookies",
        "TcpExt.TCPReqQFullDrop", "TcpExt.TCPTimeWaitOverflow"}) {
    count(snapshot, counter, 0);
  }
  snapshot.sockets = load_of({listener_row(22)});
  snapshot.datagrams = DatagramLoad();
  snapshot.datagrams->ports.emplace();
  snapshot.host.kubernetes = false;
  snapshot.host.container_engine = false;
  return snapshot;
}

/// The catalogue of one text, which must be right.
inline Catalogue catalogue_from(const std::string& toml) {
  Catalogue catalogue;
  Diagnostics diagnostics;
  parse_catalogue({"catalogue.toml", toml}, catalogue, diagnostics);
  return catalogue;
}

/// The catalogue that the program carries.
inline Catalogue shipped_catalogue() {
  Catalogue catalogue;
  for (const EmbeddedFile& file : embedded_files()) {
    const std::string path = file.path;
    if (path.starts_with("parameters/")) catalogue.add(unpacked_catalogue(file.source(path)));
  }
  return catalogue;
}

/// Profiles by name, and rule groups by "rules/" and their name.
class TextProfiles : public ProfileSource {
 public:
  explicit TextProfiles(const std::map<std::string, std::string>& texts) {
    for (const auto& [path, text] : texts) sources_[path] = SourceText{path + ".toml", text};
  }

  /// What the program carries.
  static TextProfiles shipped() {
    TextProfiles profiles({});
    for (const EmbeddedFile& file : embedded_files()) {
      const std::string path = file.path;
      profiles.sources_[path.substr(0, path.rfind('.'))] = file.source(path);
    }
    return profiles;
  }

  Result<SourceText> profile(const std::string& name) const override { return find(name); }
  Result<SourceText> rule_group(const std::string& name) const override {
    return find(kFolder + name);
  }

  std::vector<std::string> profile_names() const override {
    std::vector<std::string> names;
    for (const auto& [path, source] : sources_) {
      if (path.find('/') == std::string::npos) names.push_back(path);
    }
    return names;
  }

  std::vector<std::string> rule_group_names() const override {
    std::vector<std::string> names;
    for (const auto& [path, source] : sources_) {
      if (path.starts_with(kFolder)) names.push_back(path.substr(kFolder.size()));
    }
    return names;
  }

 private:
  inline static const std::string kFolder = "rules/";

  Result<SourceText> find(const std::string& path) const {
    const auto source = sources_.find(path);
    if (source == sources_.end()) return Error{ErrorKind::kNotFound, "there is no " + path, 0};
    return source->second;
  }

  std::map<std::string, SourceText> sources_;
};

/// Knowledge of a catalogue, on a host that has `extra` parameters besides.
inline ParameterKnowledge knowledge(const Catalogue& catalogue,
                                    const std::set<std::string, std::less<>>& extra = {}) {
  return {catalogue, [extra](const ParameterName& name) {
            return extra.contains(name.dotted()) ? Presence::kThere : Presence::kAbsent;
          }};
}

/// Texts that a failed check shows, each on a line.
struct Lines : std::vector<std::string> {
  using vector::vector;
};

inline std::ostream& operator<<(std::ostream& out, const Lines& lines) {
  for (const std::string& line : lines) out << "\n  | " << line;
  return out;
}

/// Each diagnostic as "file:line:column: message (hint)".
inline Lines lines_of(const Diagnostics& diagnostics) {
  Lines lines;
  for (const Diagnostic& diagnostic : diagnostics) {
    const std::string hint = diagnostic.hint.empty() ? "" : " (" + diagnostic.hint + ")";
    lines.push_back(to_text(diagnostic.where) + ": " + diagnostic.message + hint);
  }
  return lines;
}

/// Null if the report has no such finding.
inline const Finding* find_finding(const Report& report, const std::string& rule) {
  for (const Finding& finding : report.findings) {
    if (finding.rule == rule) return &finding;
  }
  return nullptr;
}

}  // namespace advisor::testing
