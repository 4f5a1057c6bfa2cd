#include "os/named_file.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "support/temporary_directory.h"

namespace advisor::named_file_test {

TEST_CASE("named file: what is written is private, and replaces what stood there") {
  const testing::TemporaryDirectory directory;
  const std::string path = directory.put("snapshot", "old");

  REQUIRE(write_named_file(path, "new"));

  CHECK(directory.text("snapshot") == "new");
  CHECK(directory.mode("snapshot") == 0600);
  CHECK_FALSE(directory.has("snapshot.new"));
  CHECK(*read_named_file(path, 3) == "new");
}

TEST_CASE("named file: somebody's file beside it is left, whatever its name") {
  const testing::TemporaryDirectory directory;
  directory.put("snapshot.new", "somebody's");

  REQUIRE(write_named_file(directory.path() + "/snapshot", "new"));

  CHECK(directory.text("snapshot") == "new");
  CHECK(directory.text("snapshot.new") == "somebody's");
}

TEST_CASE("named file: a link, a device or a directory is not replaced") {
  const testing::TemporaryDirectory directory;
  const std::string target = directory.put("target", "old");
  const std::string link = directory.path() + "/link";
  REQUIRE(symlink(target.c_str(), link.c_str()) == 0);

  for (const std::string& path : {link, std::string("/dev/null"), directory.path()}) {
    CAPTURE(path);
    CHECK(write_named_file(path, "new").error().kind == ErrorKind::kRejected);
  }
  CHECK(directory.text("target") == "old");
}

TEST_CASE("named file: an answer can be read by all, whatever the umask is") {
  const testing::TemporaryDirectory directory;
  const std::string path = directory.put("host.prom", "old");
  const mode_t mask = umask(077);

  const Status written = replace_named_file(path, "new");

  umask(mask);
  REQUIRE(written);
  CHECK(directory.text("host.prom") == "new");
  CHECK(directory.mode("host.prom") == 0644);
}

TEST_CASE("named file: an answer takes the place of a link, and not of what it leads to") {
  const testing::TemporaryDirectory directory;
  const std::string target = directory.put("target", "old");
  const std::string link = directory.path() + "/link";
  REQUIRE(symlink(target.c_str(), link.c_str()) == 0);

  REQUIRE(replace_named_file(link, "new"));

  CHECK(directory.text("target") == "old");
  CHECK(directory.text("link") == "new");
  CHECK_FALSE(std::filesystem::is_symlink(link));
}

TEST_CASE("named file: an answer takes the place of no device, directory or standard stream") {
  const testing::TemporaryDirectory directory;
  const std::string stream = directory.path() + "/stdout";
  REQUIRE(symlink("/proc/self/fd/1", stream.c_str()) == 0);

  for (const std::string& path : {stream, std::string("/dev/null"), directory.path()}) {
    CAPTURE(path);
    CHECK(replace_named_file(path, "new").error().kind == ErrorKind::kRejected);
  }
  CHECK(std::filesystem::is_symlink(stream));
}

TEST_CASE("named file: what a killed process of the same number left is no hindrance") {
  const testing::TemporaryDirectory directory;
  const std::string left = "host.prom." + std::to_string(getpid()) + ".new";
  directory.put(left, "half");

  REQUIRE(replace_named_file(directory.path() + "/host.prom", "new"));

  CHECK(directory.text("host.prom") == "new");
  CHECK(directory.text(left) == "half");
}

TEST_CASE("named file: one that is too large is not read to its end") {
  const testing::TemporaryDirectory directory;
  const std::string path = directory.put("file", std::string((1 << 20) + 1, 'x'));

  const auto text = read_named_file(path, 1 << 20);

  REQUIRE_FALSE(text);
  CHECK(text.error().message == path + ": it is larger than 1 MiB");
  CHECK(read_named_file("/dev/zero", 1 << 20).error().kind == ErrorKind::kCorrupt);
  CHECK(read_named_file(directory.path() + "/none", 1).error().kind == ErrorKind::kNotFound);
}

}  // namespace advisor::named_file_test
