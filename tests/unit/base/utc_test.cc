#include "base/utc.h"

#include <doctest/doctest.h>

namespace advisor::utc_test {

TEST_CASE("utc: a time is read as it is written") {
  for (const char* text :
       {"1970-01-01T00:00:00Z", "2026-11-22T22:01:56Z", "2024-02-29T23:59:59Z"}) {
    CAPTURE(text);
    REQUIRE(parse_utc(text));
    CHECK(utc_text(*parse_utc(text)) == text);
  }
  CHECK(parse_utc("1970-01-02T01:01:01Z") == 86400 + 3600 + 61);
}

TEST_CASE("utc: what is no time, or is of another form, is none") {
  for (const char* text :
       {"", "2026-11-22", "2026-11-22T22:01:56", "2026-11-22 22:01:56Z", "2026-13-01T00:00:00Z",
        "2025-02-29T00:00:00Z", "2026-11-22T24:00:00Z", "2026-11-22T22:60:00Z",
        "+026-11-22T22:01:56Z", "2026-11-22T22:01:5 Z", "2026-11-22T22:01:561Z"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_utc(text));
  }
}

}  // namespace advisor::utc_test
