#include "rules/symptoms.h"

#include <doctest/doctest.h>

#include <vector>

namespace advisor::symptoms_test {
namespace {

bool shows(const char* said, const char* symptom) {
  const std::vector<SharedText> symptoms{"something else", symptom};
  return shows_symptom(said, symptoms);
}

}  // namespace

TEST_CASE("symptoms: a pasted line of the kernel's log holds the constant part") {
  CHECK(shows("[12345.678901] nf_conntrack: nf_conntrack: table full, dropping packet",
              "nf_conntrack: table full"));
  CHECK_FALSE(shows("nf_conntrack: default automatic helper assignment", "nf_conntrack: table full"));
}

TEST_CASE("symptoms: capitals do not count in a message") {
  CHECK(shows("connect() failed (99: CANNOT assign requested address)",
              "Cannot assign requested address"));
}

TEST_CASE("symptoms: a part of a message will do, if it is not too short") {
  CHECK(shows("cannot assign", "Cannot assign requested address"));
  CHECK_FALSE(shows("cannot", "Cannot assign requested address"));
}

TEST_CASE("symptoms: the name of an errno is a word of its own") {
  CHECK(shows("bind: EADDRNOTAVAIL (99)", "EADDRNOTAVAIL"));
  CHECK_FALSE(shows("EMFILES", "EMFILE"));
  CHECK_FALSE(shows("emfile", "EMFILE"));
}

}  // namespace advisor::symptoms_test
