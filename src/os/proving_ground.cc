#include "os/proving_ground.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <utility>

#include "base/text.h"
#include "os/file_access.h"
#include "os/file_store.h"
#include "os/network_links.h"
#include "os/retries.h"

namespace advisor {
namespace {

constexpr unsigned long kPlainMount = MS_NOSUID | MS_NODEV | MS_NOEXEC;
/// The user that root becomes before anything is made, as which it owns nothing of the host.
constexpr unsigned kNobody = 65534;
constexpr rlim_t kMostOpenFiles = 16384;
/// Of address space, for each process of a ground. A build that looks for errors of memory
/// (-fsanitize=address) lays out terabytes.
#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define ADVISOR_LAYS_OUT_TERABYTES
#endif
#endif
#if defined(ADVISOR_LAYS_OUT_TERABYTES) || defined(__SANITIZE_ADDRESS__)
constexpr rlim_t kMostMemory = RLIM_INFINITY;
#else
constexpr rlim_t kMostMemory = rlim_t{256} << 20;
#endif

Status mounted(const char* from, const char* to, const char* type, unsigned long flags,
               const char* options = nullptr) {
  if (mount(from, to, type, flags, options) == 0) return {};
  Error error = os_failure(std::string("mount ") + to + " in a proving ground", errno);
  // So the kernel answers whoever would uncover, from a user namespace, what is mounted over.
  if (error.os_error == EINVAL) error.kind = ErrorKind::kDenied;
  return error;
}

/// An empty file system in memory, over a directory that every host has.
Status mount_root() {
  int failure = ENOENT;
  for (const char* place : {"/tmp", "/run", "/mnt", "/var/tmp", "/dev/shm"}) {
    const char* bounds = "size=16m,nr_inodes=2048,mode=755";
    if (mount("prove", place, "tmpfs", MS_NOSUID | MS_NODEV, bounds) == 0) {
      if (chdir(place) == 0) return {};
    }
    if (errno != ENOENT) failure = errno;
  }
  return os_failure("mount a file system in memory", failure);
}

Status make_directories() {
  for (const char* name : {"proc", "old", "etc", "etc/sysctl.d", "etc/sysctl-advisor",
                           "etc/sysctl-advisor/profiles", "var", "var/lib", "run", "tmp"}) {
    if (mkdir(name, 0755) != 0) return os_failure(std::string("make directory ") + name, errno);
  }
  return {};
}

/// Only what belongs to the network namespace can be written: whoever is root has a right to write
/// more, and everything else is the host's.
Status protect_parameters() {
  // A user namespace may not part from what somebody has mounted below.
  Status done = mounted("/proc/sys", "/proc/sys", nullptr, MS_BIND);
  if (!done) done = mounted("/proc/sys", "/proc/sys", nullptr, MS_BIND | MS_REC);
  const unsigned long again = MS_BIND | MS_REMOUNT | kPlainMount;
  if (done) done = mounted(nullptr, "/proc/sys", nullptr, again | MS_RDONLY);
  if (done) done = mounted("/proc/sys/net", "/proc/sys/net", nullptr, MS_BIND);
  if (done) done = mounted(nullptr, "/proc/sys/net", nullptr, again);
  return done;
}

Status leave_host() {
  Status done = mounted(nullptr, "/", nullptr, MS_REC | MS_PRIVATE);
  if (done) done = mount_root();
  if (done) done = make_directories();
  if (!done) return done;
  // Where parts of /proc are hidden, as in containers, the kernel lets nobody mount a fresh one.
  if (!mounted("proc", "proc", "proc", kPlainMount)) {
    done = mounted("/proc", "proc", nullptr, MS_BIND | MS_REC);
  }
  if (!done) return done;
  if (syscall(SYS_pivot_root, ".", "old") != 0) {
    Error error = os_failure("leave the file system of the host", errno);
    if (error.os_error == EINVAL) {
      error.kind = ErrorKind::kDenied;
      error.message += "; one that a machine has booted from (initramfs) cannot be left";
    }
    return error;
  }
  if (chdir("/") != 0 || umount2("/old", MNT_DETACH) != 0) {
    return os_failure("leave the file system of the host", errno);
  }
  return protect_parameters();
}

/// Bounds what a load can take; never above what this process may have.
Status set_bounds() {
  const auto bound = [](auto resource, rlim_t most) {
    rlimit limit{};
    if (getrlimit(resource, &limit) != 0) return false;
    limit.rlim_cur = limit.rlim_max = std::min(limit.rlim_max, most);
    return setrlimit(resource, &limit) == 0;
  };
  if (bound(RLIMIT_NOFILE, kMostOpenFiles) && bound(RLIMIT_CORE, 0) &&
      bound(RLIMIT_AS, kMostMemory)) {
    return {};
  }
  return os_failure("bound the load", errno);
}

/// Ends at once if whoever holds the other end of `life` is gone, and from now on with that one.
void end_with_holder(int life) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  pollfd holder{life, POLLIN, 0};
  if (poll(&holder, 1, 0) < 0 || (holder.revents & POLLHUP) != 0) _exit(1);
}

Status become_root_of_ground(int life) {
  // All that this user is, it becomes within the namespace; that resets the signal of the holder's
  // end.
  if (setresgid(0, 0, 0) != 0 || setresuid(0, 0, 0) != 0) return os_failure("become root", errno);
  end_with_holder(life);
  return {};
}

Status settle_in(GroundKind kind, int life) {
  Status ready = kind == GroundKind::kUserNamespace ? become_root_of_ground(life) : Status();
  if (ready) ready = leave_host();
  if (ready) ready = set_bounds();
  if (ready) ready = bring_up("lo");
  const auto host_only = PosixFileStore("").read("/proc/sys/net/core/netdev_max_backlog");
  if (ready && host_only) {
    return Error{ErrorKind::kRejected, "the network namespace of the host was not left", 0};
  }
  return ready;
}

[[noreturn]] void live(GroundKind kind, int life, int answers, const GroundWork& work) {
  end_with_holder(life);
  char go = 0;
  if (read(life, &go, 1) != 1) _exit(1);
  umask(022);
  work(settle_in(kind, life), answers);
  // Not exit(3): what waits to be written, or to be tidied up, is the parent's.
  _exit(0);
}

Status write_file(const std::string& path, const std::string& text) {
  const UniqueFd file(open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!file) return os_failure("open " + path, errno);
  return write_whole(file.get(), text, path);
}

/// Root becomes nobody, so that it has no right to what is root's.
Status map_users(pid_t process) {
  const std::string place = "/proc/" + std::to_string(process);
  const unsigned user = geteuid() == 0 ? kNobody : geteuid();
  const unsigned group = geteuid() == 0 ? kNobody : getegid();
  Status done = write_file(place + "/setgroups", "deny");
  if (done) done = write_file(place + "/uid_map", "0 " + std::to_string(user) + " 1");
  if (done) done = write_file(place + "/gid_map", "0 " + std::to_string(group) + " 1");
  return done;
}

/// Short of memory, or of processes, is not the same as forbidden.
Error not_made(int os_error) {
  Error error = os_failure("make namespaces for a proof", os_error);
  if (os_error == ENOMEM || os_error == EAGAIN) return error;
  error.kind = ErrorKind::kDenied;
  const std::string why = why_no_user_namespace();
  if (!why.empty()) error.message += "; " + why;
  return error;
}

}  // namespace

std::string why_no_user_namespace() {
  const PosixFileStore files("");
  const auto is = [&](const char* path, std::string_view value) {
    const auto text = files.read(path);
    return text && trim(*text) == value;
  };
  if (is("/proc/sys/user/max_user_namespaces", "0")) {
    return "user namespaces are switched off: user.max_user_namespaces is 0";
  }
  for (const std::string kind : {"net", "mnt", "pid", "ipc", "uts"}) {
    const std::string setting = "max_" + kind + "_namespaces";
    if (is(("/proc/sys/user/" + setting).c_str(), "0")) {
      return "such namespaces are switched off: user." + setting + " is 0";
    }
  }
  if (is("/proc/sys/kernel/unprivileged_userns_clone", "0")) {
    return "user namespaces are for root alone: kernel.unprivileged_userns_clone is 0";
  }
  if (is("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1")) {
    return "AppArmor gives programs without a profile no rights in user namespaces: "
           "kernel.apparmor_restrict_unprivileged_userns is 1";
  }
  const auto status = files.read("/proc/self/status");
  if (status && status->find("Seccomp:\t2") != std::string::npos) {
    return "a filter of system calls (seccomp), such as that of a container, may forbid it";
  }
  return "";
}

Result<ProvingGround> ProvingGround::open(GroundKind kind, const GroundWork& work) {
  std::array<int, 2> life{}, answers{};
  if (pipe2(life.data(), O_CLOEXEC) != 0) return os_failure("make a pipe", errno);
  UniqueFd life_in(life[0]), life_out(life[1]);
  if (pipe2(answers.data(), O_CLOEXEC) != 0) return os_failure("make a pipe", errno);
  UniqueFd answers_in(answers[0]), answers_out(answers[1]);
  const bool own_user = kind == GroundKind::kUserNamespace;
  const unsigned long spaces = CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWIPC |
                               CLONE_NEWUTS | (own_user ? CLONE_NEWUSER : 0);
  // As fork(2), which has no flags: without a stack of its own it goes on with a copy of ours.
  const auto process = pid_t(syscall(SYS_clone, spaces | SIGCHLD, 0, 0, 0, 0));
  if (process < 0) return not_made(errno);
  if (process == 0) {
    life_out = UniqueFd();
    live(kind, life_in.get(), answers_out.get(), work);
  }
  ProvingGround ground(process, std::move(answers_in), std::move(life_out));
  if (own_user) {
    if (const Status mapped = map_users(process); !mapped) return mapped.error();
  }
  const Status begun = write_whole(ground.life_.get(), "+", "the start of a proof");
  if (!begun) return begun.error();
  return ground;
}

ProvingGround::ProvingGround(ProvingGround&& other) noexcept
    : process_(std::exchange(other.process_, -1)),
      answers_(std::move(other.answers_)),
      life_(std::move(other.life_)),
      unread_(std::move(other.unread_)) {}

ProvingGround::~ProvingGround() {
  if (process_ < 0) return;
  kill(process_, SIGKILL);
  Retries interruptions;
  while (waitpid(process_, nullptr, 0) < 0 && errno == EINTR && interruptions.again()) {
  }
}

Result<std::optional<std::string>> ProvingGround::next_line(const Clock& clock,
                                                            std::chrono::milliseconds until) {
  using MaybeLine = std::optional<std::string>;
  for (;;) {
    if (const size_t end = unread_.find('\n'); end != std::string::npos) {
      std::string line = unread_.substr(0, end);
      unread_.erase(0, end + 1);
      return MaybeLine(std::move(line));
    }
    const auto left = std::max(until - clock.since_boot(), std::chrono::milliseconds(0));
    pollfd answer{answers_.get(), POLLIN, 0};
    const int ready = poll(&answer, 1, int(left.count()));
    if (ready < 0 && errno == EINTR) continue;
    if (ready < 0) return os_failure("wait for a proof", errno);
    if (ready == 0) return Error{ErrorKind::kBusy, "it took longer than it may", 0};
    std::array<char, 4096> bytes{};
    const ssize_t size = read(answers_.get(), bytes.data(), bytes.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return os_failure("read what a proof answers", errno);
    if (size == 0) return MaybeLine();
    unread_.append(bytes.data(), size_t(size));
  }
}

}  // namespace advisor
