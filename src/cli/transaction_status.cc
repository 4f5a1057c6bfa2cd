#include "cli/transaction_status.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "apply/confirmation.h"
#include "apply/journal.h"
#include "cli/transaction_session.h"
#include "plan/applied_values.h"
#include "sysctld/drop_in.h"

namespace advisor {
namespace {

bool is_open(const TransactionEntry& entry) {
  switch (entry.transaction.state) {
    case TransactionState::kPrepared:
    case TransactionState::kProvisional:
    case TransactionState::kStuck:
      return true;
    case TransactionState::kCommitted:
    case TransactionState::kRolledBack:
      break;
  }
  return false;
}

/// Whether it was made in this network namespace; after a boot the name alone can tell.
bool is_of(const HostIdentity& here, const HostIdentity& there) {
  return here.boot_id == there.boot_id
             ? may_be_same_namespace(here.network_namespace, there.network_namespace)
             : here.named == there.named;
}

/// The text of our drop-in, empty if there is none.
Result<std::string> read_drop_in(Context& context) {
  auto text = context.files().read(kDropInPath);
  const bool is_absent = !text && text.error().kind == ErrorKind::kNotFound;
  return is_absent ? Result<std::string>(std::string()) : text;
}

}  // namespace

bool add_transactions(Context& context, HostStatus& status) {
  const auto all = Journal(context.files()).all();
  const auto world = looking_world(context);
  const auto drop_in = read_drop_in(context);
  if (!all || !world || !drop_in) {
    const Error& error = !all ? all.error() : !world ? world.error() : drop_in.error();
    status.transactions_unknown = error.message;
    return error.kind == ErrorKind::kDenied;
  }
  const std::vector<TransactionEntry> entries = entries_of(*world, *all);
  std::ranges::copy_if(entries, std::back_inserter(status.open), is_open);
  if (!entries.empty()) status.latest = {entries.front()};
  const auto applied = applied_values(entries, world->identity, parameters_in(*drop_in));
  std::set<ParameterName> names;
  std::set<std::string> standing;
  for (const auto& [name, value] : applied) {
    names.insert(name);
    standing.insert(value.transaction);
  }
  const auto stands = [&](const TransactionEntry& entry) {
    return standing.contains(entry.transaction.id) ||
           (is_open(entry) && is_of(world->identity, entry.transaction.identity));
  };
  const auto newest = std::ranges::find_if(entries, stands);
  if (newest != entries.end()) status.standing = *newest;
  status.applied = int64_t(applied.size());
  status.deviations = deviations(applied, context.tree().read_all(names), context.catalogue());
  return true;
}

}  // namespace advisor
