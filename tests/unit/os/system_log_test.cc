#include "os/system_log.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

#include "os/unique_fd.h"
#include "support/temporary_directory.h"

namespace advisor::system_log_test {
namespace {

sockaddr_un address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

/// Somebody who listens, and answers nothing.
UniqueFd listener(const std::string& path, int type) {
  UniqueFd log(socket(AF_UNIX, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const sockaddr_un address = address_of(path);
  REQUIRE(bind(log.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  if (type == SOCK_STREAM) REQUIRE(listen(log.get(), 1) == 0);
  return log;
}

std::string received(int fd) {
  char buffer[4096];
  const ssize_t size = recv(fd, buffer, sizeof buffer, MSG_DONTWAIT);
  return size > 0 ? std::string(buffer, size_t(size)) : std::string();
}

}  // namespace

TEST_CASE("system log: a record is one datagram as syslog expects it") {
  const testing::TemporaryDirectory directory;
  const UniqueFd log = listener(directory.path() + "/log", SOCK_DGRAM);

  log_to_socket(directory.path() + "/log", SystemLogPriority::kNotice, "done\x1b[31m\nat once");

  const std::string record = received(log.get());
  CHECK(record.starts_with("<29>"));
  CHECK(record.size() > std::string("<29>Nov 29 01:02:03 ").size());
  CHECK(record.substr(19, 16) == " sysctl-advisor[");
  CHECK(record.ends_with("]: done?[31m?at once"));
  CHECK(received(log.get()).empty());
}

TEST_CASE("system log: what went wrong is an error, and a long record is cut") {
  const testing::TemporaryDirectory directory;
  const UniqueFd log = listener(directory.path() + "/log", SOCK_DGRAM);

  log_to_socket(directory.path() + "/log", SystemLogPriority::kError, std::string(3000, 'x'));

  const std::string record = received(log.get());
  CHECK(record.starts_with("<27>"));
  CHECK(record.size() == 900);
  CHECK(record.ends_with("x..."));
}

TEST_CASE("system log: one that listens for streams gets a zero at the end") {
  const testing::TemporaryDirectory directory;
  const UniqueFd log = listener(directory.path() + "/log", SOCK_STREAM);

  log_to_socket(directory.path() + "/log", SystemLogPriority::kNotice, "done");

  const UniqueFd taken(accept(log.get(), nullptr, nullptr));
  REQUIRE(taken);
  CHECK(received(taken.get()).ends_with(std::string("]: done\0", 8)));
}

TEST_CASE("system log: one whose queue is full is not waited for, nor is one that takes nobody") {
  for (const int type : {SOCK_DGRAM, SOCK_STREAM}) {
    const testing::TemporaryDirectory directory;
    const std::string path = directory.path() + "/log";
    const UniqueFd log = listener(path, type);

    // Would end with the timeout of the test if one of them waited.
    for (int i = 0; i < 3000; ++i) log_to_socket(path, SystemLogPriority::kNotice, "x");

    CHECK(type == (received(log.get()).empty() ? SOCK_STREAM : SOCK_DGRAM));
  }
}

TEST_CASE("system log: what is no log is passed over") {
  const testing::TemporaryDirectory directory;
  const std::string path = directory.path() + "/log";
  log_to_socket(path, SystemLogPriority::kNotice, "absent");
  log_to_socket(directory.path(), SystemLogPriority::kNotice, "a directory");
  log_to_socket(std::string(200, 'x'), SystemLogPriority::kNotice, "a long name");
  REQUIRE(mkfifo(path.c_str(), 0600) == 0);

  log_to_socket(path, SystemLogPriority::kNotice, "a pipe");

  struct stat status{};
  CHECK(stat(path.c_str(), &status) == 0);
}

}  // namespace advisor::system_log_test
