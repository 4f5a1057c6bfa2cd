#include "load/key_value.h"

#include <doctest/doctest.h>

#include "support/builders.h"

namespace advisor::key_value_test {
namespace {

using testing::name;

/// What comes of values that are asked for on the command line.
struct Asked {
  explicit Asked(const std::vector<KeyValue>& values, EffectiveProfile with = {})
      : profile(std::move(with)) {
    const Catalogue catalogue = testing::shipped_catalogue();
    const auto absent = [](const ParameterName&) -> Result<Presence> { return Presence::kAbsent; };
    add_key_values(values, {catalogue, absent}, profile, diagnostics);
  }

  EffectiveProfile profile;
  Diagnostics diagnostics;
};

}  // namespace

TEST_CASE("key value: each is a target that asks for just that") {
  const Asked asked(
      {{"net/core/somaxconn", "8192"}, {"net.ipv4.tcp_rmem", "4096  131072\t8388608"}});

  CHECK(asked.diagnostics.empty());
  REQUIRE(asked.profile.targets.size() == 2);
  const Target& range = asked.profile.targets[1].target;
  CHECK(range.parameter == name("net.ipv4.tcp_rmem"));
  CHECK(range.relation == Relation::kExactly);
  CHECK(std::get<TypedValue>(range.operands[0]) ==
        TypedValue(std::vector<int64_t>{4096, 131072, 8388608}));
  CHECK(asked.profile.names == std::vector<std::string>{kBySet});
}

TEST_CASE("key value: it takes the place of what a profile asks of the same parameter") {
  EffectiveProfile profile =
      Asked({{"net.core.somaxconn", "8192"}, {"vm.swappiness", "1"}}).profile;

  const Asked asked({{"net.core.somaxconn", "9000"}}, std::move(profile));

  REQUIRE(asked.profile.targets.size() == 2);
  CHECK(asked.profile.targets[0].target.parameter == name("vm.swappiness"));
  CHECK(std::get<TypedValue>(asked.profile.targets[1].target.operands[0]) ==
        TypedValue(std::vector<int64_t>{9000}));
}

TEST_CASE("key value: what the kernel refuses, and what nobody knows, is an error with its place") {
  const Asked asked({{"net.core.somaxconn", "1"},
                     {"net.ipv4.tcp_retries2", "300"},
                     {"no.such", "1"},
                     {"net.core.somaxconn", ""}});

  REQUIRE(asked.diagnostics.size() == 3);
  CHECK(to_text(asked.diagnostics[0].where) == "--set:2:23");
  CHECK(asked.diagnostics[0].message == "net.ipv4.tcp_retries2 = 300: the kernel takes 0..255");
  CHECK(to_text(asked.diagnostics[1].where) == "--set:3:1");
  CHECK(asked.diagnostics[2].message == "net.core.somaxconn = : it must be one whole number");
}

}  // namespace advisor::key_value_test
