#pragma once

#include <cerrno>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "os/file_store.h"
#include "support/steps.h"

namespace advisor::testing {

/// Files in memory, which know what is on the disk and what would be lost if the power failed: the
/// bytes of a file until it is synced, and a name until its directory is. `replace` goes through
/// what the real one does, each call of it a step of its own.
class MemoryFiles : public FileStore {
 public:
  /// What of the unsynced happened to reach the disk before the power failed.
  struct Survivors {
    bool bytes = false;
    bool names = false;
  };

  explicit MemoryFiles(Steps& steps) : steps_(steps) {}

  /// Puts a file there behind everybody's back, and on the disk.
  void put(const std::string& path, const std::string& text) {
    add_directory(parent_of(path));
    files_[path] = text;
    nodes_[path] = disk_[path] = std::make_shared<Node>(Node{text, text});
  }
  /// The file or directory may be there, and cannot be read.
  void make_unreadable(const std::string& path, int os_error = EACCES) {
    unreadable_[path] = os_error;
  }
  void erase(const std::string& path) {
    drop(path);
    disk_.erase(path);
  }
  const std::map<std::string, std::string>& files() const { return files_; }
  bool has_directory(const std::string& path) const { return directories_.contains(path); }

  /// Leaves out one of the calls that make a file durable: a store that must not be.
  void forget_sync_of_bytes() { syncs_bytes_ = false; }
  void forget_sync_of_names() { syncs_names_ = false; }

  /// The power fails: what is left is what the disk holds. A file of which no byte was synced is
  /// there, and empty.
  void cut_power(Survivors survivors) {
    if (!survivors.names) nodes_ = disk_;
    files_.clear();
    for (auto& [path, node] : nodes_) {
      const std::string text = survivors.bytes ? node->text : node->synced;
      node = std::make_shared<Node>(Node{text, text});
      files_[path] = text;
    }
    disk_ = nodes_;
  }

  Result<std::string> read(const std::string& path) const override {
    if (!steps_.take()) return injected_failure();
    const auto file = files_.find(path);
    const auto unreadable = unreadable_.find(path);
    if (unreadable != unreadable_.end()) return os_failure("read " + path, unreadable->second);
    if (file == files_.end()) return os_failure("read " + path, ENOENT);
    return file->second;
  }

  Result<std::string> read_trusted(const std::string& path) const override { return read(path); }

  Result<std::vector<std::string>> list(const std::string& path) const override {
    if (!steps_.take()) return injected_failure();
    const auto unreadable = unreadable_.find(path);
    if (unreadable != unreadable_.end()) return os_failure("list " + path, unreadable->second);
    if (!directories_.contains(path)) return os_failure("list " + path, ENOENT);
    std::set<std::string> names;
    for (const auto& [file, text] : files_) add_child(path, file, names);
    for (const std::string& directory : directories_) add_child(path, directory, names);
    return std::vector<std::string>(names.begin(), names.end());
  }

  Status replace(const std::string& path, const std::string& text, int) override {
    if (!directories_.contains(parent_of(path))) return os_failure("create " + path, ENOENT);
    const std::string temporary = path + ".new";
    const bool written = steps_.take([&] { write_file(temporary, ""); }) &&
                         steps_.take([&] { write_file(temporary, text); }) &&
                         steps_.take_sync([&] { sync_bytes(temporary); }) &&
                         steps_.take([&] { rename(temporary, path); });
    // The real one takes its temporary file away, which a process that was killed does not.
    if (!written) {
      if (steps_.alive()) drop(temporary);
      return injected_failure();
    }
    if (!steps_.take_sync([&] { sync_names(parent_of(path)); })) return injected_failure();
    return {};
  }

  Status append(const std::string& path, const std::string& text) override {
    if (!directories_.contains(parent_of(path))) return os_failure("open " + path, ENOENT);
    if (!steps_.take([&] { write_file(path, files_[path] + text); })) return injected_failure();
    return {};
  }

  Status remove(const std::string& path) override {
    if (!steps_.take([&] { drop(path); })) return injected_failure();
    if (!steps_.take_sync([&] { sync_names(parent_of(path)); })) return injected_failure();
    return {};
  }

  Status make_directory(const std::string& path, int) override {
    if (!steps_.take([&] { add_directory(path); })) return injected_failure();
    return {};
  }

  Status create_directory(const std::string& path, int) override {
    if (directories_.contains(path)) return os_failure("make " + path, EEXIST);
    if (!directories_.contains(parent_of(path))) return os_failure("make " + path, ENOENT);
    if (!steps_.take([&] { directories_.insert(path); })) return injected_failure();
    return {};
  }

  Result<std::unique_ptr<Lock>> lock(const std::string&, std::chrono::milliseconds) override {
    if (!steps_.take()) return injected_failure();
    return std::make_unique<Lock>();
  }

 private:
  struct Node {
    std::string text;
    std::string synced;
  };

  static std::string parent_of(const std::string& path) { return path.substr(0, path.rfind('/')); }

  static void add_child(const std::string& directory, const std::string& path,
                        std::set<std::string>& names) {
    if (path.size() > directory.size() && parent_of(path) == directory) {
      names.insert(path.substr(directory.size() + 1));
    }
  }

  void add_directory(const std::string& path) {
    if (path.empty()) return;
    directories_.insert(path);
    add_directory(parent_of(path));
  }

  void drop(const std::string& path) {
    files_.erase(path);
    nodes_.erase(path);
  }

  void write_file(const std::string& path, const std::string& text) {
    std::shared_ptr<Node>& node = nodes_[path];
    if (!node) node = std::make_shared<Node>();
    files_[path] = node->text = text;
  }

  void sync_bytes(const std::string& path) {
    if (syncs_bytes_) nodes_.at(path)->synced = files_.at(path);
  }

  void rename(const std::string& from, const std::string& to) {
    files_[to] = files_.at(from);
    nodes_[to] = nodes_.at(from);
    drop(from);
  }

  void sync_names(const std::string& directory) {
    if (!syncs_names_) return;
    std::erase_if(disk_, [&](const auto& row) { return parent_of(row.first) == directory; });
    for (const auto& [path, node] : nodes_) {
      if (parent_of(path) == directory) disk_[path] = node;
    }
  }

  Steps& steps_;
  std::map<std::string, std::string> files_;            ///< as everybody sees them
  std::map<std::string, std::shared_ptr<Node>> nodes_;  ///< the same files, with their inodes
  std::map<std::string, std::shared_ptr<Node>> disk_;   ///< the names that the disk holds
  std::set<std::string> directories_;
  std::map<std::string, int> unreadable_;  ///< with the errno
  bool syncs_bytes_ = true;
  bool syncs_names_ = true;
};

}  // namespace advisor::testing
