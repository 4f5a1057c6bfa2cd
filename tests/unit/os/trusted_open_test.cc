#include "os/trusted_open.h"

#include <doctest/doctest.h>

#include "os/file_store.h"
#include "support/temporary_directory.h"

namespace advisor::trusted_open_test {
namespace {

using testing::TemporaryDirectory;

constexpr uid_t kNobody = 65534;

bool runs_as_root() {
  if (geteuid() == 0) return true;
  MESSAGE("skipped: only root can tell files of root from others");
  return false;
}

/// Why a file would not be opened; empty if it would.
std::string refusal(const std::string& path) {
  const auto file = open_trusted(path);
  if (file) return "";
  CHECK(file.error().kind == ErrorKind::kRejected);
  return file.error().message;
}

bool says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("trusted files: root reads what only root can change") {
  if (!runs_as_root()) return;
  const TemporaryDirectory directory;
  const std::string file = directory.put("a/b/profile.toml", "name = 'x'\n");

  CHECK(refusal(file).empty());
  CHECK(*PosixFileStore("").read_trusted(file) == "name = 'x'\n");
}

TEST_CASE("trusted files: a file that others can write is refused") {
  if (!runs_as_root()) return;
  const TemporaryDirectory directory;
  const std::string file = directory.put("f", "x");

  REQUIRE(chmod(file.c_str(), 0664) == 0);
  CHECK(says(refusal(file), "can be written by others"));
  REQUIRE(chmod(file.c_str(), 0646) == 0);
  CHECK(says(refusal(file), "can be written by others"));
  REQUIRE(chmod(file.c_str(), 01666) == 0);
  CHECK(says(refusal(file), "can be written by others"));
}

TEST_CASE("trusted files: a file of somebody else is refused") {
  if (!runs_as_root()) return;
  const TemporaryDirectory directory;
  const std::string file = directory.put("f", "x");
  REQUIRE(chown(file.c_str(), kNobody, 0) == 0);

  CHECK(says(refusal(file), file + " does not belong to root"));
}

TEST_CASE("trusted files: a directory above that others can change is refused and named") {
  if (!runs_as_root()) return;
  const TemporaryDirectory directory;
  const std::string file = directory.put("open/d/f", "x");
  const std::string open_directory = directory.path() + "/open";

  REQUIRE(chmod(open_directory.c_str(), 0775) == 0);
  CHECK(says(refusal(file), open_directory + " can be written by others"));
  REQUIRE(chmod(open_directory.c_str(), 0755) == 0);
  REQUIRE(chown(open_directory.c_str(), kNobody, 0) == 0);
  CHECK(says(refusal(file), open_directory + " does not belong to root"));
}

TEST_CASE("trusted files: of what stands where anybody can put names, directories are root's own") {
  if (!runs_as_root()) return;
  const TemporaryDirectory directory;
  const std::string below = directory.put("shared/d/f", "x");
  const std::string within = directory.put("shared/f", "x");
  const std::string shared = directory.path() + "/shared";
  REQUIRE(chmod(shared.c_str(), 01777) == 0);
  PosixFileStore files("");

  CHECK(refusal(below).empty());
  CHECK(says(refusal(within), shared + " can be written by others"));
  CHECK_FALSE(files.read_trusted(within));
  CHECK_FALSE(files.replace(within, "new", 0600));
  CHECK(directory.text("shared/f") == "x");

  REQUIRE(chmod(shared.c_str(), 0777) == 0);
  CHECK(says(refusal(below), shared + " can be written by others"));
}

TEST_CASE("trusted files: what is no file is not opened at all") {
  if (!runs_as_root()) return;
  const TemporaryDirectory directory;
  const std::string pipe = directory.path() + "/pipe";
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);

  CHECK(says(refusal(pipe), "no regular file"));
  CHECK(says(refusal(directory.path()), "no regular file"));
}

TEST_CASE("trusted files: a symbolic link is refused, as a file and on the way") {
  if (!runs_as_root()) return;
  const TemporaryDirectory directory;
  const std::string file = directory.put("real/f", "x");
  std::filesystem::create_symlink(file, directory.path() + "/link");
  std::filesystem::create_symlink(directory.path() + "/real", directory.path() + "/way");

  CHECK(says(refusal(directory.path() + "/link"), "is a symbolic link"));
  CHECK(says(refusal(directory.path() + "/way/f"), "is a symbolic link"));
}

TEST_CASE("trusted files: a missing file is not found, and not refused") {
  if (!runs_as_root()) return;
  const TemporaryDirectory directory;

  CHECK(open_trusted(directory.path() + "/none").error().kind == ErrorKind::kNotFound);
}

TEST_CASE("trusted files: nothing is written where others can write, or through a link") {
  if (!runs_as_root()) return;
  const TemporaryDirectory directory;
  directory.put("open/f", "old");
  directory.put("real/f", "old");
  REQUIRE(chmod((directory.path() + "/open").c_str(), 0777) == 0);
  std::filesystem::create_symlink(directory.path() + "/real", directory.path() + "/way");
  PosixFileStore files("");

  for (const std::string place : {"open", "way"}) {
    const std::string below = directory.path() + "/" + place;
    const Status replaced = files.replace(below + "/f", "new", 0600);
    REQUIRE_FALSE(replaced);
    CHECK(says(replaced.error().message, "will not write in " + below + " as root"));
    CHECK_FALSE(files.remove(below + "/f"));
    CHECK_FALSE(files.make_directory(below + "/d", 0700));
    CHECK_FALSE(files.lock(below + "/lock", std::chrono::milliseconds(0)));
  }
  CHECK(directory.text("open/f") == "old");
  CHECK(directory.text("real/f") == "old");
  CHECK_FALSE(directory.has("open/lock"));
}

TEST_CASE("trusted files: no link of a copied tree leads a write out of it") {
  const TemporaryDirectory directory;
  directory.put("outside/f", "old");
  directory.put("tree/etc/x", "");
  std::filesystem::create_symlink(directory.path() + "/outside",
                                  directory.path() + "/tree/etc/sysctl.d");
  PosixFileStore files(directory.path() + "/tree", Trust::kTaken);

  CHECK_FALSE(files.replace("/etc/sysctl.d/f", "new", 0600));
  CHECK(directory.text("outside/f") == "old");
}

TEST_CASE("trusted files: a file that was named is put into the very directory that was named") {
  if (!runs_as_root()) return;
  const TemporaryDirectory directory;
  directory.put("theirs/metrics/old.prom", "");
  directory.put("open/metrics/old.prom", "");
  directory.put("elsewhere/metrics/old.prom", "");
  const std::string top = directory.path();
  std::filesystem::create_symlink(top + "/elsewhere", top + "/theirs/link");
  REQUIRE(chown((top + "/theirs").c_str(), kNobody, kNobody) == 0);
  REQUIRE(chmod((top + "/theirs").c_str(), 0775) == 0);
  REQUIRE(chmod((top + "/open").c_str(), 0777) == 0);

  CHECK(open_named_directory(top + "/theirs/metrics"));
  CHECK(open_named_directory(top + "/theirs"));
  const auto by_link = open_named_directory(top + "/theirs/link/metrics");
  REQUIRE_FALSE(by_link);
  CHECK(says(by_link.error().message, top + "/theirs/link is a symbolic link"));
  const auto open_to_all = open_named_directory(top + "/open/metrics");
  REQUIRE_FALSE(open_to_all);
  CHECK(says(open_to_all.error().message, top + "/open can be written by everybody"));
  REQUIRE(chmod((top + "/open").c_str(), 01777) == 0);
  CHECK(open_named_directory(top + "/open/metrics"));
}

TEST_CASE("trusted files: a lock of somebody else is not used, and others cannot hold ours") {
  if (!runs_as_root()) return;
  const TemporaryDirectory directory;
  const std::string lock = directory.put("lock", "");
  PosixFileStore files(directory.path());

  REQUIRE(chmod(lock.c_str(), 0644) == 0);
  CHECK(files.lock("/lock", std::chrono::milliseconds(0)));
  CHECK(directory.mode("lock") == 0600);
  REQUIRE(chown(lock.c_str(), kNobody, 0) == 0);
  const auto refused = files.lock("/lock", std::chrono::milliseconds(0));
  REQUIRE_FALSE(refused);
  CHECK(says(refused.error().message, "somebody else's"));
}

TEST_CASE("trusted files: a private directory is made so, once") {
  if (!runs_as_root()) return;
  const TemporaryDirectory directory;
  directory.put("state/x", "");
  PosixFileStore files(directory.path());

  const auto first = files.make_private("/state");
  const auto second = files.make_private("/state");

  CHECK((first && *first));
  CHECK((second && !*second));
  CHECK(directory.mode("state") == 0700);
  REQUIRE(chmod((directory.path() + "/state").c_str(), 0777) == 0);
  CHECK_FALSE(files.make_private("/state"));
}

TEST_CASE("trusted files: a copied tree is taken as it is") {
  const TemporaryDirectory directory;
  const std::string file = directory.put("f", "x");
  REQUIRE(chmod(file.c_str(), 0666) == 0);

  CHECK(PosixFileStore(directory.path(), Trust::kTaken).read_trusted("/f"));
}

}  // namespace advisor::trusted_open_test
