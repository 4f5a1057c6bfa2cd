// Any text as the journal of a transaction, and as one that bears a right seal.

#include "apply/journal.h"
#include "apply/seal.h"
#include "fuzz/fuzzing.h"

using namespace advisor;
using namespace advisor::fuzz;

namespace {

void check(const std::string& text) {
  const Result<Transaction> read = parse_journal(text);
  if (!read) {
    require(!read.error().message.empty(), "an error says something");
    require(read.error().kind == ErrorKind::kCorrupt, "what cannot be read is damaged");
    return;
  }
  const std::string printed = journal_text(*read);
  const Result<Transaction> again = parse_journal(printed);
  require(bool(again), "what was read can be printed and read again");
  require(again->plan == read->plan && again->identity == read->identity && again->id == read->id &&
              again->state == read->state && again->undoes == read->undoes,
          "it is the same transaction then");
  require(journal_text(*again) == printed, "and is printed the same");

  std::string flipped = printed;
  Dice dice(text);
  flipped[dice.below(flipped.size())] ^= char(1 << dice.below(8));
  require(!parse_journal(flipped), "with one bit changed it is damaged");
  require(!parse_journal(printed.substr(0, dice.below(printed.size() - 1))), "so is one cut short");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const std::string text = text_of(bytes, size);
  check(text);
  check(sealed(text));
  return 0;
}
