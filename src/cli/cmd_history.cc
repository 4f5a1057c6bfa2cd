#include "apply/journal.h"
#include "apply/recovery.h"
#include "cli/commands.h"
#include "cli/transaction_session.h"
#include "render/json_transaction.h"
#include "render/text_transaction.h"

namespace advisor {
namespace {

ExitStatus run_history(Context& context) {
  auto all = Journal(context.files()).all();
  if (!all) return fail(all.error());
  const auto world = looking_world(context);
  if (!world) return fail(world.error());
  if (!context.request().netns.empty()) {
    keep_those_of(world->identity, *all);
  }
  const std::vector<TransactionEntry> entries = entries_of(*world, *all);
  if (context.request().format == Format::kJson) {
    return print_json(json_history(entries), ExitStatus::kNothing);
  }
  return print(text_history(entries, context.style()), ExitStatus::kNothing);
}

}  // namespace

const Command kHistoryCommand{
    .name = "history",
    .summary = "the transactions of this host, newest first; needs root",
    .example = "sudo sysctl-advisor history",
    .flags = "--format --netns",
    .formats = "text,json",
    .tolerates_bad_catalogue = true,
    .run = run_history,
};

}  // namespace advisor
