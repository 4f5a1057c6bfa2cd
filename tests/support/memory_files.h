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

/// Files in memory. What `replace` did is there as a whole or not at all, as the real one promises.
class MemoryFiles : public FileStore {
 public:
  explicit MemoryFiles(Steps& steps) : steps_(steps) {}

  /// Puts a file there behind everybody's back.
  void put(const std::string& path, const std::string& text) {
    add_directory(parent_of(path));
    files_[path] = text;
  }
  /// The file or directory is there, and reading it is refused.
  void make_unreadable(const std::string& path) { unreadable_.insert(path); }
  void erase(const std::string& path) { files_.erase(path); }
  const std::map<std::string, std::string>& files() const { return files_; }
  bool has_directory(const std::string& path) const { return directories_.contains(path); }

  Result<std::string> read(const std::string& path) const override {
    if (!steps_.take()) return injected_failure();
    const auto file = files_.find(path);
    if (file == files_.end()) return os_failure("read " + path, ENOENT);
    if (unreadable_.contains(path)) return os_failure("read " + path, EACCES);
    return file->second;
  }

  Result<std::string> read_trusted(const std::string& path) const override { return read(path); }

  Result<std::vector<std::string>> list(const std::string& path) const override {
    if (!steps_.take()) return injected_failure();
    if (!directories_.contains(path)) return os_failure("list " + path, ENOENT);
    if (unreadable_.contains(path)) return os_failure("list " + path, EACCES);
    std::set<std::string> names;
    for (const auto& [file, text] : files_) add_child(path, file, names);
    for (const std::string& directory : directories_) add_child(path, directory, names);
    return std::vector<std::string>(names.begin(), names.end());
  }

  Status replace(const std::string& path, const std::string& text, int) override {
    Status done;
    const auto effect = [&] {
      if (!directories_.contains(parent_of(path))) {
        done = os_failure("create " + path, ENOENT);
      } else {
        files_[path] = text;
      }
    };
    if (!steps_.take(effect)) return injected_failure();
    return done;
  }

  Status remove(const std::string& path) override {
    if (!steps_.take([&] { files_.erase(path); })) return injected_failure();
    return {};
  }

  Status make_directory(const std::string& path, int) override {
    if (!steps_.take([&] { add_directory(path); })) return injected_failure();
    return {};
  }

  Result<std::unique_ptr<Lock>> lock(const std::string&, std::chrono::milliseconds) override {
    if (!steps_.take()) return injected_failure();
    return std::make_unique<Lock>();
  }

 private:
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

  Steps& steps_;
  std::map<std::string, std::string> files_;
  std::set<std::string> directories_;
  std::set<std::string> unreadable_;
};

}  // namespace advisor::testing
