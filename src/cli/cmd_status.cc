#include <algorithm>

#include "apply/confirmation.h"
#include "apply/journal.h"
#include "apply/recovery.h"
#include "boot/line_remarks.h"
#include "cli/commands.h"
#include "cli/surroundings.h"
#include "cli/transaction_session.h"
#include "cli/version.h"
#include "collect/boot_unit.h"
#include "plan/applied_values.h"
#include "render/json_status.h"
#include "render/text_status.h"
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

/// The text of our drop-in, empty if there is none.
Result<std::string> read_drop_in(Context& context) {
  auto text = context.files().read(kDropInPath);
  const bool is_absent = !text && text.error().kind == ErrorKind::kNotFound;
  return is_absent ? Result<std::string>(std::string()) : text;
}

/// False if the journals are there and cannot be trusted.
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
  for (const auto& [name, value] : applied) names.insert(name);
  status.applied = int64_t(applied.size());
  status.deviations = deviations(applied, context.tree().read_all(names), context.catalogue());
  return true;
}

void add_boot(Context& context, HostStatus& status) {
  const BootFiles files = context.read_boot_files();
  const BootStart start = boot_start(context, status.kernel);
  for (const LineRemark& remark :
       remarks_on_lines(files.standing, boots_of(files.standing, start), start)) {
    ++(remark.fault == LineFault::kNotInEffect ? status.lines_not_in_effect
                                               : status.lines_without_effect);
  }
  if (!files.standing.unread.empty()) status.boot_unknown = files.standing.unread.front().message;
  status.boot_unit = boot_unit_state(context.files()) == BootUnitState::kRuns;
}

std::string trimmed_file(Context& context, const char* path) {
  const auto text = context.files().read(path);
  return text ? std::string(trim(*text)) : "";
}

ExitStatus run_status(Context& context) {
  HostStatus status;
  status.version = kVersion;
  status.host = trimmed_file(context, "/proc/sys/kernel/hostname");
  status.kernel = trimmed_file(context, "/proc/sys/kernel/osrelease");
  const bool trusted = add_transactions(context, status);
  add_boot(context, status);
  const ExitStatus exit = !trusted            ? ExitStatus::kTrouble
                          : status.in_order() ? ExitStatus::kNothing
                                              : ExitStatus::kSomething;
  if (context.request().format == Format::kJson) return print_json(json_status(status), exit);
  const TextStyle style = context.style();
  if (context.request().quiet) return print_document(line_status(status), exit);
  return print(text_status(status, style), exit);
}

}  // namespace

const Command kStatusCommand{
    .name = "status",
    .summary = "what is applied and still stands, what is pending, what the next boot does",
    .example = "sudo sysctl-advisor status",
    .flags = "--format",
    .formats = "text,json",
    .tolerates_bad_catalogue = true,
    .run = run_status,
};

}  // namespace advisor
