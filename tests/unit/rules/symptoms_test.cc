#include "rules/symptoms.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "rules/topics.h"
#include "support/builders.h"

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
  CHECK_FALSE(
      shows("nf_conntrack: default automatic helper assignment", "nf_conntrack: table full"));
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

TEST_CASE("symptoms: what people paste leads to the rule or the parameter behind it") {
  const std::pair<const char*, const char*> kPasted[] = {
      {"connect() to 10.0.0.5:8080 failed (99: Cannot assign requested address) while connecting "
       "to upstream",
       "local-ports-exhausted"},
      {"[Mon Nov 30 02:00:01 2026] nf_conntrack: nf_conntrack: table full, dropping packet",
       "conntrack-full"},
      {"TCP: request_sock_TCP: Possible SYN flooding on port 0.0.0.0:443. Sending cookies.",
       "syn-queue-short"},
      {"WARNING: The TCP backlog setting of 511 cannot be enforced because "
       "/proc/sys/net/core/somaxconn is set to the lower value of 128.",
       "accept-queue-capped"},
      {"neighbour: arp_cache: neighbor table overflow!", "neighbours-v4-overflow"},
      {"bash: fork: retry: Resource temporarily unavailable", "tasks-pid-max"},
      {"VFS: file-max limit 400000 reached", "open-files-limit"},
      {"System limit for number of file watchers reached, watch '/src'", "inotify-watches"},
      {"FATAL:  could not create semaphores: No space left on device", "system-v-semaphores"},
      {"TCP: out of memory -- consider tuning tcp_mem", "tcp-memory-aborts"},
      {"PTY allocation request failed on channel 0", "pseudo-terminals"},
      {"ORA-27090: Unable to reserve kernel resources for asynchronous disk I/O", "aio-requests"},
  };
  const Catalogue catalogue = testing::shipped_catalogue();
  const ParameterKnowledge known = testing::knowledge(catalogue);
  Diagnostics diagnostics;
  const auto source = testing::TextProfiles::shipped();
  const EffectiveProfile profile = resolve_profiles({"baseline"}, source, known, diagnostics);
  for (const auto& [said, rule] : kPasted) {
    CAPTURE(said);
    const Topics topics = find_topics({said}, profile, source, known, diagnostics);
    CHECK(testing::lines_of(diagnostics).empty());
    CHECK(std::ranges::find(topics.rules, RuleId(rule)) != topics.rules.end());
  }
}

TEST_CASE("symptoms: a name beside a message is told as well") {
  const Catalogue catalogue = testing::shipped_catalogue();
  const ParameterKnowledge known = testing::knowledge(catalogue);
  Diagnostics diagnostics;
  const auto source = testing::TextProfiles::shipped();
  const EffectiveProfile profile = resolve_profiles({"baseline"}, source, known, diagnostics);
  const auto topics = [&](const std::vector<std::string>& words) {
    return find_topics(words, profile, source, known, diagnostics);
  };

  const Topics both = topics({"kernel.sem", "ENFILE"});
  const Topics pasted = topics({"Too", "many", "open", "files", "in", "system"});

  CHECK(std::ranges::count(both.parameters, testing::name("kernel.sem")) == 1);
  CHECK(both.symptoms.size() == 1);
  CHECK(pasted.symptoms.size() == 1);
  CHECK(pasted.symptoms.at(0).said == "Too many open files in system");
}

}  // namespace advisor::symptoms_test
