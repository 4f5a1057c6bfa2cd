#include "apply/progress.h"

#include <fmt/format.h>

#include "apply/journal.h"
#include "base/text.h"

namespace advisor {

Status Progress::begin(FileStore& files, const std::string& id, const ParameterName& name) {
  if (!begun_.insert(name).second) return {};
  return files.append(path(id), fmt::format("write {}\n", name.dotted()));
}

Status Progress::show(FileStore& files, const std::string& id, const ParameterName& name,
                      const ParameterValue& value) {
  shown_.insert_or_assign(name, value);
  return files.append(path(id), fmt::format("shown {} {}\n", name.dotted(), value.text()));
}

Status Progress::note_undoing(FileStore& files, const std::string& id) {
  return files.append(path(id), "undo\n");
}

Result<Progress> Progress::load(const FileStore& files, const std::string& id) {
  Progress progress;
  const auto text = files.read_trusted(path(id));
  if (!text && text.error().kind == ErrorKind::kNotFound) return progress;
  if (!text) return text.error();
  for (const std::string_view line : split_lines(*text)) {
    const auto words = split_words(line);
    if (line == "undo") progress.undoing_ = true;
    const auto name = words.size() < 2 ? std::nullopt : ParameterName::parse(words[1]);
    if (!name) continue;
    if (words[0] == "write") progress.begun_.insert(*name);
    const size_t rest = line.find(words[1]) + words[1].size();
    if (words[0] == "shown") {
      progress.shown_.insert_or_assign(*name, ParameterValue(line.substr(rest)));
    }
  }
  return progress;
}

Progress Progress::all_of(const Plan& plan) {
  Progress progress;
  for (const Change& change : plan.changes) progress.begun_.insert(change.parameter);
  return progress;
}

std::string Progress::path(const std::string& id) {
  return transaction_directory(id) + "/progress";
}

const ParameterValue* Progress::shown(const ParameterName& name) const {
  const auto found = shown_.find(name);
  return found == shown_.end() ? nullptr : &found->second;
}

}  // namespace advisor
