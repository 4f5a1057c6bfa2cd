#include "os/watchdog.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <memory>
#include <optional>

#include "base/text.h"
#include "os/own_path.h"
#include "os/unique_fd.h"

namespace advisor {
namespace {

constexpr const char* kSystemdRuns = "/run/systemd/system";  // as of sd_booted(3)
constexpr const char* kSystemdRun = "/usr/bin/systemd-run";
constexpr const char* kSystemctl = "/usr/bin/systemctl";
constexpr std::chrono::seconds kPatience{20};

/// Whether systemd manages this host, and not only one around it.
bool systemd_is_here() {
  struct stat status{};
  if (stat(kSystemdRuns, &status) != 0 || !S_ISDIR(status.st_mode)) return false;
  char name[16]{};
  const UniqueFd file(open("/proc/1/comm", O_RDONLY | O_CLOEXEC));
  if (!file || read(file.get(), name, sizeof name - 1) <= 0) return false;
  return trim(name) == "systemd" && access(kSystemdRun, X_OK) == 0;
}

/// Whether what systemd runs finds the same parameters as this process, and the program and the
/// files where it does.
bool systemd_sees(const Watchdog& watchdog, const std::string& program) {
  std::vector<std::string> files = watchdog.sees;
  files.push_back(program);
  return same_file("/proc/1/ns/net", "/proc/self/ns/net") &&
         std::all_of(files.begin(), files.end(), [](const std::string& file) {
           return same_file("/proc/1/root" + file, file);
         });
}

std::string in_milliseconds(std::chrono::milliseconds duration) {
  return std::to_string(duration.count()) + "ms";
}

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> all;
  for (std::string& word : words) all.push_back(word.data());
  all.push_back(nullptr);
  return all;
}

void close_from(unsigned first) {
  if (syscall(SYS_close_range, first, ~0U, 0U) == 0) return;
  const long most = sysconf(_SC_OPEN_MAX);  // before Linux 5.9
  for (long fd = first; fd < (most > 0 ? most : 1024); ++fd) close(int(fd));
}

/// What to run in a child process, made ready before fork(2): behind it nothing may allocate.
class Program {
 public:
  Program(std::vector<std::string> command, int output, int errors)
      : command_(std::move(command)), argv_(pointers(command_)), output_(output), errors_(errors) {}

  /// Becomes the program, with nothing of the parent but the two file descriptors. The lock of the
  /// parent in particular must not live on in it. Of all signals only `waiting`, if given, is
  /// blocked in it.
  [[noreturn]] void run(int waiting = 0) const {
    sigset_t held;
    sigemptyset(&held);
    if (waiting != 0) sigaddset(&held, waiting);
    sigprocmask(SIG_SETMASK, &held, nullptr);
    int null = open("/dev/null", O_RDWR);
    // A root that holds nothing but this program has no devices.
    if (null < 0) null = memfd_create("null", 0);
    const bool ready = null >= 0 && dup2(null, STDIN_FILENO) >= 0 &&
                       dup2(output_ < 0 ? null : output_, STDOUT_FILENO) >= 0 &&
                       dup2(errors_ < 0 ? null : errors_, STDERR_FILENO) >= 0 && chdir("/") == 0;
    if (!ready) _exit(kNotRun);
    close_from(STDERR_FILENO + 1);
    execv(argv_.front(), argv_.data());
    _exit(kNotRun);
  }

 private:
  static constexpr int kNotRun = 127;

  std::vector<std::string> command_;
  std::vector<char*> argv_;
  int output_;
  int errors_;
};

/// A pipe that no program run inherits by itself.
struct Pipe {
  UniqueFd read_end;
  UniqueFd write_end;
};

Result<Pipe> make_pipe() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return os_failure("make a pipe", errno);
  // Above those that the child gives a new meaning.
  Pipe pipe{UniqueFd(fcntl(ends[0], F_DUPFD_CLOEXEC, STDERR_FILENO + 1)),
            UniqueFd(fcntl(ends[1], F_DUPFD_CLOEXEC, STDERR_FILENO + 1))};
  close(ends[0]);
  close(ends[1]);
  if (!pipe.read_end || !pipe.write_end) return os_failure("make a pipe", errno);
  return pipe;
}

/// What comes out of it until its end, or the end of the first line, or patience is over.
std::string read_some(const UniqueFd& file, bool first_line_only) {
  const auto give_up = std::chrono::steady_clock::now() + kPatience;
  std::string text;
  for (;;) {
    if (first_line_only && text.find('\n') != std::string::npos) return text;
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        give_up - std::chrono::steady_clock::now());
    if (left.count() <= 0) return text;
    pollfd waiting{file.get(), POLLIN, 0};
    const int arrived = poll(&waiting, 1, int(left.count()));
    if (arrived < 0 && errno != EINTR) return text;
    if (arrived <= 0) continue;
    char buffer[1024];
    const ssize_t size = read(file.get(), buffer, sizeof buffer);
    if (size == 0 || (size < 0 && errno != EINTR)) return text;
    if (size > 0) text.append(buffer, size_t(size));
  }
}

/// The wait status of a child; -1 if it cannot be told.
int wait_for(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return -1;
  }
  return status;
}

/// Runs a program to its end; an Error with what it said if its status is other than 0.
Status run_to_end(std::vector<std::string> command) {
  auto pipe = make_pipe();
  if (!pipe) return pipe.error();
  const std::string name = command.front();
  const Program program(std::move(command), -1, pipe->write_end.get());
  const pid_t child = fork();
  if (child < 0) return os_failure("run " + name, errno);
  if (child == 0) program.run();
  pipe->write_end = UniqueFd();
  const std::string said = read_some(pipe->read_end, false);
  pipe->read_end = UniqueFd();
  if (wait_for(child) == 0) return {};
  return Error{ErrorKind::kIo, name + " failed: " + std::string(trim(said)), 0};
}

Status start_timer(const Watchdog& watchdog, const std::string& program) {
  return run_to_end(timer_command(watchdog, program));
}

/// In a session of its own, so that no terminal has a say in it, and a child of process 1.
Status start_process(std::vector<std::string> command, const std::string& program) {
  auto pipe = make_pipe();
  if (!pipe) return pipe.error();
  const Program recover(std::move(command), pipe->write_end.get(), -1);
  const pid_t child = fork();
  if (child < 0) return os_failure("start a watchdog", errno);
  if (child == 0) {
    for (const int signal : {SIGHUP, SIGINT, SIGQUIT, SIGTSTP}) std::signal(signal, SIG_IGN);
    const bool alone = setsid() >= 0;
    const pid_t grandchild = alone ? fork() : -1;
    // What tells it to end makes it undo the change, as soon as it can.
    if (grandchild == 0) recover.run(SIGTERM);
    _exit(grandchild < 0 ? 1 : 0);
  }
  pipe->write_end = UniqueFd();
  const bool started = wait_for(child) == 0;
  // It says so once it is there.
  if (started && !read_some(pipe->read_end, true).empty()) return {};
  return Error{ErrorKind::kIo,
               "cannot start a watchdog, which would undo the change if it is not confirmed: " +
                   program + " does not run",
               0};
}

}  // namespace

std::vector<std::string> timer_command(const Watchdog& watchdog, const std::string& program) {
  return {kSystemdRun,
          "--quiet",
          "--unit=" + watchdog.name,
          "--description=Undo what was not confirmed to sysctl-advisor",
          "--on-active=" + in_milliseconds(watchdog.after),
          "--timer-property=AccuracySec=100ms",
          program,
          "recover",
          "--wait",
          "0"};
}

std::vector<std::string> scope_command(const Watchdog& watchdog, const std::string& program) {
  std::vector<std::string> command{kSystemdRun, "--quiet", "--scope", "--unit=" + watchdog.name,
                                   "--description=Undo what is not confirmed to sysctl-advisor"};
  const std::vector<std::string> process = process_command(watchdog, program);
  command.insert(command.end(), process.begin(), process.end());
  return command;
}

std::vector<std::string> process_command(const Watchdog& watchdog, const std::string& program) {
  std::vector<std::string> command{program, "recover", "--wait", in_milliseconds(watchdog.after)};
  if (!watchdog.root.empty()) command.insert(command.end(), {"--root", watchdog.root});
  return command;
}

Status start_watchdog(const Watchdog& watchdog) {
  const auto path = own_path();
  const bool systemd = path && systemd_is_here();
  // If systemd does not answer, a process of our own keeps watch.
  if (systemd && watchdog.root.empty() && systemd_sees(watchdog, *path)) {
    if (start_timer(watchdog, *path)) return {};
  }
  Watchdog process = watchdog;
  if (!watchdog.root.empty()) {
    // The process runs in another directory, so the path must be absolute.
    const std::unique_ptr<char, void (*)(void*)> root(realpath(watchdog.root.c_str(), nullptr),
                                                      std::free);
    if (!root) return os_failure("find " + watchdog.root, errno);
    process.root = root.get();
  }
  if (systemd && start_process(scope_command(process, *path), *path)) return {};
  const std::string program = path.value_or("/proc/self/exe");
  return start_process(process_command(process, program), program);
}

void stop_watchdog(const std::string& name) {
  if (!systemd_is_here() || access(kSystemctl, X_OK) != 0) return;
  // A failure is ignored: the timer, if there is one, would find nothing to do.
  (void)run_to_end({kSystemctl, "--quiet", "stop", name + ".timer"});
}

}  // namespace advisor
