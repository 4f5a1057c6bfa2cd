#include "collect/recorded_host.h"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <cerrno>

namespace advisor {
namespace {

Error only_read(const std::string& what) {
  return {ErrorKind::kReadOnly, "cannot write " + what + ": it is only read here", EROFS};
}

}  // namespace

Status RecordedTree::check_there() const {
  if (!snapshot_.parameters.empty()) return {};
  return Error{ErrorKind::kIo, "the snapshot holds no parameter", 0};
}

Result<Presence> RecordedTree::presence_of(const ParameterName& name) const {
  const auto found = snapshot_.parameters.find(name);
  if (found == snapshot_.parameters.end()) return Presence::kAbsent;
  const bool absent = !found->second && found->second.error().kind == ErrorKind::kNotFound;
  return absent ? Presence::kAbsent : Presence::kThere;
}

Result<std::vector<ParameterName>> RecordedTree::matching(const std::string& pattern) const {
  std::vector<ParameterName> names;
  for (const auto& [name, reading] : snapshot_.parameters) {
    const bool matches =
        fnmatch(pattern.c_str(), name.path().c_str(), FNM_PATHNAME | FNM_PERIOD) == 0;
    const bool absent = !reading && reading.error().kind == ErrorKind::kNotFound;
    if (matches && !absent) names.push_back(name);
  }
  return names;
}

Status RecordedTree::check_writable(const ParameterName& name) const {
  return only_read(std::string(name.dotted()));
}

Reading RecordedTree::read(const ParameterName& name) const {
  const auto found = snapshot_.parameters.find(name);
  if (found != snapshot_.parameters.end()) return found->second;
  return Error{ErrorKind::kNotFound,
               fmt::format("cannot read {}: the snapshot does not hold it", name.dotted()), 0};
}

Status RecordedTree::write(const ParameterName& name, const ParameterValue& /*value*/) {
  return only_read(std::string(name.dotted()));
}

Status ReadOnlyFiles::replace(const std::string& path, const std::string& /*text*/, int /*mode*/) {
  return only_read(path);
}
Status ReadOnlyFiles::append(const std::string& path, const std::string& /*text*/) {
  return only_read(path);
}
Status ReadOnlyFiles::remove(const std::string& path) {
  return only_read(path);
}
Status ReadOnlyFiles::make_directory(const std::string& path, int /*mode*/) {
  return only_read(path);
}
Status ReadOnlyFiles::create_directory(const std::string& path, int /*mode*/) {
  return only_read(path);
}
Result<std::unique_ptr<Lock>> ReadOnlyFiles::lock(const std::string& path,
                                                  std::chrono::milliseconds /*patience*/) {
  return only_read(path);
}

Result<std::string> RecordedFiles::read(const std::string& path) const {
  const auto found = record_.texts.find(path);
  return found != record_.texts.end() ? found->second : os_failure("read " + path, ENOENT);
}

Result<std::vector<std::string>> RecordedFiles::list(const std::string& path) const {
  const auto found = record_.listings.find(path);
  return found != record_.listings.end() ? found->second : os_failure("list " + path, ENOENT);
}

Result<std::string> WatchedFiles::read(const std::string& path) const {
  auto text = files_.read(path);
  if (!text) note(text.error());
  return text;
}

Result<std::vector<std::string>> WatchedFiles::list(const std::string& path) const {
  auto names = files_.list(path);
  if (!names) note(names.error());
  return names;
}

void WatchedFiles::note(const Error& error) const {
  met_closed_ = met_closed_ || error.kind == ErrorKind::kDenied;
  if (error.kind == ErrorKind::kNotFound || error.kind == ErrorKind::kDenied) return;
  failures_.push_back(error.message);
}

Result<std::string> RecordingFiles::read(const std::string& path) const {
  auto text = files_.read(path);
  if (text || text.error().os_error != ENOENT) record_.texts.insert_or_assign(path, text);
  return text;
}

Result<std::vector<std::string>> RecordingFiles::list(const std::string& path) const {
  auto names = files_.list(path);
  if (names || names.error().os_error != ENOENT) record_.listings.insert_or_assign(path, names);
  return names;
}

bool has_entry(const FileStore& files, const std::string& directory, const std::string& name) {
  const auto names = files.list(directory);
  return names && std::find(names->begin(), names->end(), name) != names->end();
}

}  // namespace advisor
