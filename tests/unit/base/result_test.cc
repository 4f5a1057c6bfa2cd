#include "base/result.h"

#include <doctest/doctest.h>

#include <cerrno>
#include <memory>

namespace advisor::result_test {

TEST_CASE("result: it is a value or the error in its place") {
  Result<std::string> good = std::string("text");
  const Result<std::string> bad = Error{ErrorKind::kStale, "moved", 0};

  REQUIRE(good);
  CHECK(*good == "text");
  CHECK(good->size() == 4);
  REQUIRE_FALSE(bad);
  CHECK(bad.error().kind == ErrorKind::kStale);
}

TEST_CASE("result: what can only be moved can be moved out of it") {
  Result<std::unique_ptr<int>> result = std::make_unique<int>(7);

  const std::unique_ptr<int> owned = *std::move(result);

  CHECK(*owned == 7);
}

TEST_CASE("result: a status is success or an error") {
  const Status good;
  const Status bad = Error{ErrorKind::kBusy, "held", 0};

  CHECK(good);
  REQUIRE_FALSE(bad);
  CHECK(bad.error().message == "held");
}

TEST_CASE("error: errno becomes a kind that callers can branch on") {
  CHECK(error_kind_of(ENOENT) == ErrorKind::kNotFound);
  CHECK(error_kind_of(EACCES) == ErrorKind::kDenied);
  CHECK(error_kind_of(EPERM) == ErrorKind::kDenied);
  CHECK(error_kind_of(EINVAL) == ErrorKind::kRejected);
  CHECK(error_kind_of(EROFS) == ErrorKind::kReadOnly);
  CHECK(error_kind_of(EAGAIN) == ErrorKind::kBusy);
  CHECK(error_kind_of(ENOSPC) == ErrorKind::kIo);
}

TEST_CASE("error: the message says what was attempted and why it failed, in lower case") {
  const Error error = os_failure("read /x", ENOENT);

  CHECK(error.message == "cannot read /x: no such file or directory");
  CHECK(error.os_error == ENOENT);
}

}  // namespace advisor::result_test
