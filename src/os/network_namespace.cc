#include "os/network_namespace.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "base/shell.h"
#include "base/text.h"
#include "os/file_store.h"
#include "os/unique_fd.h"

namespace advisor {
namespace {

bool is_pid(const std::string& text) {
  return parse_decimal(text).value_or(0) > 0;
}

/// Whether the text can be the plain name of a file in a directory.
bool is_file_name(const std::string& text) {
  return !text.empty() && text != "." && text != ".." &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return c != '/' && (c < 0 || c >= ' ') && c != 0x7f; });
}

Error no_such_namespace(const std::string& name, const std::vector<std::string>& places) {
  std::vector<std::string> known;
  for (const std::string& place : places) {
    const auto names = PosixFileStore("").list(place);
    if (names) known.insert(known.end(), names->begin(), names->end());
  }
  const auto nearest = nearest_name(name, known);
  return {ErrorKind::kNotFound,
          "there is no network namespace \"" + name + "\"" +
              (nearest ? ": did you mean \"" + *nearest + "\"?" : "; `ip netns list` names them"),
          ENOENT};
}

/// A name there is only as good as those who could have put it there.
Status check_place(const UniqueFd& directory, const std::string& place) {
  struct stat status{};
  if (fstat(directory.get(), &status) != 0) return os_failure("examine " + place, errno);
  if (status.st_uid == 0 && (status.st_mode & (S_IWGRP | S_IWOTH)) == 0) return {};
  return Error{ErrorKind::kRejected,
               "will not look for network namespaces in " + place +
                   ": somebody else than root can put them there (chown root, chmod go-w)",
               0};
}

Result<UniqueFd> open_named(const std::string& name, const std::vector<std::string>& places) {
  for (const std::string& place : places) {
    const UniqueFd directory(open(place.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!directory && errno == ENOENT) continue;
    if (!directory) return os_failure("open " + place, errno);
    // Links are followed: for namespaces that others made, people put links there by hand.
    UniqueFd file(openat(directory.get(), name.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    if (!file && errno == ENOENT) continue;
    if (!file) return os_failure("open network namespace " + name, errno);
    if (geteuid() == 0) {
      if (const Status checked = check_place(directory, place); !checked) return checked.error();
    }
    return file;
  }
  return no_such_namespace(name, places);
}

Result<UniqueFd> open_of_process(const std::string& pid) {
  const std::string number = std::to_string(*parse_decimal(pid));
  UniqueFd file(open(("/proc/" + number + "/ns/net").c_str(), O_RDONLY | O_CLOEXEC));
  if (file) return file;
  if (errno == ENOENT) {
    return Error{ErrorKind::kNotFound, "there is no process " + pid + " (any more)", errno};
  }
  Error error = os_failure("open the network namespace of process " + pid, errno);
  if (error.kind == ErrorKind::kDenied) error.message += "; run this command with sudo";
  return error;
}

}  // namespace

std::vector<std::string> network_namespace_places() {
  return {"/run/netns", "/var/run/netns"};
}

Status enter_network_namespace(const std::string& name_or_pid,
                               const std::vector<std::string>& places) {
  const bool process = is_pid(name_or_pid);
  if (!process && !is_file_name(name_or_pid)) {
    return Error{ErrorKind::kRejected,
                 "\"" + name_or_pid +
                     "\" is no network namespace: it takes a name, as `ip netns list` shows "
                     "them, or the number of a process",
                 0};
  }
  if (name_or_pid == kAllNamespaces) {
    return Error{ErrorKind::kRejected,
                 "network namespaces are entered one at a time: name one, not \"all\"", 0};
  }
  const Result<UniqueFd> file =
      process ? open_of_process(name_or_pid) : open_named(name_or_pid, places);
  if (!file) return file.error();
  if (setns(file->get(), CLONE_NEWNET) == 0) return {};
  Error error = os_failure("enter network namespace " + name_or_pid, errno);
  if (error.kind == ErrorKind::kDenied) error.message += "; run this command with sudo";
  if (error.os_error == EINVAL) error.message = name_or_pid + " is no network namespace";
  return error;
}

std::optional<uint64_t> network_namespace_inode() {
  struct stat status{};
  return stat("/proc/self/ns/net", &status) == 0 ? std::optional(status.st_ino) : std::nullopt;
}

std::string command_in_namespace(const std::string& name_or_pid) {
  if (name_or_pid.empty()) return "";
  if (is_pid(name_or_pid)) return "nsenter --net --target " + name_or_pid + " ";
  return "ip netns exec " + shell_word(name_or_pid) + " ";
}

}  // namespace advisor
