#include "plan/applied_values.h"

#include <doctest/doctest.h>

#include "support/builders.h"

namespace advisor::applied_values_test {
namespace {

using testing::change;
using testing::name;
using testing::value;

const HostIdentity kHere{"boot-2", "4026531840:7"};
constexpr const char* kSomaxconn = "net.core.somaxconn";

TransactionEntry transaction(const char* id, TransactionState state, const char* somaxconn) {
  TransactionEntry entry;
  entry.transaction.id = id;
  entry.transaction.state = state;
  entry.transaction.identity = kHere;
  entry.transaction.plan.changes = {change(kSomaxconn, "128", somaxconn)};
  return entry;
}

/// What is expected of net.core.somaxconn; empty if nothing is.
std::string expected(const std::vector<TransactionEntry>& newest_first,
                     const std::set<ParameterName>& in_drop_in = {}) {
  const auto applied = applied_values(newest_first, kHere, in_drop_in);
  const auto found = applied.find(name(kSomaxconn));
  return found == applied.end() ? ""
                                : found->second.transaction + ": " + found->second.value.text();
}

}  // namespace

TEST_CASE("applied values: the newest transaction says what stands, a provisional one too") {
  const auto old = transaction("1", TransactionState::kCommitted, "4096");

  CHECK(expected({transaction("2", TransactionState::kProvisional, "8192"), old}) == "2: 8192");
  CHECK(expected({transaction("2", TransactionState::kRolledBack, "8192"), old}) == "1: 4096");
}

TEST_CASE("applied values: nothing is expected of what was taken back, nor of the taking back") {
  auto taken = transaction("1", TransactionState::kCommitted, "4096");
  taken.taken_back = true;
  auto rollback = transaction("2", TransactionState::kCommitted, "128");
  rollback.transaction.undoes = "1";

  CHECK(expected({rollback, taken}).empty());
}

TEST_CASE("applied values: of an earlier boot stands what our drop-in sets") {
  auto earlier = transaction("1", TransactionState::kCommitted, "4096");
  earlier.transaction.identity.boot_id = "boot-1";
  CHECK(expected({earlier}, {name(kSomaxconn)}).empty());  // at run time only

  earlier.transaction.plan.drop_in.emplace();

  CHECK(expected({earlier}, {name(kSomaxconn)}) == "1: 4096");
  CHECK(expected({earlier}).empty());
}

TEST_CASE("applied values: what is gone with its interface deviates from nothing") {
  const Catalogue catalogue = testing::shipped_catalogue();
  const auto applied =
      applied_values({transaction("1", TransactionState::kCommitted, "4096")}, kHere, {});
  const auto deviating = [&](Reading now) {
    return deviations(applied, {{name(kSomaxconn), std::move(now)}}, catalogue).size();
  };

  CHECK(deviating(value("4096")) == 0);
  CHECK(deviating(value("128")) == 1);
  CHECK(deviating(Error{ErrorKind::kDenied, "denied", 13}) == 1);
  CHECK(deviating(Error{ErrorKind::kNotFound, "gone", 2}) == 0);
}

}  // namespace advisor::applied_values_test
