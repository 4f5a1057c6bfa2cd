#include "collect/redaction.h"

#include <doctest/doctest.h>

#include "support/builders.h"

namespace advisor::redaction_test {
namespace {

using testing::name;

constexpr const char* kDropIn = "/etc/sysctl.d/99-ours.conf";

HostRecord with_file(const std::string& path, const std::string& text) {
  HostRecord record;
  record.boot_files.texts.emplace(path, text);
  leave_out_secrets(record, testing::shipped_catalogue(), kDropIn);
  return record;
}

std::string redacted(const std::string& text, const std::string& path = "/etc/sysctl.d/a.conf") {
  return *with_file(path, text).boot_files.texts.at(path);
}

std::string endpoint(const DestinationLoad& load) {
  return load.destination.source.text() + " " + load.destination.address.text();
}

}  // namespace

TEST_CASE("redaction: the values of secrets are left out, and the parameters still there") {
  HostRecord record;
  testing::set(record.snapshot, "net.ipv4.tcp_fastopen_key", "1-2-3-4");
  testing::set(record.snapshot, "net.ipv6.conf.eth0.stable_secret", "2001:db8::1");
  testing::set(record.snapshot, "net.core.somaxconn", "4096");
  testing::set_unreadable(record.snapshot, "net.ipv6.conf.lo.stable_secret");

  leave_out_secrets(record, testing::shipped_catalogue(), kDropIn);

  const Snapshot& snapshot = record.snapshot;
  CHECK(snapshot.reading(name("net.ipv4.tcp_fastopen_key")).error().kind == ErrorKind::kDenied);
  CHECK_FALSE(snapshot.reading(name("net.ipv6.conf.eth0.stable_secret")));
  CHECK(snapshot.reading(name("net.ipv6.conf.lo.stable_secret")).error().message ==
        "cannot read net.ipv6.conf.lo.stable_secret");
  CHECK(snapshot.reading(name("net.core.somaxconn"))->text() == "4096");
}

TEST_CASE("redaction: neither do files tell secrets, however they are spelled") {
  for (const char* line :
       {"net.ipv4.tcp_fastopen_key = 1-2-3-4", "net/ipv4/tcp_fastopen_key=1-2-3-4",
        "-net.ipv4.tcp_fastopen_key =1-2-3-4", "net.ipv4.tcp_*_key = 1-2-3-4",
        "net.ipv6.conf.eth0.stable_secret = 1-2-3-4", "some note 1-2-3-4", "# 1-2-3-4",
        "net.ipv4.conf.*.* = 1-2-3-4"}) {
    CAPTURE(std::string(line));
    const std::string text = redacted(std::string(line) + "\nvm.swappiness = 1\n");

    CHECK(text.find("1-2-3-4") == std::string::npos);
    CHECK(text.ends_with("\nvm.swappiness = 1\n"));
  }
}

TEST_CASE("redaction: what a file sets stays, and where, and of ours the comments") {
  const std::string text = "# why\n\nvm.swappiness = 1 # x\n-net.ipv4.conf.lo.rp_filter\n";

  CHECK(redacted(text) == "#\n\nvm.swappiness = 1 # x\n-net.ipv4.conf.lo.rp_filter\n");
  CHECK(redacted(text, kDropIn) == text);
  CHECK(redacted("") == "");
  CHECK(redacted("[Unit]\nX=1\n", "/etc/systemd/system/x.service") == "(left out)");
}

TEST_CASE("redaction: no line of a file sets the name of the host, and the others stay in place") {
  Configuration files;
  files.texts.emplace("/etc/sysctl.d/a.conf",
                      "kernel.hostname = x\n-kernel/domainname=x\nkernel.host* = x\n"
                      "vm.swappiness = 1\n");

  anonymize(files);

  CHECK(*files.texts.at("/etc/sysctl.d/a.conf") == "#\n#\n#\nvm.swappiness = 1\n");
}

TEST_CASE("redaction: of a directory only what tells of sysctl.d is kept") {
  HostRecord record;
  record.boot_files.listings.emplace("/usr/lib/systemd",
                                     std::vector<std::string>{"systemd-logind", "systemd-sysctl"});

  leave_out_secrets(record, testing::shipped_catalogue(), kDropIn);

  CHECK(*record.boot_files.listings.at("/usr/lib/systemd") ==
        std::vector<std::string>{"systemd-sysctl"});
}

TEST_CASE("redaction: addresses are replaced, each always by the same of its family") {
  HostRecord record;
  record.snapshot.host.name = "gateway-1";
  testing::set(record.snapshot, "kernel.hostname", "gateway-1");
  record.snapshot.sockets = testing::load_of(
      {testing::listener_row(80, 0, 128, "192.0.2.7"), testing::listener_row(81, 0, 128, "::"),
       testing::socket_row(TcpState::kEstablished, 40000, "192.0.2.7"),
       testing::socket_row(TcpState::kTimeWait, 40001, "127.0.0.1"),
       testing::socket_row(TcpState::kTimeWait, 40002, "2001:db8:7::1")});

  anonymize(record);

  CHECK(record.anonymized);
  CHECK(record.snapshot.host.name == "anonymized");
  CHECK_FALSE(record.snapshot.reading(name("kernel.hostname")));
  std::set<std::string> endpoints;
  for (const auto& load : record.snapshot.sockets->destinations) endpoints.insert(endpoint(load));
  std::set<std::string> listeners;
  for (const auto& listener : record.snapshot.sockets->listeners) {
    listeners.insert(listener.address.text());
  }
  CHECK(listeners.contains("::"));
  CHECK(endpoints.size() == 3);
  int loopback = 0, v6 = 0, of_the_listener = 0;
  for (const std::string& text : endpoints) {
    CHECK(text.starts_with("10.0.0."));
    CHECK(text.find("192.0.2.7") == std::string::npos);
    loopback += text.ends_with(" 127.0.0.1");
    v6 += text.find(" 2001:db8::") != std::string::npos;
    of_the_listener += listeners.contains(text.substr(text.find(' ') + 1));
  }
  CHECK(loopback == 1);
  CHECK(v6 == 1);
  CHECK(of_the_listener == 1);
}

}  // namespace advisor::redaction_test
