#include "os/file_store.h"

#include <doctest/doctest.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>
#include <filesystem>

#include "support/temporary_directory.h"

namespace advisor::file_store_test {
namespace {

using testing::TemporaryDirectory;

/// The umask, until it goes out of scope.
class Umask {
 public:
  explicit Umask(mode_t mask) : before_(umask(mask)) {}
  ~Umask() { umask(before_); }

 private:
  mode_t before_;
};

/// Another process that holds a lock until it goes out of scope.
class LockHolder {
 public:
  explicit LockHolder(const std::string& root) {
    int ready[2];
    if (pipe(ready) != 0) std::abort();
    pid_ = fork();
    if (pid_ == 0) {
      PosixFileStore files(root);
      const auto held = files.lock("/lock", std::chrono::milliseconds(0));
      const char answer = held ? 'y' : 'n';
      if (write(ready[1], &answer, 1) == 1) pause();
      _exit(0);
    }
    char answer = 0;
    holds_ = read(ready[0], &answer, 1) == 1 && answer == 'y';
    close(ready[0]);
    close(ready[1]);
  }
  ~LockHolder() { end(); }

  void end() {
    if (pid_ <= 0) return;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    pid_ = -1;
  }
  bool holds() const { return holds_; }
  pid_t pid() const { return pid_; }

 private:
  pid_t pid_ = -1;
  bool holds_ = false;
};

}  // namespace

TEST_CASE("files: what is replaced is read back, and nothing is left beside it") {
  const TemporaryDirectory directory;
  PosixFileStore files(directory.path());

  REQUIRE(files.replace("/f", "one\n", 0640));
  REQUIRE(files.replace("/f", "two\n", 0640));

  CHECK(*files.read("/f") == "two\n");
  CHECK(*files.list("/") == std::vector<std::string>{"f"});
  CHECK(directory.mode("f") == 0640);
}

TEST_CASE("files: what is added stands behind what was there, and only we can read it") {
  const TemporaryDirectory directory;
  PosixFileStore files(directory.path());

  REQUIRE(files.append("/f", "one\n"));
  REQUIRE(files.append("/f", "two\n"));

  CHECK(*files.read("/f") == "one\ntwo\n");
  CHECK(directory.mode("f") == 0600);
  CHECK_FALSE(files.append("/nowhere/f", "x"));
}

TEST_CASE("files: what a cut-off replacement left beside a file can be taken away") {
  const TemporaryDirectory directory;
  PosixFileStore files(directory.path());
  directory.put("f.new", "hal");

  CHECK(files.discard_unfinished("/f"));
  CHECK(files.discard_unfinished("/f"));

  CHECK(files.list("/")->empty());
}

TEST_CASE("files: the mode is what was asked for, whatever the umask") {
  const TemporaryDirectory directory;
  const Umask closed(0077);
  PosixFileStore files(directory.path());

  REQUIRE(files.replace("/f", "x", 0644));

  CHECK(directory.mode("f") == 0644);
}

TEST_CASE("files: a directory has the mode that was asked for, whatever the umask") {
  const TemporaryDirectory directory;
  const Umask closed(0077);
  PosixFileStore files(directory.path());

  REQUIRE(files.make_directory("/a/b", 0750));

  CHECK(directory.mode("a") == 0755);
  CHECK(directory.mode("a/b") == 0750);
}

TEST_CASE("files: a directory that exists is left as it is, a file in its place is an error") {
  const TemporaryDirectory directory;
  PosixFileStore files(directory.path());
  REQUIRE(files.make_directory("/a", 0700));

  CHECK(files.make_directory("/a", 0755));
  CHECK(directory.mode("a") == 0700);
  directory.put("file", "x");
  CHECK(files.make_directory("/file", 0755).error().kind == ErrorKind::kRejected);
  CHECK_FALSE(files.make_directory("/file/below", 0755));
}

TEST_CASE("files: a new directory is none that was there, whatever that is") {
  const TemporaryDirectory directory;
  directory.put("taken/inside", "x");
  directory.put("file", "x");
  PosixFileStore files(directory.path());
  const Umask closed(0077);

  CHECK(files.create_directory("/taken", 0750).error().os_error == EEXIST);
  CHECK(files.create_directory("/file", 0750).error().os_error == EEXIST);
  CHECK(files.create_directory("/none/d", 0750).error().kind == ErrorKind::kNotFound);
  CHECK(files.create_directory("/d", 0750));

  CHECK(directory.mode("d") == 0750);
  CHECK(directory.text("taken/inside") == "x");
}

TEST_CASE("files: a pipe, a device or a file without an end is not read") {
  const TemporaryDirectory directory;
  REQUIRE(mkfifo((directory.path() + "/pipe").c_str(), 0644) == 0);
  std::filesystem::create_symlink("/dev/zero", directory.path() + "/zero");
  std::filesystem::resize_file(directory.put("endless", ""), uintmax_t{1} << 40);

  for (const std::string& root : {std::string(), directory.path()}) {
    const PosixFileStore files(root);
    const std::string place = root.empty() ? directory.path() : "";
    CHECK(files.read(place + "/pipe").error().kind == ErrorKind::kRejected);
    CHECK_FALSE(files.read(place + "/zero"));
    CHECK(files.read(place + "/endless").error().message ==
          place + "/endless: it is larger than 16 MiB");
  }
}

TEST_CASE("files: what a cut-off run left beside the file is not in the way") {
  const TemporaryDirectory directory;
  directory.put("f", "old");
  directory.put("f.new", "half");
  PosixFileStore files(directory.path());

  CHECK(files.replace("/f", "new", 0600));

  CHECK(directory.text("f") == "new");
  CHECK_FALSE(directory.has("f.new"));
}

TEST_CASE("files: a failed replace leaves the file and nothing else") {
  const TemporaryDirectory directory;
  directory.put("d/inside", "x");
  PosixFileStore files(directory.path());

  // A directory cannot be replaced by a file.
  const Status done = files.replace("/d", "text", 0600);

  CHECK_FALSE(done);
  CHECK(directory.text("d/inside") == "x");
  CHECK_FALSE(directory.has("d.new"));
  CHECK(files.replace("/none/f", "text", 0600).error().kind == ErrorKind::kNotFound);
}

TEST_CASE("files: a symbolic link is replaced and not followed") {
  const TemporaryDirectory directory;
  directory.put("elsewhere", "untouched");
  std::filesystem::create_symlink(directory.path() + "/elsewhere", directory.path() + "/f");
  std::filesystem::create_symlink(directory.path() + "/elsewhere", directory.path() + "/f.new");
  PosixFileStore files(directory.path());

  REQUIRE(files.replace("/f", "new", 0600));

  CHECK(directory.text("elsewhere") == "untouched");
  CHECK(directory.text("f") == "new");
}

TEST_CASE("files: a link of a copied tree is followed within the tree") {
  const TemporaryDirectory directory;
  directory.put("secret", "of the machine");
  directory.put("root/secret", "of the tree");
  directory.put("root/etc/d/f", "x");
  std::filesystem::create_symlink("/secret", directory.path() + "/root/absolute");
  std::filesystem::create_symlink("../secret", directory.path() + "/root/relative");
  std::filesystem::create_symlink(directory.path() + "/secret", directory.path() + "/root/out");
  std::filesystem::create_symlink("/etc/d", directory.path() + "/root/d");
  const PosixFileStore files(directory.path() + "/root");

  CHECK(*files.read("/absolute") == "of the tree");
  CHECK(*files.read("/relative") == "of the tree");
  CHECK(files.read("/out").error().kind == ErrorKind::kNotFound);
  CHECK(*files.list("/d") == std::vector<std::string>{"f"});
}

TEST_CASE("files: a link to /dev/null reads as empty, on the host and in a copied tree") {
  const TemporaryDirectory directory;
  std::filesystem::create_symlink("/dev/null", directory.path() + "/masked");

  CHECK(*PosixFileStore("").read(directory.path() + "/masked") == "");
  CHECK(*PosixFileStore(directory.path()).read("/masked") == "");
  CHECK(PosixFileStore("").read("/dev/zero").error().kind == ErrorKind::kRejected);
}

TEST_CASE("files: removing a file twice is no error") {
  const TemporaryDirectory directory;
  directory.put("f", "x");
  PosixFileStore files(directory.path());

  CHECK(files.remove("/f"));
  CHECK_FALSE(directory.has("f"));
  CHECK(files.remove("/f"));
  CHECK(files.remove("/none/f"));
}

TEST_CASE("files: names are listed in order, and a missing directory is not found") {
  const TemporaryDirectory directory;
  for (const char* name : {"b", "a", "10", "2"}) directory.put(name, "");
  const PosixFileStore files(directory.path());

  CHECK(*files.list("/") == std::vector<std::string>{"10", "2", "a", "b"});
  CHECK(files.list("/none").error().kind == ErrorKind::kNotFound);
  CHECK(files.read("/none").error().kind == ErrorKind::kNotFound);
  CHECK_FALSE(files.read("/"));
}

TEST_CASE("files: a named pipe is refused and not waited for") {
  const TemporaryDirectory directory;
  REQUIRE(mkfifo((directory.path() + "/pipe").c_str(), 0600) == 0);

  CHECK(PosixFileStore(directory.path()).read("/pipe").error().kind == ErrorKind::kRejected);
}

TEST_CASE("files: a large file is read as a whole") {
  const TemporaryDirectory directory;
  const std::string text(100'000, 'x');
  directory.put("f", text);

  CHECK(*PosixFileStore(directory.path()).read("/f") == text);
}

TEST_CASE("lock: one that another process holds is busy, and the process is named") {
  const TemporaryDirectory directory;
  const LockHolder holder(directory.path());
  REQUIRE(holder.holds());
  PosixFileStore files(directory.path());

  const auto lock = files.lock("/lock", std::chrono::milliseconds(60));

  REQUIRE_FALSE(lock);
  CHECK(lock.error().kind == ErrorKind::kBusy);
  CHECK(lock.error().message.find("process " + std::to_string(holder.pid())) != std::string::npos);
}

TEST_CASE("lock: it is free as soon as the process that held it is gone, even by kill -9") {
  const TemporaryDirectory directory;
  LockHolder holder(directory.path());
  REQUIRE(holder.holds());
  holder.end();
  PosixFileStore files(directory.path());

  CHECK(files.lock("/lock", std::chrono::milliseconds(0)));
}

TEST_CASE("lock: it is held as long as it lives and no longer") {
  const TemporaryDirectory directory;
  PosixFileStore files(directory.path());
  {
    const auto first = files.lock("/lock", std::chrono::milliseconds(0));
    REQUIRE(first);
    CHECK_FALSE(files.lock("/lock", std::chrono::milliseconds(0)));
  }

  CHECK(files.lock("/lock", std::chrono::milliseconds(0)));
}

TEST_CASE("lock: a symbolic link in its place is not followed") {
  const TemporaryDirectory directory;
  std::filesystem::create_symlink(directory.path() + "/elsewhere", directory.path() + "/lock");
  PosixFileStore files(directory.path());

  CHECK_FALSE(files.lock("/lock", std::chrono::milliseconds(0)));
  CHECK_FALSE(directory.has("elsewhere"));
}

}  // namespace advisor::file_store_test
