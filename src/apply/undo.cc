#include "apply/undo.h"

#include <fmt/format.h>

#include "base/shell.h"
#include "model/typed_value.h"
#include "model/write.h"
#include "os/network_namespace.h"

namespace advisor {
namespace {

constexpr int kDropInMode = 0644;

void undo_file(World& world, const FileChange& file, UndoReport& report) {
  // A failure is ignored: no loader reads an unfinished file.
  (void)world.files.discard_unfinished(file.path);
  const auto now = read_if_present(world.files, file.path);
  // After a failure the transaction is the newest, and open or Stuck: recover tries it again.
  const std::string by_hand = "sysctl-advisor recover";
  if (!now) {
    report.failures.push_back(now.error().message);
    report.commands.push_back(by_hand);
    return;
  }
  switch (standing_of(file, *now)) {
    case Standing::kBefore:
      return;
    case Standing::kForeign:
      report.left.push_back(file.path +
                            " was changed by somebody else since, and is left as it is");
      return;
    case Standing::kAfter:
      break;
  }
  world.step("putting back " + file.path);
  if (const Status put = put_file(world.files, file.path, file.before); !put) {
    report.failures.push_back(put.error().message);
    report.commands.push_back(by_hand);
  }
}

void undo_parameters(World& world, const Plan& plan, const Progress* unfinished,
                     UndoReport& report) {
  const Restoration back = restoration_of(world, plan, {.unfinished = unfinished});
  for (const ForeignValue& foreign : back.foreign) {
    report.left.push_back(fmt::format("{} is {}: changed by somebody else since, and left as it is",
                                      foreign.parameter.dotted(), foreign.now.text()));
  }
  for (const ParameterName& name : back.gone) {
    report.left.push_back(
        fmt::format("{} is not there any more, and its value with it", name.dotted()));
  }
  for (const ParameterName& name : back.final) {
    report.failures.push_back(
        fmt::format("{} cannot be taken back before the next boot", name.dotted()));
    report.commands.push_back("reboot");
  }
  const auto failed = [&](const Change& change, const Error& error) {
    report.failures.push_back(error.message);
    report.commands.push_back(command_by_hand(change, world.identity.named));
  };
  for (const auto& [change, error] : back.unreadable) {
    failed({change.parameter, change.after, change.before, ""}, error);
  }
  const auto tell = [&](const Change& change) {
    world.step(fmt::format("putting back {} = {}", change.parameter.dotted(), change.after.text()));
    return Status();
  };
  for (const auto& [change, error] : settle(world, back.plan, tell)) failed(change, error);
}

/// Makes one parameter be what it should be. True if it had to be written.
Result<bool> settle_one(World& world, const Change& wanted,
                        const std::function<Status(const Change&)>& before_write) {
  const Reading now = world.tree.read(wanted.parameter);
  // A parameter that is gone needs no value.
  if (!now && now.error().kind == ErrorKind::kNotFound) return false;
  if (!now) return now.error();
  if (same_value(world.catalogue.find(wanted.parameter), *now, wanted.after)) return false;
  if (const Status allowed = before_write(wanted); !allowed) return allowed.error();
  const Status written = write_and_check(world, wanted.parameter, wanted.after);
  if (!written) return written.error();
  return true;
}

/// With what is known of why the kernel refused the value.
Error with_reason(Error error, const World& world, const ParameterName& name,
                  const ParameterValue& value) {
  if (error.kind != ErrorKind::kRejected) return error;
  const auto outcome = outcome_of_write(
      {world.catalogue, std::nullopt, standing_values(world.tree)}, name, value.text());
  if (outcome.result == WriteResult::kRefused) error.message += "; " + outcome.why;
  return error;
}

Status never_by_writing(const Change& inactive) {
  return Error{
      ErrorKind::kRejected,
      fmt::format("{} is set, though its other form is to be", inactive.parameter.dotted()), 0};
}

}  // namespace

std::vector<Unsettled> settle(World& world, const Plan& plan,
                              const std::function<Status(const Change&)>& before_write) {
  constexpr int kRounds = 3;
  const std::vector<Change> writes = writes_of(plan);
  const std::vector<Change> inactive = inactive_of(plan);
  std::vector<Unsettled> unsettled;
  bool again = true;
  for (int round = 0; round < kRounds && again; ++round) {
    unsettled.clear();
    again = false;
    const auto look = [&](const Change& wanted, const auto& before) {
      const auto wrote = settle_one(world, wanted, before);
      if (!wrote) unsettled.push_back({wanted, wrote.error()});
      again = again || !wrote || *wrote;
    };
    for (const Change& wanted : writes) look(wanted, before_write);
    for (const Change& wanted : inactive) look(wanted, never_by_writing);
  }
  return unsettled;
}

Result<std::optional<std::string>> read_if_present(const FileStore& files,
                                                   const std::string& path) {
  const auto text = files.read_trusted(path);
  if (text) return std::optional(*text);
  if (text.error().kind == ErrorKind::kNotFound) return std::optional<std::string>();
  return text.error();
}

Status put_file(FileStore& files, const std::string& path, const std::optional<std::string>& text) {
  if (!text) return files.remove(path);
  const std::string directory = path.substr(0, path.rfind('/'));
  if (const Status made = files.make_directory(directory, kDropInDirectoryMode); !made) return made;
  return files.replace(path, *text, kDropInMode);
}

Status write_and_check(World& world, const ParameterName& name, const ParameterValue& value,
                       ParameterValue* shown) {
  const Status written = world.tree.write(name, value);
  // Read after a refusal too: the kernel may have taken a part of the value.
  const Reading now = world.tree.read(name);
  if (shown && now) *shown = *now;
  if (!written) return with_reason(written.error(), world, name, value);
  if (!now) return now.error();
  if (may_show(world.catalogue.find(name), value, *now)) return {};
  return Error{ErrorKind::kRejected,
               fmt::format("wrote {} = {}, but the kernel shows {}", name.dotted(), value.text(),
                           now->text()),
               0};
}

std::string command_by_hand(const Change& change, const std::string& netns) {
  return fmt::format("{}sysctl -w {}={}", command_in_namespace(netns),
                     shell_word(change.parameter.dotted()), shell_quoted(change.after.text()));
}

Result<bool> run_time_stands(const World& world, const Transaction& transaction) {
  if (!may_be_same_namespace(world.identity.network_namespace,
                             transaction.identity.network_namespace)) {
    return false;
  }
  if (world.identity.boot_id == transaction.identity.boot_id) return true;
  if (!transaction.plan.drop_in) return false;
  const auto now = read_if_present(world.files, transaction.plan.drop_in->path);
  if (!now) return now.error();
  return standing_of(*transaction.plan.drop_in, *now) == Standing::kAfter;
}

UndoReport undo(World& world, const Plan& plan, bool run_time, const Progress* unfinished) {
  UndoReport report;
  if (plan.drop_in) undo_file(world, *plan.drop_in, report);
  if (run_time) undo_parameters(world, plan, unfinished, report);
  return report;
}

}  // namespace advisor
