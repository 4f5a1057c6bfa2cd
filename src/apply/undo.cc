#include "apply/undo.h"

#include <fmt/format.h>

#include "model/typed_value.h"
#include "os/network_namespace.h"

namespace advisor {
namespace {

constexpr int kDropInMode = 0644;
constexpr int kDropInDirectoryMode = 0755;

/// Each word is what stood there before or what was written there.
bool is_mixture(const Change& change, const ParameterValue& now) {
  const auto& words = now.words();
  const auto& before = change.before.words();
  const auto& after = change.after.words();
  if (words.size() < 2 || words.size() != before.size() || words.size() != after.size()) {
    return false;
  }
  for (size_t i = 0; i < words.size(); ++i) {
    if (words[i] != before[i] && words[i] != after[i]) return false;
  }
  return true;
}

void undo_file(World& world, const FileChange& file, UndoReport& report) {
  const auto now = read_if_present(world.files, file.path);
  const std::string by_hand =
      file.before ? "restore " + file.path + " from the journal" : "rm " + file.path;
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

void undo_parameter(World& world, const Change& change, UndoReport& report) {
  const std::string& name = change.parameter.dotted();
  const Reading now = world.tree.read(change.parameter);
  if (now) {
    switch (standing_of(change, *now, world.catalogue.find(change.parameter))) {
      case Standing::kBefore:
        return;
      case Standing::kForeign:
        if (is_mixture(change, *now)) break;
        report.left.push_back(fmt::format(
            "{} is {}: changed by somebody else since, and left as it is", name, now->text()));
        return;
      case Standing::kAfter:
        break;
    }
  }
  world.step(fmt::format("putting back {} = {}", name, change.before.text()));
  const Status put =
      now ? write_and_check(world, change.parameter, change.before) : Status(now.error());
  if (put) return;
  report.failures.push_back(put.error().message);
  report.commands.push_back(fmt::format("{}sysctl -w {}='{}'",
                                        command_in_namespace(world.identity.named), name,
                                        change.before.text()));
}

}  // namespace

Standing standing_of(const Change& change, const ParameterValue& now, const ParameterInfo* info) {
  if (same_value(info, now, change.before)) return Standing::kBefore;
  return same_value(info, now, change.after) ? Standing::kAfter : Standing::kForeign;
}

Standing standing_of(const FileChange& change, const std::optional<std::string>& now) {
  if (now == change.before) return Standing::kBefore;
  return now == change.after ? Standing::kAfter : Standing::kForeign;
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
  // Also after a refusal: the kernel may have taken a part of it.
  const Reading now = world.tree.read(name);
  if (shown && now) *shown = *now;
  if (!written) return written;
  if (!now) return now.error();
  if (same_value(world.catalogue.find(name), *now, value)) return {};
  return Error{ErrorKind::kRejected,
               fmt::format("wrote {} = {}, but the kernel shows {}", name.dotted(), value.text(),
                           now->text()),
               0};
}

Result<bool> run_time_stands(const World& world, const Transaction& transaction) {
  if (world.identity.network_namespace != transaction.identity.network_namespace) return false;
  if (world.identity.boot_id == transaction.identity.boot_id) return true;
  if (!transaction.plan.drop_in) return false;
  const auto now = read_if_present(world.files, transaction.plan.drop_in->path);
  if (!now) return now.error();
  return standing_of(*transaction.plan.drop_in, *now) == Standing::kAfter;
}

UndoReport undo(World& world, const Plan& plan, bool run_time) {
  UndoReport report;
  if (plan.drop_in) undo_file(world, *plan.drop_in, report);
  if (!run_time) return report;
  for (auto change = plan.changes.rbegin(); change != plan.changes.rend(); ++change) {
    undo_parameter(world, *change, report);
  }
  return report;
}

}  // namespace advisor
