#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "model/persistent.h"
#include "model/snapshot.h"

namespace advisor {

/// Files and directories as they were read, and why they could not be.
struct FileRecord {
  std::map<std::string, Result<std::string>> texts;
  std::map<std::string, Result<std::vector<std::string>>> listings;
};

/// Everything that was read of a host, to be judged elsewhere or later.
struct HostRecord {
  std::optional<std::string> version;  ///< of the program that wrote it
  bool anonymized = false;
  Snapshot snapshot;
  FileRecord boot_files;             ///< what tells which parameters a boot sets
  std::vector<OtherSetting> others;  ///< which other programs set some
};

/// A record is not read if its file is larger.
constexpr size_t kLargestRecordBytes = size_t{64} << 20;

inline constexpr const char* kSnapshotSchema = "sysctl-advisor/snapshot/2";
/// Is read as well; what could not be read stood there in the place of the value.
inline constexpr const char* kOlderSnapshotSchema = "sysctl-advisor/snapshot/1";

/// As JSON by that schema.
std::string record_text(HostRecord record);

/// Corrupt, with `name` and the place in the document, if the text is not what record_text of this
/// or an older version could have written. What an older version left out is taken as not known.
Result<HostRecord> parse_record(const std::string& name, const std::string& text);
/// The same of a document that was parsed already.
Result<HostRecord> record_of(const std::string& name, const Json& document);

}  // namespace advisor
