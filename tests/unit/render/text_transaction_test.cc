#include "render/text_transaction.h"

#include <doctest/doctest.h>

namespace advisor::text_transaction_test {
namespace {

std::string words_of(TransactionState state, std::optional<std::string> deadline,
                     std::optional<std::string> ended) {
  TransactionEntry entry;
  entry.transaction.state = state;
  if (deadline) entry.transaction.deadline = Deadline{*deadline, {}};
  entry.transaction.ended = std::move(ended);
  return state_words(entry);
}

}  // namespace

TEST_CASE("history: how a change came to be rolled back is said") {
  constexpr auto kRolledBack = TransactionState::kRolledBack;

  CHECK(words_of(kRolledBack, "2026-11-22T10:05:00Z", "2026-11-22T10:05:00Z") ==
        "rolled back, since nobody confirmed it in time");
  CHECK(words_of(kRolledBack, "2026-11-22T10:05:00Z", "2026-11-22T10:01:00Z") ==
        "rolled back before it was confirmed");
  CHECK(words_of(kRolledBack, std::nullopt, "2026-11-22T10:01:00Z") ==
        "rolled back, since it failed or was cut off");
}

TEST_CASE("history: what was taken back later was committed all the same") {
  TransactionEntry entry;
  entry.transaction.state = TransactionState::kCommitted;

  CHECK(state_words(entry) == "committed");
  entry.taken_back = true;
  CHECK(state_words(entry) == "committed, and taken back since");
}

}  // namespace advisor::text_transaction_test
