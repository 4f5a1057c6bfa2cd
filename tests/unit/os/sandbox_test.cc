#include "os/sandbox.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>

#include "os/child.h"
#include "os/file_store.h"
#include "os/sysctl_tree.h"
#include "support/temporary_directory.h"

namespace advisor::sandbox_test {
namespace {

using testing::TemporaryDirectory;

/// What became of an attempt to write: "written", or the text of errno.
std::string attempt(const std::string& path, int flags = O_WRONLY | O_TRUNC) {
  const UniqueFd file(open(path.c_str(), flags | O_CLOEXEC, 0600));
  if (!file) return errno == EACCES ? "denied" : "error " + std::to_string(errno);
  return "written";
}

bool has_landlock() {
  if (sandbox_version() > 0) return true;
  MESSAGE("skipped: this kernel has no Landlock");
  return false;
}

/// What `work` says in a sandbox of these rules.
std::string in_sandbox(const SandboxRules& rules, const std::function<std::string()>& work) {
  const auto said = run_in_child([&]() -> Result<std::string> {
    const auto version = enter_sandbox(rules);
    if (!version) return version.error();
    return work();
  });
  return said ? *said : said.error().message;
}

/// Nothing that this test writes may reach the machine: only in a network namespace of its own.
bool is_private_host() {
  return access("/proc/sys/net/core/netdev_max_backlog", F_OK) != 0 &&
         access("/proc/sys/net/ipv4/tcp_fin_timeout", W_OK) == 0;
}

}  // namespace

TEST_CASE("sandbox: only the files that are named can be written, and all can be read") {
  if (!has_landlock()) return;
  const TemporaryDirectory directory;
  const std::string planned = directory.put("sys/planned", "1\n");
  const std::string other = directory.put("sys/other", "2\n");

  CHECK(in_sandbox({.files = {planned}}, [&] { return attempt(planned); }) == "written");
  CHECK(in_sandbox({.files = {planned}}, [&] { return attempt(other); }) == "denied");
  CHECK(in_sandbox({.files = {planned}},
                   [&] { return attempt(directory.path() + "/new", O_CREAT); }) == "denied");
  CHECK(in_sandbox({.files = {planned}}, [&] { return *PosixFileStore("").read(other); }) == "2\n");
  CHECK(attempt(other) == "written");
}

TEST_CASE(
    "sandbox: files are replaced and removed in the directories that are named, and only there") {
  if (!has_landlock()) return;
  const TemporaryDirectory directory;
  directory.put("state/x", "");
  directory.put("drop-ins/a.conf", "old\n");
  directory.put("etc/passwd", "root\n");
  const SandboxRules rules{.directories = {directory.path() + "/drop-ins"},
                           .trees = {directory.path() + "/state"}};

  const std::string said = in_sandbox(rules, [&] {
    PosixFileStore files(directory.path());
    std::string text;
    const auto add = [&](const Status& status) { text += status ? "yes " : "no "; };
    add(files.make_directory("/state/transactions/1", 0700));
    add(files.replace("/state/transactions/1/journal.json", "{}", 0600));
    add(files.replace("/drop-ins/a.conf", "new\n", 0644));
    add(files.remove("/drop-ins/a.conf"));
    add(files.make_directory("/drop-ins/below", 0755));
    add(files.replace("/etc/passwd", "me\n", 0644));
    add(files.remove("/etc/passwd"));
    return text;
  });

  CHECK(said == "yes yes yes yes no no no ");
  CHECK(directory.text("etc/passwd") == "root\n");
}

TEST_CASE("sandbox: no program can be run, and no TCP connection opened or accepted") {
  if (!has_landlock()) return;

  CHECK(in_sandbox({}, [] {
          execl("/bin/true", "true", nullptr);
          return std::to_string(errno);
        }) == std::to_string(EACCES));
  if (sandbox_version() < 4) return;
  const std::string refused = std::to_string(EACCES);
  CHECK(in_sandbox({}, [] {
          const UniqueFd connection(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
          sockaddr_in where{};
          where.sin_family = AF_INET;
          where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
          const auto* address = reinterpret_cast<const sockaddr*>(&where);
          std::string text;
          text += bind(connection.get(), address, sizeof where) == 0 ? "0" : std::to_string(errno);
          where.sin_port = htons(9);
          text += " ";
          text +=
              connect(connection.get(), address, sizeof where) == 0 ? "0" : std::to_string(errno);
          return text;
        }) == refused + " " + refused);
}

TEST_CASE("sandbox: of the parameters of the kernel only the planned ones can be written") {
  if (!has_landlock()) return;
  if (!is_private_host()) {
    MESSAGE("skipped: it writes parameters, and this is no private host");
    return;
  }
  ProcSysctlTree tree("");
  const ParameterName planned = *ParameterName::parse("net.ipv4.tcp_fin_timeout");
  const ParameterName other = *ParameterName::parse("net.ipv4.tcp_syn_retries");

  const std::string said = in_sandbox({.files = {"/proc/sys/" + planned.path()}}, [&] {
    const Status one = tree.write(planned, ParameterValue("47"));
    const Status two = tree.write(other, ParameterValue("5"));
    return std::string(one ? "written" : one.error().message) + "; " +
           (two ? "written" : std::to_string(two.error().os_error));
  });

  CHECK(said == "written; " + std::to_string(EACCES));
  CHECK(tree.read(planned)->text() == "47");
  CHECK(tree.read(other)->text() != "5");
}

TEST_CASE("sandbox: what does not exist is left out") {
  if (!has_landlock()) return;
  const TemporaryDirectory directory;

  CHECK(in_sandbox({.files = {directory.path() + "/none"}}, [] { return "in"; }) == "in");
}

}  // namespace advisor::sandbox_test
