#include "os/directory.h"

#include <doctest/doctest.h>
#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "support/temporary_directory.h"

namespace advisor::directory_test {
namespace {

using testing::TemporaryDirectory;

UniqueFd opened(const std::string& path) {
  return UniqueFd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
}

}  // namespace

TEST_CASE("directory: every name is listed, of more than one portion as well") {
  const TemporaryDirectory directory;
  constexpr size_t kMany = 2000;  // 32 KiB hold some 800 of these
  for (size_t i = 0; i < kMany; ++i)
    directory.put("a-name-of-some-length-" + std::to_string(i), "");

  const auto names = names_in(opened(directory.path()), directory.path());

  REQUIRE(names);
  CHECK(names->size() == kMany);
  CHECK(std::is_sorted(names->begin(), names->end()));
}

TEST_CASE("directory: what cannot be listed is an error, and never an empty list") {
  const TemporaryDirectory directory;
  const UniqueFd file = opened(directory.put("file", ""));
  std::filesystem::create_directory(directory.path() + "/gone");
  const UniqueFd gone = opened(directory.path() + "/gone");
  std::filesystem::remove(directory.path() + "/gone");

  CHECK(names_in(file, "file").error().os_error == ENOTDIR);
  CHECK(names_in(gone, "gone").error().os_error == ENOENT);
  CHECK(visit_names(UniqueFd(), "none", [](const char*) { return true; }).error().os_error ==
        EBADF);
}

TEST_CASE("directory: who has seen enough sees no more") {
  const TemporaryDirectory directory;
  for (const char* name : {"a", "b", "c"}) directory.put(name, "");

  int seen = 0;
  const Status listed = visit_names(opened(directory.path()), directory.path(),
                                    [&](const char*) { return ++seen < 2; });

  CHECK(listed);
  CHECK(seen == 2);
}

}  // namespace advisor::directory_test
