#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "support/builders.h"
#include "support/idle_hosts.h"

namespace advisor::testing {

/// A host put together from statements such as "set net.ipv4.tcp_syncookies 0"; tests/rules/
/// README.md lists them.
class StatedHost {
 public:
  explicit StatedHost(Snapshot idle) : snapshot_(std::move(idle)) {}

  /// Whether it understood the statement.
  bool state(std::string_view statement) {
    const std::vector<std::string> words = split_words(statement);
    if (words.empty()) return false;
    const auto verb = verbs().find(words[0]);
    if (verb == verbs().end()) return false;
    return verb->second(*this, {words.begin() + 1, words.end()});
  }

  /// The values that options are to have, as text.
  const std::map<std::string, std::string>& options() const { return options_; }

  Snapshot finish() const {
    Snapshot snapshot = snapshot_;
    const Reading range = snapshot.reading(name("net.ipv4.ip_local_port_range"));
    const Reading reserved = snapshot.reading(name("net.ipv4.ip_local_reserved_ports"));
    const auto low = range ? parse_decimal(range->words()[0]) : std::nullopt;
    const auto high = range ? parse_decimal(range->words()[1]) : std::nullopt;
    const int first = int(low.value_or(kFirstPort));
    const PortSet::Range usable{first, few_ports_ ? first + 99 : int(high.value_or(60999))};
    FirstLook before;
    before.interval_seconds = 1;
    before.listener_drops.emplace();
    snapshot.sockets =
        load_of(rows_, usable, PortSet::parse(reserved ? reserved->text() : "").value(), before);
    // What was just closed was opened just before, unless the case says otherwise.
    int64_t& opened = snapshot.counters.last["Tcp.ActiveOpens"];
    if (opened == snapshot.counters.first["Tcp.ActiveOpens"]) opened += just_closed_;
    return snapshot;
  }

 private:
  using Words = std::vector<std::string>;
  using Verb = bool (*)(StatedHost&, const Words&);
  static constexpr int kFirstPort = 32768;

  static std::optional<int64_t> number(const Words& words, size_t index) {
    return index < words.size() ? parse_decimal(words[index]) : std::nullopt;
  }

  static const std::map<std::string, Verb>& verbs() {
    static const std::map<std::string, Verb> kVerbs{
        {"set", set_parameter},  {"unset", unset_parameter},
        {"count", grow},         {"level", stand},
        {"host", set_field},     {"ports", take_ports},
        {"bound", bind},         {"closed", close},
        {"served", serve},       {"listen", listen},
        {"path", connect},       {"state", add_state},
        {"option", set_option},  {"without", remove_counters},
        {"udp", lose_datagrams}, {"udp_ports", bind_datagrams},
        {"inotify", watch}};
    return kVerbs;
  }

  static bool set_parameter(StatedHost& host, const Words& words) {
    if (words.empty()) return false;
    set(host.snapshot_, words[0], join({words.begin() + 1, words.end()}, " "));
    return true;
  }

  static bool unset_parameter(StatedHost& host, const Words& words) {
    return words.size() == 1 && host.snapshot_.parameters.erase(name(words[0])) == 1;
  }

  static bool set_option(StatedHost& host, const Words& words) {
    if (words.size() != 2) return false;
    host.options_[words[0]] = words[1];
    return true;
  }

  /// PREFIX of the names of counters, or a whole name
  static bool remove_counters(StatedHost& host, const Words& words) {
    if (words.size() != 1) return false;
    Counters& counters = host.snapshot_.counters;
    const auto concerned = [&](const auto& counter) {
      return counter.first.view().starts_with(words[0]);
    };
    std::erase_if(counters.first, concerned);
    return std::erase_if(counters.last, concerned) > 0;
  }

  static bool grow(StatedHost& host, const Words& words) {
    const auto growth = number(words, 1);
    if (growth) count(host.snapshot_, words[0], *growth);
    return growth && words.size() == 2;
  }

  static bool stand(StatedHost& host, const Words& words) {
    const auto level = number(words, 1);
    if (!level || words.size() != 2) return false;
    Counters& counters = host.snapshot_.counters;
    counters.first[words[0]] = counters.last[words[0]] = *level;
    return true;
  }

  static bool set_field(StatedHost& host, const Words& words) {
    if (words.size() < 2) return false;
    Host& fields = host.snapshot_.host;
    const std::string& field = words[0];
    if (field == "kernel") fields.kernel = words[1];
    if (field == "container") fields.container = words[1] == "true";
    if (field == "default_interfaces")
      fields.default_interfaces = std::vector<std::string>(words.begin() + 1, words.end());
    if (field == "kubernetes") fields.kubernetes = words[1] == "true";
    if (field == "rp_filter") {
      const auto check = number(words, 2);
      if (!check) return false;
      (*fields.reverse_path_filters)[words[1]] = *check;
    }
    if (field == "unheeded_advertisements")
      fields.unheeded_advertisements = std::vector<std::string>(words.begin() + 1, words.end());
    if (field == "kubernetes" || field == "rp_filter") return true;
    if (field == "unheeded_advertisements") return true;
    if (field == "kernel" || field == "container" || field == "default_interfaces") return true;
    const std::map<std::string, std::optional<int64_t>*> numbers{
        {"memory_bytes", &fields.memory_bytes},
        {"available_bytes", &fields.available_bytes},
        {"cpus", &fields.cpus},
        {"link_bytes_per_second", &fields.link_bytes_per_second}};
    const auto known = numbers.find(field);
    if (known == numbers.end()) return false;
    *known->second = number(words, 1);  // what is no number, such as "unknown", was not told
    return true;
  }

  /// ESTABLISHED TIME_WAIT AGE_SECONDS
  static bool take_ports(StatedHost& host, const Words& words) {
    const auto established = number(words, 0);
    const auto waiting = number(words, 1);
    const auto age = number(words, 2);
    if (!established || !waiting || !age) return false;
    host.few_ports_ = true;
    host.add(*established, [&](int port) { return socket_row(TcpState::kEstablished, port); });
    host.add(*waiting, [&](int port) { return time_wait_row(port, 60 - double(*age)); });
    if (*age == 0) host.just_closed_ += *waiting;
    return true;
  }

  static bool bind(StatedHost& host, const Words& words) {
    const auto sockets = number(words, 0);
    if (!sockets) return false;
    host.few_ports_ = true;
    host.add(*sockets, [](int port) { return socket_row(TcpState::kBoundInactive, port); });
    return true;
  }

  static bool close(StatedHost& host, const Words& words) {
    const auto sockets = number(words, 0);
    if (!sockets) return false;
    host.add(*sockets, [](int port) { return time_wait_row(port, 59.5); });
    host.just_closed_ += *sockets;
    return true;
  }

  static bool serve(StatedHost& host, const Words& words) {
    const auto sockets = number(words, 0);
    if (!sockets) return false;
    for (int i = 0; i < *sockets; ++i) {
      host.rows_.push_back(time_wait_row(kServer, 30, "10.0.0.9", 1024 + i));
    }
    return true;
  }

  /// PORT WAITING [BACKLOG]
  static bool listen(StatedHost& host, const Words& words) {
    const auto port = number(words, 0);
    const auto waiting = number(words, 1);
    const auto backlog = number(words, 2);
    if (!port || !waiting) return false;
    host.rows_.push_back(listener_row(int(*port), uint32_t(*waiting),
                                      backlog ? std::optional(uint32_t(*backlog)) : std::nullopt));
    return true;
  }

  /// [COUNT] FIELD=VALUE ...
  static bool connect(StatedHost& host, const Words& words) {
    const auto how_many = number(words, 0);
    ConnectionInfo info;
    info.timestamps = true;
    for (size_t i = how_many ? 1 : 0; i < words.size(); ++i) {
      if (!set_info(info, split(words[i], '='))) return false;
    }
    host.add(how_many.value_or(1), [&](int port) {
      SocketRow row = socket_row(TcpState::kEstablished, port);
      row.info = info;
      return row;
    });
    return true;
  }

  static bool set_info(ConnectionInfo& info, const Words& pair) {
    const auto value = pair.size() == 2 ? parse_real(pair[1]) : std::nullopt;
    if (!value) return false;
    const std::string& field = pair[0];
    if (field == "round_trip_seconds") return info.round_trip_seconds = *value, true;
    if (field == "timestamps") return info.timestamps = *value != 0, true;
    if (field == "keepalive") return info.keepalive = *value != 0, true;
    if (field == "timeouts_in_a_row") return info.timeouts_in_a_row = int(*value), true;
    if (field == "segment_bytes") return info.segment_bytes = uint32_t(*value), true;
    if (field == "probes_in_a_row") return info.probes_in_a_row = int(*value), true;
    if (field == "quiet_seconds") return info.quiet_seconds = *value, true;
    if (field == "idle_seconds") return info.idle_seconds = *value, true;
    if (field == "acknowledged_bytes") return info.acknowledged_bytes = uint64_t(*value), true;
    if (field == "buffer_limited_share") return info.buffer_limited_share = *value, true;
    if (field == "window_limited_share") return info.window_limited_share = *value, true;
    if (field == "buffered_bytes") return info.buffered_bytes = uint64_t(*value), true;
    if (field == "fills_congestion_window") return info.fills_congestion_window = *value != 0, true;
    if (field == "unsent_bytes") return info.unsent_bytes = uint32_t(*value), true;
    return false;
  }

  /// PORT WAITING_BYTES DROPPED, or PORT of one that lost nothing
  static bool lose_datagrams(StatedHost& host, const Words& words) {
    const auto port = number(words, 0);
    const auto waiting = number(words, 1);
    const auto dropped = number(words, 2);
    if (!port) return false;
    DatagramLoad& load = *host.snapshot_.datagrams;
    load.bound.add({int(*port), int(*port)});
    if (!waiting || !dropped) return words.size() == 1;
    load.dropping.push_back(
        {address("0.0.0.0"), uint16_t(*port), *waiting, *dropped, false, 7, {}});
    return true;
  }

  /// N: UDP sockets, each with a port of the range
  static bool bind_datagrams(StatedHost& host, const Words& words) {
    const auto sockets = number(words, 0);
    if (!sockets) return false;
    host.few_ports_ = true;
    host.snapshot_.datagrams->ports.emplace().add({kFirstPort, kFirstPort + int(*sockets) - 1});
    return true;
  }

  /// INSTANCES WATCHES, all of one user
  static bool watch(StatedHost& host, const Words& words) {
    const auto instances = number(words, 0);
    const auto watches = number(words, 1);
    if (!instances || !watches) return false;
    host.snapshot_.inotify = InotifyUse{{1000, *instances}, {1000, *watches}};
    return true;
  }

  /// STATE N: sockets that came in, as ss(8) names their state
  static bool add_state(StatedHost& host, const Words& words) {
    const auto sockets = number(words, 1);
    if (!sockets) return false;
    for (size_t i = 1; i < kTcpStateCount; ++i) {
      if (words[0] != name_of(TcpState(i))) continue;
      for (int peer = 0; peer < *sockets; ++peer) {
        const std::string at = "10.0." + std::to_string(peer / 60000) + ".9";
        SocketRow row = socket_row(TcpState(i), kServer, at, 1024 + peer % 60000);
        row.inode = uint32_t(peer + 1);
        row.info.emplace().quiet_seconds = kHeldSeconds;
        host.rows_.push_back(row);
      }
      return true;
    }
    return false;
  }

  template <typename Row>
  void add(int64_t how_many, Row row) {
    for (int64_t i = 0; i < how_many; ++i) rows_.push_back(row(next_port_++));
  }

  static constexpr int kServer = 80;

  Snapshot snapshot_;
  std::map<std::string, std::string> options_;
  std::vector<SocketRow> rows_{listener_row(22), listener_row(kServer)};
  int next_port_ = kFirstPort;
  int64_t just_closed_ = 0;
  bool few_ports_ = false;  ///< 100 of them, so that shares are easy to hit
};

}  // namespace advisor::testing
