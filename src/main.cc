#include "cli/context.h"
#include "cli/host_summary.h"
#include "cli/options.h"
#include "os/log.h"
#include "os/network_namespace.h"
#include "os/signals.h"
#include "os/terminal.h"

namespace {

advisor::LogLevel log_level(const advisor::Request& request) {
  if (request.quiet) return advisor::LogLevel::kQuiet;
  return request.verbose ? advisor::LogLevel::kVerbose : advisor::LogLevel::kNormal;
}

/// Enters the namespace of --netns before anything of the host is read. Files of sysctl.d set the
/// host's own network namespace, so in another one only run-time values are meant.
advisor::Status enter_netns(advisor::Request& request) {
  // With `all`, a process of its own enters each namespace (cli/all_namespaces.h).
  if (request.netns.empty() || request.netns == advisor::kAllNamespaces) return {};
  request.runtime = true;
  return advisor::enter_network_namespace(request.netns);
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
    advisor::write_stderr(advisor::as_line_for_stderr(invocation.message));
    return int(invocation.status);
  }
  advisor::start_printing(invocation.request);
  advisor::start_log(log_level(invocation.request));
  const auto entered = enter_netns(invocation.request);
  advisor::Context context(invocation.request);
  if (!entered) {
    advisor::fail(entered.error());
    return int(advisor::end_without_audit(context));
  }
  if (!context.load_record()) return int(advisor::end_without_audit(context));
  if (!context.load() && !invocation.command->tolerates_bad_catalogue) {
    return int(advisor::end_without_audit(context));
  }
  return int(invocation.command->run(context));
}
