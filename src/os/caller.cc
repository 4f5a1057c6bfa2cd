#include "os/caller.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <utility>
#include <vector>

#include "base/shell.h"
#include "base/shortened.h"
#include "base/text.h"
#include "os/file_store.h"
#include "os/unique_fd.h"

namespace advisor {
namespace {

constexpr size_t kLongestCommand = 1024;
constexpr size_t kLongestWord = 256;  // of the environment
constexpr int64_t kNoLogin = 0xffffffff;
/// Fields of proc(5) behind the command in /proc/PID/stat.
constexpr size_t kTerminalField = 4;
/// Majors of UNIX98 terminals, Documentation/admin-guide/devices.txt.
constexpr int64_t kFirstPtsMajor = 136;
constexpr int64_t kLastPtsMajor = 143;

/// The beginning of a file of /proc, which is a part of this process and read at once; empty if
/// that cannot be read.
std::string beginning_of(const char* path) {
  const UniqueFd file(open(path, O_RDONLY | O_CLOEXEC));
  std::string text(size_t{4} * kLongestCommand, '\0');
  ssize_t size = -1;
  for (int tries = 0; file && size < 0 && tries < 3; ++tries) {
    size = read(file.get(), text.data(), text.size());
    if (size < 0 && errno != EINTR) break;
  }
  text.resize(size > 0 ? size_t(size) : 0);
  return text;
}

std::string from_environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? std::string(value).substr(0, kLongestWord) : std::string();
}

std::string terminal() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    char name[PATH_MAX];
    if (ttyname_r(fd, name, sizeof name) == 0) return name;
  }
  return controlling_terminal(beginning_of("/proc/self/stat"));
}

}  // namespace

std::string name_of_uid(int64_t uid, std::string_view passwd) {
  for (const std::string_view line : split_lines(passwd)) {
    if (line.starts_with('#')) continue;
    const std::vector<std::string> fields = split(line, ':');
    if (fields.size() > 2 && parse_decimal(fields[2]) == uid) return fields[0];
  }
  return {};
}

std::string controlling_terminal(std::string_view stat) {
  // The command is in brackets, and may hold anything.
  const size_t end = stat.rfind(')');
  if (end == std::string_view::npos) return {};
  const auto fields = words_of(stat.substr(end + 1));
  const auto device =
      fields.size() > kTerminalField ? parse_decimal(fields[kTerminalField]) : std::nullopt;
  if (!device || *device <= 0) return {};
  const int64_t major = (*device >> 8) & 0xfff;
  const int64_t minor = (*device & 0xff) | ((*device >> 12) & 0xfff00);
  if (major < kFirstPtsMajor || major > kLastPtsMajor) {
    return "/dev/char/" + std::to_string(major) + ":" + std::to_string(minor);
  }
  constexpr int64_t kMinorsOfMajor = 256;
  return "/dev/pts/" + std::to_string((major - kFirstPtsMajor) * kMinorsOfMajor + minor);
}

std::string command_text(std::string_view cmdline) {
  if (cmdline.ends_with('\0')) cmdline.remove_suffix(1);
  std::string text;
  if (cmdline.empty()) return text;
  for (const std::string& word : split(cmdline, '\0')) {
    if (!text.empty()) text += ' ';
    text += shell_word(word);
  }
  return shortened(std::move(text), kLongestCommand);
}

Caller identify_caller() {
  Caller caller;
  const auto login = parse_decimal(trim(beginning_of("/proc/self/loginuid")));
  if (login && *login >= 0 && *login != kNoLogin) caller.login_uid = login;
  if (caller.login_uid) {
    // Not getpwuid(3), which may ask a directory on the network, and loads modules to do so.
    const auto passwd = PosixFileStore("").read("/etc/passwd");
    if (passwd) caller.login = name_of_uid(*caller.login_uid, *passwd);
  }
  caller.sudo_user = from_environment("SUDO_USER");
  const auto sudo_uid = parse_decimal(from_environment("SUDO_UID"));
  if (sudo_uid && *sudo_uid >= 0 && *sudo_uid < kNoLogin) caller.sudo_uid = sudo_uid;
  caller.tty = terminal();
  caller.command = command_text(beginning_of("/proc/self/cmdline"));
  return caller;
}

}  // namespace advisor
