#include "os/pager.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "os/file_access.h"
#include "os/retries.h"
#include "os/terminal.h"
#include "os/unique_fd.h"

namespace advisor {
namespace {

bool is_wanted = false;

/// The program and its arguments; empty: none.
std::vector<std::string> pager_words() {
  const char* named = std::getenv("PAGER");
  std::vector<std::string> words = split_words(named ? named : "less");
  if (words.size() == 1 && words.front() == "cat") words.clear();
  return words;
}

/// Whether whoever reads has rights that a program which the pager starts must not get.
bool is_privileged() {
  return geteuid() == 0 || geteuid() != getuid() || std::getenv("SUDO_UID");
}

bool is_longer_than_the_screen(const std::string& text) {
  const auto height = terminal_height();
  return height && size_t(std::ranges::count(text, '\n')) >= *height;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (std::string& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

/// Ours, and how git(1) has less(1) and lv(1) behave: colours pass, and the screen stays as it is.
/// LESSSECURE keeps less from starting programs and from writing files.
std::vector<std::string> environment_of_pager() {
  std::vector<std::string> variables{"LESSSECURE=1"};
  if (!std::getenv("LESS")) variables.emplace_back("LESS=FRX");
  if (!std::getenv("LV")) variables.emplace_back("LV=-c");
  for (char** variable = environ; *variable; ++variable) {
    if (!std::string_view(*variable).starts_with("LESSSECURE=")) variables.emplace_back(*variable);
  }
  return variables;
}

/// Starts the program with the pipe as its input. Its number, or 0 if it could not be started.
pid_t start_pager(const std::vector<std::string>& named, int input) {
  std::vector<std::string> words = named;
  std::vector<std::string> variables = environment_of_pager();
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  // What we ignore a program would ignore as well.
  sigset_t as_ever;
  sigemptyset(&as_ever);
  sigaddset(&as_ever, SIGPIPE);
  sigaddset(&as_ever, SIGXFSZ);
  posix_spawnattr_setsigdefault(&attributes, &as_ever);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
  pid_t pager = 0;
  const int failed = posix_spawnp(&pager, words.front().c_str(), &actions, &attributes,
                                  pointers(words).data(), pointers(variables).data());
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  return failed == 0 ? pager : 0;
}

}  // namespace

void let_pager_show() {
  is_wanted = true;
}

bool show_by_pager(const std::string& text) {
  if (!is_wanted || !stdout_is_terminal() || is_privileged()) return false;
  const std::string shown = as_shown(text);
  const std::vector<std::string> words = pager_words();
  if (words.empty() || !is_longer_than_the_screen(shown)) return false;
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return false;
  UniqueFd reading(ends[0]), writing(ends[1]);
  const pid_t pager = start_pager(words, reading.get());
  if (pager == 0) return false;
  reading = UniqueFd();
  // Ctrl-C is for the pager, which may only end a search by it.
  std::signal(SIGINT, SIG_IGN);
  (void)write_whole(writing.get(), shown, "the pager");  // the reader may leave early
  writing = UniqueFd();
  Retries interruptions;
  while (waitpid(pager, nullptr, 0) < 0 && errno == EINTR && interruptions.again()) {
  }
  std::signal(SIGINT, SIG_DFL);
  return true;
}

}  // namespace advisor
