#include "collect/host_lines.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "support/temporary_directory.h"

namespace advisor::host_lines_test {
namespace {

/// A whole line of a host with one of everything.
const std::string kLine =
    R"({"schema":"sysctl-advisor/host/1","version":"0.1.0","status":"partial","error":null,)"
    R"("host":{"id":"0011","name":"web-1","inventory_name":null,"netns":"blue","kernel":"6.1.0","boot_id":null},)"
    R"("labels":["rack-1"],"taken":"2026-11-30T11:00:00Z","interval_seconds":1.0,"as_root":true,)"
    R"("profiles":["baseline"],"profile_hash":"0123456789abcdef","asks":1,"worst":"warning","counts":{},)"
    R"("findings":[{"rule":"r","severity":"warning","title":"T","profile":"baseline","evidence":"e","remedy":null,)"
    R"("figures":[],"changes":[{"parameter":"net.core.somaxconn","now":"128","advised":"4096"}]}],)"
    R"("unknown":[{"rule":"u","missing":["m"]}],)"
    R"("destinations":[{"source":"10.0.0.1","destination":"10.0.0.5","port":8080,"ports_in_use":7,)"
    R"("ports_in_time_wait":3,"usable_ports":28232,"opened_per_second":null}],"listeners":[],)"
    R"("transaction":{"id":"3","state":"provisional","deadline":"2026-11-30T11:05:00Z",)"
    R"("drift":[{"parameter":"vm.swappiness","applied":"10","now":null}]},)"
    R"("boot":{"lost":["net.a"],"not_in_effect":["/etc/sysctl.d/1.conf:3"]}})";

std::string replaced(std::string text, const std::string& part, const std::string& other) {
  REQUIRE(text.find(part) != std::string::npos);
  return text.replace(text.find(part), part.size(), other);
}

/// The names of the hosts, and what was wrong.
struct Read {
  std::vector<std::string> hosts;
  std::vector<std::string> problems;
};

Read read_all(const std::vector<std::string>& names) {
  Read read;
  visit_host_lines(names, {[&](HostLine line) { read.hosts.push_back(line.name); },
                           [&](const std::string& problem) { read.problems.push_back(problem); }});
  return read;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("host lines: a line is read with all that a report needs") {
  const auto line = parse_host_line(kLine);

  REQUIRE(line);
  CHECK(line->state == AuditState::kPartial);
  CHECK(line->id == "0011");
  CHECK(line->name == "web-1");
  CHECK(line->inventory_name == "");
  CHECK(line->netns == "blue");
  CHECK(line->taken == 1796036400);
  CHECK(line->findings.at(0).severity == Severity::kWarning);
  CHECK(line->findings.at(0).changes.at(0).advised == "4096");
  CHECK(line->unknown.at(0).missing == Texts{"m"});
  CHECK(line->destinations.at(0).address.text() == "10.0.0.5");
  CHECK(line->transaction->deadline == "2026-11-30T11:05:00Z");
  CHECK_FALSE(line->transaction->drift.at(0).now);
  CHECK(line->boot->lost == Texts{"net.a"});
}

TEST_CASE("host lines: what is wrong with a line says where in it, or what it is instead") {
  const auto why = [](const std::string& text) { return parse_host_line(text).error().message; };

  CHECK(why("Warning: Permanently added 'web-1' to the list of known hosts.") ==
        "this is no host line but other text: \"Warning: Permanently added 'web-1' to the list of "
        "known h...\"");
  CHECK(why(kLine.substr(0, 100)) ==
        "not a JSON document: it ends before it is complete (column 100)");
  CHECK(why(kLine + kLine).starts_with("not a JSON document (column "));
  CHECK(why(replaced(kLine, "host/1", "host/2")) ==
        "it has sysctl-advisor/host/2, and this program reads sysctl-advisor/host/1; use the "
        "sysctl-advisor that wrote it, version 0.1.0");
  CHECK(why("{}") == "$.schema: this is not what `sysctl-advisor audit --format jsonl` writes");
  CHECK(why(replaced(kLine, "\"partial\"", "\"fine\"")) ==
        "$.status: must be \"ok\", \"partial\" or \"failed\"");
  CHECK(why(replaced(kLine, "\"port\":8080", "\"port\":\"8080\"")) ==
        "$.destinations[0].port: must be a whole number from 0 to 65535");
  CHECK(why(replaced(kLine, "2026-11-30T11:00:00Z", "yesterday")) ==
        "$.taken: must be a time such as 2026-11-30T07:22:00Z");
  CHECK(why(replaced(kLine, "\"labels\":[\"rack-1\"],", "")) ==
        "$: the member \"labels\" is missing");
}

TEST_CASE("host lines: of a file each line is read by itself, and what is wrong has its place") {
  const testing::TemporaryDirectory directory;
  const std::string file =
      directory.put("hosts", "a banner\n" + kLine + "\n\n" + kLine.substr(0, 50));

  const Read read = read_all({file});

  CHECK(read.hosts == Texts{"web-1"});
  REQUIRE(read.problems.size() == 2);
  CHECK(read.problems[0].starts_with(file + ":1: this is no host line"));
  CHECK(read.problems[1].starts_with(file + ":4: not a JSON document"));
}

TEST_CASE("host lines: a line of more than a megabyte is not kept") {
  const testing::TemporaryDirectory directory;
  const std::string file = directory.put("hosts", std::string(3 << 20, '{') + "\n" + kLine + "\n");

  const Read read = read_all({file});

  CHECK(read.hosts.size() == 1);
  CHECK(read.problems == Texts{file + ":1: the line is longer than 1 MiB"});
}

TEST_CASE("host lines: of a directory the files *.jsonl are read, and none below it") {
  const testing::TemporaryDirectory directory;
  const auto named = [](const std::string& name) { return replaced(kLine, "web-1", name) + "\n"; };
  directory.put("b.jsonl", named("b"));
  directory.put("a.jsonl", named("a"));
  directory.put("c.json", named("c"));
  directory.put("below/d.jsonl", named("d"));
  REQUIRE(mkfifo((directory.path() + "/pipe.jsonl").c_str(), 0600) == 0);

  const Read read = read_all({directory.path()});

  CHECK(read.hosts == Texts{"a", "b"});
  CHECK(read.problems ==
        Texts{"cannot read " + directory.path() + "/pipe.jsonl: it is no regular file"});
}

TEST_CASE("host lines: a directory without such files, and a file that is not there, are told") {
  const testing::TemporaryDirectory directory;

  const Read read = read_all({directory.path(), directory.path() + "/none"});

  CHECK(read.problems ==
        Texts{directory.path() + ": it holds no file *.jsonl",
              "cannot read " + directory.path() + "/none: no such file or directory"});
}

}  // namespace advisor::host_lines_test
