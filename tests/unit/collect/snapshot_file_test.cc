#include "collect/snapshot_file.h"

#include <doctest/doctest.h>

#include <cerrno>

#include "collect/recorded_host.h"
#include "render/json_report.h"
#include "rules/audit.h"
#include "support/builders.h"
#include "support/memory_files.h"

namespace advisor::snapshot_file_test {
namespace {

using testing::address;
using testing::name;
using testing::value;

/// A record with something in every place.
HostRecord example() {
  HostRecord record;
  Snapshot& snapshot = record.snapshot;
  snapshot = testing::idle_host();
  snapshot.taken = "2026-11-22T22:01:56Z";
  snapshot.host.default_interfaces = {"eth0"};
  testing::set_unreadable(snapshot, "net.ipv4.tcp_rmem");
  testing::count(snapshot, "TcpExt.ListenDrops", 3);
  snapshot.counters.last["Tcp.MaxConn"] = -1;
  std::vector<SocketRow> rows{testing::listener_row(443, 3, 128, "2001:db8::1"),
                              testing::listener_row(80, 0, std::nullopt)};
  for (int port = 32768; port < 50000; ++port) rows.push_back(testing::time_wait_row(port, 30));
  rows.push_back(testing::socket_row(TcpState::kEstablished, 32768, "10.0.0.6"));
  rows.back().info.emplace().round_trip_seconds = 0.02;
  snapshot.sockets = testing::load_of(rows);
  record.boot_files.texts.emplace("/etc/sysctl.d/a.conf", std::string("vm.swappiness = 1\n"));
  record.boot_files.texts.emplace("/etc/sysctl.d/b.conf", os_failure("read b.conf", EACCES));
  record.boot_files.listings.emplace("/etc/sysctl.d", std::vector<std::string>{"a.conf", "b.conf"});
  record.others.push_back(
      {"ufw", "net.ipv4.tcp_syncookies", "1", {"/etc/ufw", 3, 0}, true, "then"});
  return record;
}

std::string fault_of(const std::string& from, const std::string& to) {
  std::string text = record_text(example());
  const size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  const auto read = parse_record("FILE", text.replace(at, from.size(), to));
  return read ? "" : read.error().message;
}

std::string audited(Snapshot snapshot) {
  const Catalogue catalogue = testing::shipped_catalogue();
  Diagnostics diagnostics;
  const EffectiveProfile profile = resolve_profiles({"baseline"}, testing::TextProfiles::shipped(),
                                                    testing::knowledge(catalogue), diagnostics);
  return json_report(audit(profile, catalogue, std::move(snapshot), {}, diagnostics), catalogue,
                     "1.0")
      .dump();
}

}  // namespace

TEST_CASE("snapshot file: what was written is read again, to the last member") {
  const std::string text = record_text(example());

  const auto read = parse_record("FILE", text);

  REQUIRE(read);
  CHECK(record_text(*read) == text);
  const Snapshot& snapshot = read->snapshot;
  CHECK(snapshot.reading(name("net.core.somaxconn")).operator bool());
  CHECK(snapshot.reading(name("net.ipv4.tcp_rmem")).error().kind == ErrorKind::kDenied);
  CHECK(snapshot.reading(name("net.ipv4.tcp_rmem")).error().os_error == EACCES);
  CHECK(snapshot.counters.rate("TcpExt.ListenDrops") == 3);
  CHECK(snapshot.sockets->listeners.size() == 2);
  CHECK(snapshot.sockets->destinations.front().time_wait_ports == 17232);
  CHECK(snapshot.sockets->paths.round_trips.quantile(0.5) ==
        example().snapshot.sockets->paths.round_trips.quantile(0.5));
  CHECK(read->others == example().others);
}

TEST_CASE("snapshot file: an audit of what was read again is the same audit") {
  const auto read = parse_record("FILE", record_text(example()));

  REQUIRE(read);
  const std::string report = audited(read->snapshot);
  CHECK(report == audited(example().snapshot));
  CHECK(report.find("\"violated\"") != std::string::npos);
}

TEST_CASE("snapshot file: sockets that could not be read stay unknown") {
  HostRecord record = example();
  record.snapshot.sockets = Error{ErrorKind::kDenied, "no sockets for you", EPERM};

  const auto read = parse_record("FILE", record_text(record));

  REQUIRE(read);
  REQUIRE_FALSE(read->snapshot.sockets);
  CHECK(read->snapshot.sockets.error().message == "no sockets for you");
}

TEST_CASE("snapshot file: parameters that a kernel lacks are names, and read again as they were") {
  HostRecord record = example();
  const Error absent = absent_parameter(name("net.core.none"));
  record.snapshot.parameters.insert_or_assign(name("net.core.none"), Reading(absent));

  const std::string text = record_text(record);
  const auto read = parse_record("FILE", text);

  CHECK(text.find("does not have it") == std::string::npos);
  REQUIRE(read);
  CHECK(read->snapshot.reading(name("net.core.none")).error() == absent);
  CHECK(read->snapshot.lacks(name("net.core.none")));
}

TEST_CASE("snapshot file: one of the first version, with errors in the place of values, is read") {
  const Json whole = *parse_json(record_text(example()));
  Json::Object older;
  for (const auto& [key, member] : *whole.as<Json::Object>()) {
    if (key == "absent_parameters" || key == "unread_parameters") continue;
    if (key == "schema") {
      older.emplace_back(key, kOlderSnapshotSchema);
    } else if (key == "sockets") {
      older.emplace_back(key, *member.find("value"));
    } else if (key == "parameters") {
      Json::Object parameters = *member.as<Json::Object>();
      parameters.emplace_back("net.ipv4.tcp_wmem",
                              Json::Object{{"error", Json::Object{{"kind", "not-found"},
                                                                  {"message", "gone"},
                                                                  {"os_error", 2}}}});
      older.emplace_back(key, std::move(parameters));
    } else {
      older.emplace_back(key, member);
    }
  }

  const auto read = parse_record("FILE", Json(older).dump());

  REQUIRE(read);
  CHECK(read->snapshot.sockets->listeners.size() == 2);
  CHECK(read->snapshot.reading(name("net.ipv4.tcp_wmem")).error().message == "gone");
  CHECK(read->snapshot.value_of(name("net.core.somaxconn")) != nullptr);
}

TEST_CASE("snapshot file: what is wrong is told with file and place") {
  CHECK(fault_of("\"port\": 443", "\"port\": 65536") ==
        "FILE: $.sockets.value.listeners[1].port: must be a whole number from 0 to 65535");
  CHECK(fault_of("\"2001:db8::1\"", "\"2001:db8::x\"") ==
        "FILE: $.sockets.value.listeners[1].address: must be an IP address");
  CHECK(fault_of("\"TIME-WAIT\"", "\"WAITING\"") ==
        "FILE: $.sockets.value.client: there is no TCP state \"WAITING\"");
  CHECK(fault_of("\"net.core.somaxconn\"", "\"net/core/somaxconn\"") ==
        "FILE: $.parameters: the name of a member is none that can be");
  CHECK(fault_of("\"denied\"", "\"forbidden\"") ==
        "FILE: $.unread_parameters[0].error.kind: must be the kind of an error");
  CHECK(fault_of("\"page_bytes\": 4096", "\"page_bytes\": 0") ==
        "FILE: $.host.page_bytes: must be a whole number from 1 to 1073741824");
  CHECK(fault_of("\"anonymized\"", "\"anonymised\"") ==
        "FILE: $: the member \"anonymized\" is missing");
  CHECK(fault_of("\"taken\"", "\"colour\": 1, \"taken\"") ==
        "FILE: $: there is no member \"colour\"");
}

TEST_CASE("snapshot file: what an older version did not record is not known") {
  const Json whole = *parse_json(record_text(example()));
  Json::Object older;
  for (const auto& [key, member] : *whole.as<Json::Object>()) {
    if (key == "sockets" || key == "kernel_log") continue;
    if (key != "host") {
      older.emplace_back(key, member);
      continue;
    }
    Json::Object host;
    for (const auto& [name, value] : *member.as<Json::Object>()) {
      if (name != "memory_bytes" && name != "default_interfaces") host.emplace_back(name, value);
    }
    older.emplace_back(key, host);
  }

  const auto read = parse_record("FILE", Json(older).dump());

  REQUIRE(read);
  CHECK_FALSE(read->snapshot.host.memory_bytes);
  CHECK_FALSE(read->snapshot.host.default_interfaces);
  REQUIRE_FALSE(read->snapshot.sockets);
  CHECK(read->snapshot.sockets.error().message ==
        "it is not known: the member \"sockets\" is missing");
  CHECK(read->snapshot.sockets.error().kind != ErrorKind::kNotFound);
  CHECK_FALSE(read->snapshot.kernel_log);

  // An unknown member is found even if another one is missing.
  older.back().first = "other_writer";
  CHECK(parse_record("FILE", Json(older).dump()).error().message ==
        "FILE: $: the member \"other_writers\" is missing");
  older.back().first = "other_writers";
  older.emplace_back("colour", 1);
  CHECK(parse_record("FILE", Json(older).dump()).error().message ==
        "FILE: $: there is no member \"colour\"");
}

TEST_CASE("snapshot file: what is no snapshot, or of another version, is said so") {
  CHECK(parse_record("FILE", "{}").error().message ==
        "FILE: $.schema: this is not what `sysctl-advisor snapshot` writes");
  CHECK(parse_record("FILE", "{\"schema\": \"sysctl-advisor/snapshot/3\"}").error().message ==
        "FILE: it has sysctl-advisor/snapshot/3, and this program reads sysctl-advisor/snapshot/2; "
        "use the sysctl-advisor that wrote it");
  CHECK(parse_record("FILE", "{\"schema\": \"sysctl-advisor/snapshot/3\", \"version\": \"0.7\"}")
            .error()
            .message.ends_with("use the sysctl-advisor that wrote it, version 0.7"));
  CHECK(parse_record("FILE", "nothing").error().message == "FILE:1:2: not a JSON document");
}

TEST_CASE("recorded host: parameters answer as the tree did that they were read from") {
  HostRecord record;
  testing::set(record.snapshot, "net.ipv4.conf.eth0.rp_filter", "1");
  testing::set(record.snapshot, "net.ipv4.conf.lo.rp_filter", "0");
  testing::set_unreadable(record.snapshot, "net.ipv4.conf.eth1.rp_filter");
  const Error absent{ErrorKind::kNotFound, "this kernel does not have it", ENOENT};
  record.snapshot.parameters.insert_or_assign(name("net.core.none"), Reading(absent));
  RecordedTree tree(record.snapshot);

  CHECK(*tree.presence_of(name("net.ipv4.conf.eth1.rp_filter")) == Presence::kThere);
  CHECK(*tree.presence_of(name("net.core.none")) == Presence::kAbsent);
  CHECK(*tree.presence_of(name("net.core.somaxconn")) == Presence::kAbsent);
  CHECK(tree.matching("net/ipv4/conf/*/rp_filter")->size() == 3);
  CHECK(tree.matching("net/ipv4/conf/eth*/rp_filter")->size() == 2);
  CHECK(tree.matching("net/ipv4/*")->empty());
  CHECK(tree.read(name("net.core.none")).error().message == "this kernel does not have it");
  CHECK(tree.read(name("net.core.somaxconn")).error().kind == ErrorKind::kNotFound);
  CHECK(tree.write(name("net.ipv4.conf.lo.rp_filter"), value("1")).error().kind ==
        ErrorKind::kReadOnly);
}

TEST_CASE("recorded host: files answer as those did that were read") {
  testing::Steps steps;
  testing::MemoryFiles host(steps);
  host.put("/etc/sysctl.d/a.conf", "vm.swappiness = 1\n");
  host.put("/etc/sysctl.d/b.conf", "");
  host.make_unreadable("/etc/sysctl.d/b.conf");
  RecordingFiles recording(host);
  (void)recording.list("/etc/sysctl.d");
  (void)recording.read("/etc/sysctl.d/a.conf");
  (void)recording.read("/etc/sysctl.d/b.conf");
  (void)recording.read("/etc/sysctl.conf");
  const FileRecord record = recording.take();

  const RecordedFiles files(record);

  CHECK(*files.list("/etc/sysctl.d") == std::vector<std::string>{"a.conf", "b.conf"});
  CHECK(*files.read("/etc/sysctl.d/a.conf") == "vm.swappiness = 1\n");
  CHECK(files.read("/etc/sysctl.d/b.conf").error().kind == ErrorKind::kDenied);
  CHECK(files.read("/etc/sysctl.conf").error().kind == ErrorKind::kNotFound);
  CHECK(record.texts.size() == 2);
}

}  // namespace advisor::snapshot_file_test
