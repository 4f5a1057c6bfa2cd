#include "render/observed_text.h"

#include <doctest/doctest.h>

namespace advisor::observed_text_test {

TEST_CASE("observed text: a number is shown in the unit of its fact, as people say it") {
  CHECK(observed_words({"paths.round_trip_median", "2.6908684288118865e-05"}) ==
        "paths.round_trip_median = 27 us");
  CHECK(observed_words({"tcp.time_wait_reused_per_second", "72.4"}) ==
        "tcp.time_wait_reused_per_second = 72.4/s");
  CHECK(observed_words({"ports.busiest.in_use_share", "0.9816520260697081"}) ==
        "ports.busiest.in_use_share = 98 %");
  CHECK(observed_words({"host.memory_bytes", "4294967296"}) == "host.memory_bytes = 4 GiB");
  CHECK(observed_words({"ports.busiest.blocked", "1"}) == "ports.busiest.blocked = 1 port");
}

TEST_CASE("observed text: what is no fact, or not known, stays as it is") {
  CHECK(observed_words({"option.reuse_pressure", "0.5"}) == "option.reuse_pressure = 0.5");
  CHECK(observed_words({"host.memory_bytes", "unknown (not found)"}) ==
        "host.memory_bytes = unknown (not found)");
}

}  // namespace advisor::observed_text_test
