#include "os/sysctl_tree.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <set>

#include "os/socket_table.h"
#include "support/builders.h"
#include "support/temporary_directory.h"

namespace advisor::sysctl_tree_test {
namespace {

using testing::name;
using testing::TemporaryDirectory;
using testing::value;

}  // namespace

TEST_CASE("sysctl tree: a value is read as words, whatever separates them") {
  const TemporaryDirectory root;
  root.put("proc/sys/net/ipv4/ip_local_port_range", "32768\t60999\n");
  const ProcSysctlTree tree(root.path());

  const Reading reading = tree.read(name("net.ipv4.ip_local_port_range"));

  REQUIRE(reading);
  CHECK(reading->text() == "32768 60999");
}

TEST_CASE("sysctl tree: many are read as one after the other, what is missing among them as well") {
  const TemporaryDirectory root;
  std::set<ParameterName> names;
  for (const char* text :
       {"net.core.rmem_max", "net.core.somaxconn", "net.ipv4.conf.all.rp_filter",
        "net.ipv4.conf.eth0/100.arp_filter", "net.ipv4.conf.eth0/100.rp_filter", "net.ipv4.tcp_mem",
        "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem", "vm.swappiness"}) {
    names.insert(name(text));
    root.put("proc/sys/" + name(text).path(), std::string(text) + "\n");
  }
  for (const char* text : {"net.core.nosuch", "net.ipv4.nosuch.at_all", "net.ipv4.nosuch.either",
                           "net.ipv4.nosuch.nor_this", "net.ipv4.tcp_nosuch"}) {
    names.insert(name(text));
  }
  const ProcSysctlTree tree(root.path());

  const auto readings = tree.read_all(names);

  REQUIRE(readings.size() == names.size());
  for (const auto& [each, reading] : readings) {
    CAPTURE(std::string(each.dotted()));
    const Reading alone = tree.read(each);
    REQUIRE(bool(reading) == bool(alone));
    if (alone) CHECK(reading->text() == each.dotted());
    if (!alone) CHECK(reading.error().message == alone.error().message);
  }
}

TEST_CASE("sysctl tree: a name with a slash in a segment finds its file") {
  const TemporaryDirectory root;
  root.put("proc/sys/net/ipv4/conf/eth0.100/rp_filter", "2\n");

  CHECK(ProcSysctlTree(root.path()).read(name("net.ipv4.conf.eth0/100.rp_filter"))->text() == "2");
}

TEST_CASE("sysctl tree: a value is written as one line, and the old one is gone") {
  const TemporaryDirectory root;
  root.put("proc/sys/net/core/somaxconn", "1234567890\n");
  ProcSysctlTree tree(root.path());

  REQUIRE(tree.write(name("net.core.somaxconn"), value("32768\t60999")));
  CHECK(root.text("proc/sys/net/core/somaxconn") == "32768 60999\n");
  REQUIRE(tree.write(name("net.core.somaxconn"), value("")));
  CHECK(root.text("proc/sys/net/core/somaxconn") == "\n");
}

TEST_CASE("sysctl tree: a parameter this kernel lacks is not found, and never made") {
  const TemporaryDirectory root;
  root.put("proc/sys/net/core/somaxconn", "1\n");
  ProcSysctlTree tree(root.path());

  const Reading reading = tree.read(name("net.core.absent"));

  REQUIRE_FALSE(reading);
  CHECK(reading.error().kind == ErrorKind::kNotFound);
  CHECK(reading.error().message ==
        "cannot read net.core.absent: this kernel, or this namespace, does not have it");
  CHECK_FALSE(tree.write(name("net.core.absent"), value("1")));
  CHECK_FALSE(root.has("proc/sys/net/core/absent"));
}

TEST_CASE("sysctl tree: whether a parameter can be written is told without writing it") {
  const TemporaryDirectory root;
  root.put("proc/sys/net/core/somaxconn", "128\n");
  const ProcSysctlTree tree(root.path());

  CHECK(tree.check_writable(name("net.core.somaxconn")));
  CHECK(tree.check_writable(name("net.core.nosuch")).error().kind == ErrorKind::kNotFound);
  CHECK(tree.read(name("net.core.somaxconn"))->text() == "128");
}

TEST_CASE("sysctl tree: a pattern finds the parameters that match, and no directory") {
  const TemporaryDirectory root;
  for (const char* interface : {"all", "eth0", "eth0.100"}) {
    root.put(std::string("proc/sys/net/ipv4/conf/") + interface + "/rp_filter", "0\n");
  }
  root.put("proc/sys/net/ipv4/conf/lo/arp_filter", "0\n");
  root.put("proc/sys/net/core/somaxconn", "0\n");
  const ProcSysctlTree tree(root.path());
  const auto matching = [&tree](const std::string& pattern) {
    std::set<std::string> names;
    const auto found_by = tree.matching(pattern);
    REQUIRE(found_by);
    for (const ParameterName& found : *found_by) names.emplace(found.dotted());
    return names;
  };
  using Names = std::set<std::string>;

  CHECK(matching("net/ipv4/conf/*/rp_filter") == Names{"net.ipv4.conf.all.rp_filter",
                                                       "net.ipv4.conf.eth0.rp_filter",
                                                       "net.ipv4.conf.eth0/100.rp_filter"});
  CHECK(matching("net/ipv4/conf/[!a]*0/rp_filter") ==
        Names{"net.ipv4.conf.eth0.rp_filter", "net.ipv4.conf.eth0/100.rp_filter"});
  CHECK(matching("net/ipv4/conf/eth0\\.100/rp_filter") ==
        Names{"net.ipv4.conf.eth0/100.rp_filter"});
  CHECK(matching("net/ipv4/conf/all/rp_filter") == Names{"net.ipv4.conf.all.rp_filter"});
  CHECK(matching("net/c?re/*") == Names{"net.core.somaxconn"});
  CHECK(matching("net/*") == Names{});
  CHECK(matching("net/ipv4/*/rp_filter") == Names{});
}

TEST_CASE("sysctl tree: an interface may be called like a pattern, and is found once") {
  const TemporaryDirectory root;
  for (const char* interface : {"a*", "ab"}) {
    root.put(std::string("proc/sys/net/ipv4/conf/") + interface + "/rp_filter", "0\n");
  }

  CHECK(ProcSysctlTree(root.path()).matching("net/ipv4/conf/*/rp_filter")->size() == 2);
}

TEST_CASE("sysctl tree: where there is none, nothing is said to be absent") {
  const TemporaryDirectory root;
  const auto check_untold = [&] {
    const ProcSysctlTree tree(root.path());
    CHECK_FALSE(tree.check_there());
    CHECK(tree.read(name("net.core.somaxconn")).error().kind == ErrorKind::kIo);
    CHECK(tree.read_all({name("net.core.somaxconn")}).begin()->second.error().kind ==
          ErrorKind::kIo);
    CHECK_FALSE(tree.presence_of(name("net.core.somaxconn")));
    CHECK_FALSE(tree.matching("net/ipv4/conf/*/rp_filter"));
    CHECK_FALSE(tree.matching("net/core/somaxconn"));
    CHECK(tree.check_writable(name("net.core.somaxconn")).error().kind == ErrorKind::kIo);
  };

  check_untold();
  std::filesystem::create_directories(root.path() + "/proc/sys");
  check_untold();
  root.put("proc/sys/net/core/rmem_max", "1\n");
  const ProcSysctlTree tree(root.path());
  CHECK(tree.check_there());
  CHECK(tree.read(name("net.core.somaxconn")).error().kind == ErrorKind::kNotFound);
  CHECK(tree.matching("net/ipv4/conf/*/rp_filter")->empty());
}

TEST_CASE("sysctl tree: what cannot be listed is told, and nothing is said to match") {
  const TemporaryDirectory root;
  root.put("proc/sys/net/core/somaxconn", "1\n");
  std::filesystem::create_directories(root.path() + "/proc/sys/net/ipv4");
  std::filesystem::create_symlink("loop", root.path() + "/proc/sys/net/ipv4/loop");

  const ProcSysctlTree tree(root.path());

  CHECK(tree.matching("net/ipv4/loop/*").error().os_error == ELOOP);
  CHECK(tree.presence_of(name("net.ipv4.loop")).error().os_error == ELOOP);
}

TEST_CASE("sysctl tree: of a copied tree no pipe, device or endless file is read") {
  const TemporaryDirectory root;
  std::filesystem::create_directories(root.path() + "/proc/sys/net/core");
  const std::string place = root.path() + "/proc/sys/net/core/";
  REQUIRE(mkfifo((place + "pipe").c_str(), 0644) == 0);
  std::filesystem::create_symlink("/dev/zero", place + "zero");
  std::filesystem::resize_file(root.put("proc/sys/net/core/endless", ""), uintmax_t{1} << 40);
  root.put("elsewhere", "1\n");
  std::filesystem::create_symlink(root.path() + "/elsewhere", place + "outside");

  const ProcSysctlTree tree(root.path());

  for (const char* each : {"pipe", "zero", "endless", "outside"}) {
    CAPTURE(each);
    CHECK_FALSE(tree.read(name(std::string("net.core.") + each)));
  }
}

TEST_CASE("sysctl tree: a socket table of a copied tree is a file") {
  const TemporaryDirectory root;
  std::filesystem::create_directories(root.path() + "/proc/net");
  REQUIRE(mkfifo((root.path() + "/proc/net/tcp").c_str(), 0644) == 0);
  ProcSocketTable table(root.path());
  const auto ignore = [](const SocketRow&) {};

  CHECK(table.visit(ignore, ignore).error().kind == ErrorKind::kRejected);
}

TEST_CASE(
    "sysctl tree: a root with the characters of a pattern in its name is taken by the letter") {
  const TemporaryDirectory directory;
  directory.put("r[x]*/proc/sys/net/core/somaxconn", "0\n");
  directory.put("rx1/proc/sys/net/core/rmem_max", "0\n");

  const auto found = ProcSysctlTree(directory.path() + "/r[x]*").matching("net/core/*");

  REQUIRE(found);
  REQUIRE(found->size() == 1);
  CHECK(found->front() == name("net.core.somaxconn"));
}

TEST_CASE("sysctl tree: only a file is a parameter") {
  const TemporaryDirectory root;
  root.put("proc/sys/net/core/somaxconn", "1\n");
  const ProcSysctlTree tree(root.path());

  CHECK(*tree.presence_of(name("net.core.somaxconn")) == Presence::kThere);
  CHECK(*tree.presence_of(name("net.core.absent")) == Presence::kAbsent);
  CHECK(*tree.presence_of(name("net.core")) == Presence::kAbsent);
  CHECK_FALSE(tree.read(name("net.core")));
}

TEST_CASE("sysctl tree: a value longer than one write can carry is refused") {
  const TemporaryDirectory root;
  root.put("proc/sys/net/ipv4/ip_local_reserved_ports", "1\n");
  ProcSysctlTree tree(root.path());
  const std::string ports(kLongestValueBytes + 1, '1');

  CHECK(tree.write(name("net.ipv4.ip_local_reserved_ports"), value(ports)).error().kind ==
        ErrorKind::kRejected);
  CHECK(root.text("proc/sys/net/ipv4/ip_local_reserved_ports") == "1\n");
}

TEST_CASE("sysctl tree: a long value is read as a whole") {
  const TemporaryDirectory root;
  std::string ports = "1";
  for (int port = 3; port < 20000; port += 2) ports += "," + std::to_string(port);
  root.put("proc/sys/net/ipv4/ip_local_reserved_ports", ports + "\n");

  CHECK(ProcSysctlTree(root.path()).read(name("net.ipv4.ip_local_reserved_ports"))->text() ==
        ports);
}

TEST_CASE("socket table: /proc/net/tcp is read line by line, both address families") {
  const TemporaryDirectory root;
  root.put("proc/net/tcp",
           "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n"
           "   0: 00000000:0016 00000000:0000 0A 00000000:00000003 00:00000000 00000000     0\n"
           "   1: 0100000A:9C40 0500000A:1F90 06 00000000:00000000 03:00001763 00000000     0\n"
           "   2: nonsense\n");
  root.put("proc/net/tcp6",
           "  sl  local_address                         remote_address                        st\n"
           "   0: 0000000000000000FFFF00000100000A:9C41 0000000000000000FFFF00000500000A:1F90 01 "
           "00000000:00000000 00:00000000 00000000\n");
  ProcSocketTable table(root.path());
  std::vector<SocketRow> listeners, connections;

  const auto visited = table.visit([&](const SocketRow& row) { listeners.push_back(row); },
                                   [&](const SocketRow& row) { connections.push_back(row); });

  REQUIRE(visited);
  REQUIRE(listeners.size() == 1);
  CHECK(listeners[0].source_port == 22);
  CHECK(listeners[0].waiting == 3);
  CHECK_FALSE(listeners[0].backlog);
  REQUIRE(connections.size() == 2);
  CHECK(connections[0].source == testing::address("10.0.0.1"));
  CHECK(connections[0].destination == testing::address("10.0.0.5"));
  CHECK(connections[0].destination_port == 8080);
  CHECK(connections[0].expires_in_seconds == 59.87);
  CHECK(connections[1].source == testing::address("10.0.0.1"));
  CHECK(connections[1].state == TcpState::kEstablished);
}

TEST_CASE("socket table: a host without IPv6 has IPv4 sockets all the same") {
  const TemporaryDirectory root;
  root.put("proc/net/tcp", "  sl\n");
  const auto ignore = [](const SocketRow&) {};

  CHECK(ProcSocketTable(root.path()).visit(ignore, ignore));
  CHECK_FALSE(ProcSocketTable(root.path() + "/none").visit(ignore, ignore));
}

}  // namespace advisor::sysctl_tree_test
