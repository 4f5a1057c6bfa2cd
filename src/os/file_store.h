#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "os/unique_fd.h"

namespace advisor {

/// Held while it lives; the kernel lets go of it when the process ends, however it ends.
class Lock {
 public:
  virtual ~Lock() = default;
};

/// What is written beside a file, to take its place when it is whole, has this behind its name.
inline constexpr const char* kUnfinished = ".new";

/// Files by absolute path. What is written is durable when the call returns.
class FileStore {
 public:
  virtual ~FileStore() = default;

  /// The whole text of a regular file, symbolic links followed; /dev/null, as which files are
  /// masked, reads as empty. Never waits: anything else is refused.
  virtual Result<std::string> read(const std::string& path) const = 0;
  /// As read, for a file that root will act upon: when we are root, the file and every directory
  /// above it must be root's own, writable by root alone, and no symbolic link.
  virtual Result<std::string> read_trusted(const std::string& path) const = 0;
  /// All names in a directory, sorted.
  virtual Result<std::vector<std::string>> list(const std::string& path) const = 0;

  /// The whole file becomes `text`, or stays as it was: written beside, synced, renamed, and the
  /// directory synced.
  virtual Status replace(const std::string& path, const std::string& text, int mode) = 0;
  /// Takes away what a `replace` that was cut off left beside the file.
  Status discard_unfinished(const std::string& path) { return remove(path + kUnfinished); }
  /// Adds the text to the end of the file, which only we can read if it is new. Outlives the
  /// process, but need not outlive a power cut.
  virtual Status append(const std::string& path, const std::string& text) = 0;
  /// The file is gone, and stays gone after a power cut. Not an error if there was none.
  virtual Status remove(const std::string& path) = 0;
  /// The directory and those above it exist. If it is new it gets `mode`; new ones above it 0755.
  virtual Status make_directory(const std::string& path, int mode) = 0;
  /// A new directory; those above it must exist. An Error with EEXIST if anything has its name
  /// already, which is left as it is.
  virtual Status create_directory(const std::string& path, int mode) = 0;
  /// Waits until nobody else holds the lock file, at most `patience`. Busy if somebody still does;
  /// the message names the process.
  virtual Result<std::unique_ptr<Lock>> lock(const std::string& path,
                                             std::chrono::milliseconds patience) = 0;
};

/// What is asked of files and directories before root acts upon them.
enum class Trust {
  kChecked,  ///< that nobody else could have changed them
  kTaken,    ///< nothing: who names a copied tree answers for what is in it
  kNamed,    ///< of directories, that each is the one that was named (open_named_directory)
};

/// Files under <root>, which no symbolic link leads out of. Under Trust::kChecked root makes,
/// replaces, removes and locks files only in directories that belong to root, that root alone can
/// write to, and that are reached without a symbolic link.
class PosixFileStore : public FileStore {
 public:
  explicit PosixFileStore(std::string root, Trust trust = Trust::kChecked)
      : root_(std::move(root)), trust_(trust) {}

  Result<std::string> read(const std::string& path) const override;
  Result<std::string> read_trusted(const std::string& path) const override;
  Result<std::vector<std::string>> list(const std::string& path) const override;
  Status replace(const std::string& path, const std::string& text, int mode) override;
  Status append(const std::string& path, const std::string& text) override;
  Status remove(const std::string& path) override;
  Status make_directory(const std::string& path, int mode) override;
  Status create_directory(const std::string& path, int mode) override;
  Result<std::unique_ptr<Lock>> lock(const std::string& path,
                                     std::chrono::milliseconds patience) override;
  /// As replace, for a file in a directory that is not ours: what has the name of an unfinished
  /// file there is somebody's, and is left.
  Status replace_among_others(const std::string& path, const std::string& text, int mode);
  /// Takes a directory of ours away from everybody else (mode 0700). True if that had to be done.
  Result<bool> make_private(const std::string& path);

 private:
  bool checks() const;
  /// A directory, to write in.
  Result<UniqueFd> open_directory(const std::string& path) const;

  std::string root_;
  Trust trust_;
};

}  // namespace advisor
