#include "base/text.h"
#include "boot/line_remarks.h"
#include "cli/commands.h"
#include "cli/surroundings.h"
#include "cli/transaction_status.h"
#include "cli/version.h"
#include "collect/boot_unit.h"
#include "render/json_status.h"
#include "render/text_status.h"

namespace advisor {
namespace {

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
