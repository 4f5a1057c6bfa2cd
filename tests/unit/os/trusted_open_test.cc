#include "os/trusted_open.h"

#include <doctest/doctest.h>

#include "os/file_store.h"
#include "support/temporary_directory.h"

namespace advisor {
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

TEST_CASE("trusted files: root reads what only root can change, even below /tmp") {
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

TEST_CASE("trusted files: a copied tree is taken as it is") {
  const TemporaryDirectory directory;
  const std::string file = directory.put("f", "x");
  REQUIRE(chmod(file.c_str(), 0666) == 0);

  CHECK(PosixFileStore(directory.path(), Trust::kTaken).read_trusted("/f"));
}

}  // namespace advisor
