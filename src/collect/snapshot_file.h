#pragma once

#include <map>
#include <string>
#include <vector>

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
  bool anonymized = false;
  Snapshot snapshot;
  FileRecord boot_files;             ///< what tells which parameters a boot sets
  std::vector<OtherSetting> others;  ///< which other programs set some
};

/// A record is not read if its file is larger.
constexpr size_t kLargestRecordBytes = size_t{64} << 20;

/// As JSON by the schema "sysctl-advisor/snapshot/1".
std::string record_text(HostRecord record);

/// Corrupt, with `name` and the place in the document, if the text is not what record_text of this
/// or an older version could have written. What an older version left out is taken as not known.
Result<HostRecord> parse_record(const std::string& name, const std::string& text);

}  // namespace advisor
