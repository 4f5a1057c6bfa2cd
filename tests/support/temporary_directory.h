#pragma once

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <system_error>

namespace advisor::testing {

/// A directory that is gone with it.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    const char* place = std::getenv("TMPDIR");
    path_ = std::string(place ? place : "/tmp") + "/sysctl-advisor-test-XXXXXX";
    if (!mkdtemp(path_.data())) std::abort();
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  const std::string& path() const { return path_; }

  /// Writes a file below it, with the directories above. Returns its whole path.
  std::string put(const std::string& name, const std::string& text) const {
    const std::filesystem::path path = path_ + "/" + name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
    return path.string();
  }

  std::string text(const std::string& name) const {
    std::ostringstream text;
    text << std::ifstream(path_ + "/" + name, std::ios::binary).rdbuf();
    return text.str();
  }

  bool has(const std::string& name) const {
    return std::filesystem::exists(std::filesystem::symlink_status(path_ + "/" + name));
  }

  mode_t mode(const std::string& name) const {
    struct stat status{};
    return stat((path_ + "/" + name).c_str(), &status) == 0 ? status.st_mode & 07777 : 0;
  }

 private:
  std::string path_;
};

}  // namespace advisor::testing
