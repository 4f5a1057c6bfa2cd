#include "cli/context.h"
#include "cli/netns.h"
#include "cli/options.h"
#include "os/log.h"
#include "os/signals.h"
#include "os/terminal.h"

namespace {

advisor::LogLevel log_level(const advisor::Options& options) {
  if (options.quiet) return advisor::LogLevel::kQuiet;
  return options.verbose ? advisor::LogLevel::kVerbose : advisor::LogLevel::kNormal;
}

}  // namespace

int main(int argc, char** argv) {
  using advisor::ExitStatus;
  advisor::occupy_standard_descriptors();
  advisor::ignore_write_signals();
  advisor::end_without_memory();
  advisor::Invocation invocation = advisor::parse_command_line(argc, argv);
  if (!invocation.command) {
    if (invocation.status == ExitStatus::kNothing) {
      return int(advisor::print(invocation.message, ExitStatus::kNothing));
    }
    advisor::write_stderr(invocation.message);
    return int(invocation.status);
  }
  if (advisor::wants_colours(invocation.options)) advisor::let_colours_pass();
  advisor::start_log(log_level(invocation.options));
  const auto entered = advisor::enter_netns(*invocation.command, invocation.options);
  if (!entered) return int(advisor::fail(entered.error()));
  // Never taken apart: for an audit of an idle host that would be a tenth of all the work.
  static auto& context = *new advisor::Context(invocation.options);
  if (!context.load_record()) return int(ExitStatus::kTrouble);
  if (!context.load() && !invocation.command->tolerates_bad_catalogue) {
    return int(ExitStatus::kTrouble);
  }
  return int(invocation.command->run(context));
}
