#pragma once

#include <memory>
#include <string>
#include <vector>

#include "collect/snapshot_file.h"
#include "os/file_store.h"
#include "os/sysctl_tree.h"

namespace advisor {

/// The parameters of a snapshot, as the tree they were read from. Cannot be written.
class RecordedTree : public SysctlTree {
 public:
  explicit RecordedTree(const Snapshot& snapshot) : snapshot_(snapshot) {}

  Status check_there() const override;
  Result<Presence> presence_of(const ParameterName& name) const override;
  Result<std::vector<ParameterName>> matching(const std::string& pattern) const override;
  Status check_writable(const ParameterName& name) const override;
  Reading read(const ParameterName& name) const override;
  Status write(const ParameterName& name, const ParameterValue& value) override;

 private:
  const Snapshot& snapshot_;
};

/// Files that can be read and not written.
class ReadOnlyFiles : public FileStore {
 public:
  Result<std::string> read_trusted(const std::string& path) const override { return read(path); }
  Status replace(const std::string& path, const std::string& text, int mode) override;
  Status append(const std::string& path, const std::string& text) override;
  Status remove(const std::string& path) override;
  Status make_directory(const std::string& path, int mode) override;
  Status create_directory(const std::string& path, int mode) override;
  Result<std::unique_ptr<Lock>> lock(const std::string& path,
                                     std::chrono::milliseconds patience) override;
};

/// What was recorded; anything else is not there.
class RecordedFiles : public ReadOnlyFiles {
 public:
  explicit RecordedFiles(const FileRecord& record) : record_(record) {}

  Result<std::string> read(const std::string& path) const override;
  Result<std::vector<std::string>> list(const std::string& path) const override;

 private:
  const FileRecord& record_;
};

/// Passes on what is read of other files, and notes what is there, or may be, and could not be
/// read. What is closed to this user is no failure.
class WatchedFiles : public ReadOnlyFiles {
 public:
  explicit WatchedFiles(const FileStore& files) : files_(files) {}

  Result<std::string> read(const std::string& path) const override;
  Result<std::vector<std::string>> list(const std::string& path) const override;
  /// A sentence for each failure, in the order in which they came.
  const std::vector<std::string>& failures() const { return failures_; }
  void note(const Error& error) const;
  /// Whether something was closed to this user.
  bool met_closed() const { return met_closed_; }

 private:
  const FileStore& files_;
  mutable std::vector<std::string> failures_;
  mutable bool met_closed_ = false;
};

/// Whether a directory has an entry of that name. False also if it cannot be listed: WatchedFiles
/// notes such failures.
bool has_entry(const FileStore& files, const std::string& directory, const std::string& name);

/// Passes on what is read of other files, and keeps a record of it. Absent files leave no record.
class RecordingFiles : public ReadOnlyFiles {
 public:
  explicit RecordingFiles(const FileStore& files) : files_(files) {}

  Result<std::string> read(const std::string& path) const override;
  Result<std::vector<std::string>> list(const std::string& path) const override;
  FileRecord take() { return std::move(record_); }

 private:
  const FileStore& files_;
  mutable FileRecord record_;
};

}  // namespace advisor
