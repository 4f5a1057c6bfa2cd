#include "cli/advice.h"
#include "cli/commands.h"
#include "cli/host_reading.h"
#include "cli/version.h"
#include "collect/conf_files.h"
#include "collect/other_writers.h"
#include "collect/redaction.h"
#include "os/log.h"
#include "os/named_file.h"
#include "sysctld/drop_in.h"

namespace advisor {
namespace {

/// Everything in the catalogue, with each member of its families that is there.
Status add_catalogue(Context& context, std::set<ParameterName>& parameters) {
  for (const std::string& key : context.catalogue().keys()) {
    const auto name = ParameterName::parse(key);
    if (!name) continue;
    if (key.find('*') == std::string::npos) {
      parameters.insert(*name);
      continue;
    }
    const auto members = context.tree().matching(name->path());
    if (!members) return members.error();
    parameters.insert(members->begin(), members->end());
  }
  return {};
}

/// What the profiles that can be had by name need; and those that the options name, which must be
/// right.
bool add_profiles(Context& context, std::set<ParameterName>& parameters) {
  for (const std::string& name : context.profiles().profile_names()) {
    Diagnostics diagnostics;
    const EffectiveProfile profile =
        resolve_profiles({name}, context.profiles(), context.parameters(), diagnostics);
    if (has_errors(diagnostics)) {
      log_warning("the profile " + name + " is wrong, so what it needs may not be in the snapshot");
    } else {
      parameters.merge(parameters_of(profile));
    }
  }
  Diagnostics diagnostics;
  const auto ground = read_ground(context, diagnostics);
  if (ground) parameters.merge(parameters_of(ground->profile));
  return ground.has_value();
}

/// Everything that any command may want to know of the host; nothing, with the reason printed, if
/// the options are wrong.
std::optional<HostRecord> record_host(Context& context) {
  std::set<ParameterName> parameters;
  if (const Status added = add_catalogue(context, parameters); !added) {
    fail(added.error());
    return std::nullopt;
  }
  if (!add_profiles(context, parameters)) return std::nullopt;
  HostRecord record;
  record.version = kVersion;
  RecordingFiles files(context.host_files());
  for (const auto& [name, lines] : read_persistent_settings(files, context.tree()).settings) {
    parameters.insert(name);
  }
  record.boot_files = files.take();
  std::vector<std::string> unread;
  record.others = read_other_settings(context.host_files(), context.tree(), unread);
  for (const std::string& failure : unread) {
    log_warning("what other programs set may be missing from the snapshot: " + failure);
  }
  auto snapshot = read_host(context, parameters);
  if (!snapshot) return std::nullopt;
  record.snapshot = std::move(*snapshot);
  leave_out_secrets(record, context.catalogue(), kDropInPath);
  if (context.request().anonymize) anonymize(record);
  return record;
}

ExitStatus run_snapshot(Context& context) {
  const Request& request = context.request();
  auto record = record_host(context);
  if (!record) return ExitStatus::kTrouble;
  const std::string text = record_text(std::move(*record));
  if (text.size() > kLargestRecordBytes) {
    return fail("the snapshot of this host is larger than --from reads");
  }
  const std::string& path = request.arguments.front();
  if (path == kStandardStream) return print_document(text, ExitStatus::kNothing);
  const Status written = write_named_file(path, text);
  return written ? ExitStatus::kNothing : fail(written.error());
}

}  // namespace

const Command kSnapshotCommand{
    .name = "snapshot",
    .summary = "write what was read of this host to a file, for --from",
    .example = "sysctl-advisor snapshot gateway-1.json --interval 5s",
    .flags = "--profile --interval --anonymize",
    .arguments = "FILE",
    .most_arguments = 1,
    .without_arguments = "say which file to write; - is standard output",
    .arguments_are_files = true,
    .run = run_snapshot,
};

}  // namespace advisor
