#include "rules/compared_load.h"

#include <doctest/doctest.h>

#include "support/builders.h"

namespace advisor::compared_load_test {
namespace {

using testing::Lines;
using testing::listener_row;
using testing::socket_row;

ComparedHost host_of(const std::string& file, const std::vector<SocketRow>& rows) {
  ComparedHost host;
  host.file = file;
  host.report.snapshot = testing::idle_host();
  host.report.snapshot.sockets = testing::load_of(rows);
  return host;
}

std::string text_of(const std::optional<double>& number) {
  return number ? std::to_string(int64_t(*number)) : "-";
}

Lines load_of(const ComparedHost& before, const ComparedHost& after) {
  Comparison comparison;
  compare_load(before, after, comparison);
  Lines lines;
  for (const ComparedNumber& one : comparison.load) {
    lines.push_back(std::string(name_of(one.kind)) + " " + one.subject + ": " +
                    text_of(one.before) + " -> " + text_of(one.after));
  }
  for (const std::string& unknown : comparison.load_unknown) lines.push_back(unknown);
  return lines;
}

std::vector<SocketRow> connections(int count, const std::string& to = "10.0.0.5",
                                   int first = 33000) {
  std::vector<SocketRow> rows;
  for (int i = 0; i < count; ++i) {
    rows.push_back(socket_row(TcpState::kEstablished, first + i, to));
  }
  return rows;
}

std::vector<SocketRow> together(std::vector<SocketRow> rows, const std::vector<SocketRow>& more) {
  rows.insert(rows.end(), more.begin(), more.end());
  return rows;
}

}  // namespace

TEST_CASE("compared load: sockets and ports are told from ten more and from a quarter more on") {
  const ComparedHost few = host_of("a", connections(100));

  CHECK(load_of(few, host_of("b", connections(109))) == Lines{});
  CHECK(load_of(few, host_of("b", connections(133))) == Lines{});
  CHECK(load_of(few, host_of("b", connections(134))) ==
        Lines{"client ESTAB: 100 -> 134", "ports 10.0.0.5:8080 from 10.0.0.1: 100 -> 134"});
  CHECK(load_of(host_of("a", connections(0)), host_of("b", connections(9))) == Lines{});
  CHECK(load_of(host_of("a", connections(10)), host_of("b", connections(0))) ==
        Lines{"client ESTAB: 10 -> 0", "ports 10.0.0.5:8080 from 10.0.0.1: 10 -> 0"});
}

TEST_CASE("compared load: the destination that changed most comes first") {
  CHECK(load_of(host_of("a", together(connections(20), connections(60, "10.0.0.6", 34000))),
                host_of("b", together(connections(40), connections(20, "10.0.0.6", 34000)))) ==
        Lines{"client ESTAB: 80 -> 60", "ports 10.0.0.6:8080 from 10.0.0.1: 60 -> 20",
              "ports 10.0.0.5:8080 from 10.0.0.1: 20 -> 40"});
}

TEST_CASE("compared load: a destination that is not listed is not one without ports") {
  ComparedHost before = host_of("a", connections(60, "10.0.0.6"));
  before.report.snapshot.sockets->tail.destinations = 1;

  // It may have had up to 60.
  CHECK(load_of(before, host_of("b", together(connections(60, "10.0.0.6"),
                                              connections(40, "10.0.0.5", 34000)))) ==
        Lines{"client ESTAB: 60 -> 100"});
  CHECK(load_of(before, host_of("b", together(connections(60, "10.0.0.6"),
                                              connections(90, "10.0.0.5", 34000)))) ==
        Lines{"client ESTAB: 60 -> 150", "ports 10.0.0.5:8080 from 10.0.0.1: - -> 90"});
}

TEST_CASE("compared load: an accept queue is told if it is full in one of the two alone") {
  const auto queue = [](uint32_t waiting, std::optional<uint32_t> backlog) {
    return host_of("x", {listener_row(80, waiting, backlog)});
  };

  CHECK(load_of(queue(2, 4), queue(5, 4)) == Lines{"queue 0.0.0.0:80: 2 -> 5"});
  CHECK(load_of(queue(5, 4), queue(2, 4)) == Lines{"queue 0.0.0.0:80: 5 -> 2"});
  CHECK(load_of(queue(2, 128), queue(5, 128)) == Lines{});
  CHECK(load_of(queue(2, 128), queue(50, 128)) == Lines{"queue 0.0.0.0:80: 2 -> 50"});
  CHECK(load_of(queue(2, std::nullopt), queue(5, std::nullopt)) == Lines{});
  CHECK(load_of(host_of("x", {}), queue(129, 128)) == Lines{"queue 0.0.0.0:80: - -> 129"});
}

TEST_CASE("compared load: where addresses were replaced, ports alone are told apart") {
  const std::vector<SocketRow> before =
      together(connections(50, "10.0.0.1"), connections(50, "10.0.0.2", 34000));
  std::vector<SocketRow> after =
      together(connections(50, "10.9.0.1"), connections(52, "10.9.0.2", 34000));
  ComparedHost was = host_of("a", before);
  was.anonymized = true;
  CHECK(load_of(was, host_of("b", after)) == Lines{});

  after = together(after, connections(200, "10.9.0.3", 35000));
  after.push_back(listener_row(80, 50, 20, "10.9.0.7"));
  CHECK(load_of(was, host_of("b", after)) ==
        Lines{"client ESTAB: 100 -> 302", "ports *:8080: 100 -> 302", "queue *:80: - -> 50"});
}

TEST_CASE("compared load: what could not be read in one of the two is said") {
  ComparedHost unread = host_of("a", {});
  unread.report.snapshot.sockets = Error{ErrorKind::kDenied, "not for you", 0};
  unread.report.snapshot.counters = {};
  const ComparedHost whole = host_of("b", connections(50));

  CHECK(load_of(unread, whole) ==
        Lines{"a has no sockets: not for you", "a has no rates, since it is of one sample"});
  CHECK(load_of(whole, unread) ==
        Lines{"a has no sockets: not for you", "a has no rates, since it is of one sample"});
  ComparedHost once = whole;
  once.report.snapshot.counters = {};
  CHECK(load_of(once, once) == Lines{"neither has rates, since each is of one sample"});
}

TEST_CASE("compared load: figures differ by what is little of their unit") {
  const auto figures = [](double rate, double bytes, double entries) {
    ComparedHost host = host_of("x", {});
    host.figures = {{"connections.incoming_per_second", rate},
                    {"host.available_bytes", bytes},
                    {"conntrack.count", entries}};
    return host;
  };
  constexpr double kMiB = 1048576;

  CHECK(load_of(figures(0, 0, 0), figures(0.9, 15 * kMiB, 9)) == Lines{});
  CHECK(load_of(figures(0, 0, 0), figures(1, 16 * kMiB, 10)) ==
        Lines{"figure connections.incoming_per_second: 0 -> 1", "figure conntrack.count: 0 -> 10",
              "figure host.available_bytes: 0 -> 16777216"});
  CHECK(load_of(figures(100, 100 * kMiB, 100), figures(80, 80 * kMiB, 120)) == Lines{});
}

TEST_CASE("compared load: a figure that one of the two does not have is not 0 there") {
  ComparedHost with = host_of("x", {});
  with.figures = {{"conntrack.count", 5000}};

  CHECK(load_of(host_of("y", {}), with) == Lines{});
}

TEST_CASE("compared load: figures are rates, memory and what is in use, as far as they are known") {
  Snapshot snapshot = testing::idle_host();
  testing::count(snapshot, "TcpExt.ListenOverflows", 7);
  testing::set(snapshot, "fs.file-nr", "1448\t0\t2466170");
  testing::set_unreadable(snapshot, "fs.aio-nr");
  testing::set(snapshot, "net.netfilter.nf_conntrack_count", "70");

  const Figures figures = figures_of(snapshot);

  CHECK(figures.at("tcp.listen_overflows_per_second") == 7);
  CHECK(figures.at("host.memory_bytes") == double(int64_t{4} << 30));
  CHECK(figures.at("fs.file-nr") == 1448);
  CHECK(figures.at("conntrack.count") == 70);
  CHECK_FALSE(figures.contains("fs.aio-nr"));
  CHECK_FALSE(figures.contains("host.available_bytes"));
  CHECK_FALSE(figures.contains("host.kernel_major"));
  CHECK_FALSE(figures.contains("tcp.time_wait_overflows_since_boot"));
}

}  // namespace advisor::compared_load_test
