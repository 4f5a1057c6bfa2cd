"""Stopping the program at a system call, or making one fail, by strace(1)."""

import collections
import os
import re
import subprocess
import tempfile

import advisor

# LeakSanitizer cannot work under a tracer.
ENVIRONMENT = {**os.environ, "ASAN_OPTIONS": "detect_leaks=0"}
CALL = re.compile(r"^(\d+)\s+(\w+)\(")
# The first of these behind the lock is where the host begins to change.
CHANGING = ("mkdir", "mkdirat", "rename", "renameat", "renameat2", "unlink", "unlinkat")

# These change nothing that outlives the process: killed there is killed at the call behind it.
LOOKING = {"brk", "clock_gettime", "close", "fcntl", "fstat", "futex", "getdents64", "geteuid", "getpid",
           "lseek", "madvise", "mmap", "mprotect", "munmap", "newfstatat", "pread64", "read", "readlink",
           "rt_sigaction", "rt_sigpending", "rt_sigprocmask", "rt_sigtimedwait", "statx"}
# UndefinedBehaviorSanitizer asks by such a write whether an address can be read.
SANITIZER = re.compile(r'write\(\d+(?:<[^>]*>)?, "(\\0){8}.*", 16\)')

# One system call of a run: the nth of its name (on that file, if one is named) of its process, and
# whether the host may have changed by then.
Point = collections.namedtuple("Point", "call nth changing file", defaults=[None])
VALUE_WRITTEN = re.compile(r"write\(\d+<(/proc/sys/[^>]*)>")


def strace(options, command):
    """Runs a command traced; (exit status, what it printed). Killed by a signal: -signal."""
    done = subprocess.run(["strace", "-f", "-qq", *options, advisor.BINARY, *command],
                          capture_output=True, text=True, env=ENVIRONMENT, timeout=120,
                          stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout + done.stderr


def points_of(command):
    """The system calls that the program makes from its lock on, as strace counts them: for each
    process and name apart. Of a child, those that its parent has not made as often; besides, what
    it writes to parameters."""
    with tempfile.NamedTemporaryFile("r", suffix=".trace") as trace:
        status, said = strace(["-y", "-o", trace.name], command)
        lines = trace.readlines()
    counts, points, locked, changing = collections.Counter(), [], False, False
    first = None
    for line in lines:
        found = CALL.match(line)
        if not found:
            continue
        process, call = found.groups()
        first = first or process
        counts[process, call] += 1
        locked = locked or call == "flock"
        changing = changing or (locked and call in CHANGING)
        if not locked or SANITIZER.search(line):
            continue
        value = VALUE_WRITTEN.search(line)
        if process == first or counts[process, call] > counts[first, call]:
            points.append(Point(call, counts[process, call], changing))
        elif value:
            counts[process, value[1]] += 1
            points.append(Point(call, counts[process, value[1]], changing, value[1]))
    assert points, f"no lock was taken: {said}"
    return status, points


def last_rename(command):
    """Where the commit record of a transaction would be put in its place."""
    return [point for point in points_of(command)[1] if point.call.startswith("rename")][-1]


def is_sanitized():
    linked = subprocess.run(["ldd", advisor.BINARY], capture_output=True, text=True).stdout
    return "libasan" in linked


def _inject(point, what, when, command, options=()):
    if point.file:
        options = [*options, "-P", point.file]
    return strace([*options, "-o", "/dev/null", "-e", f"trace={point.call}",
                   "-e", f"inject={point.call}:{what}:when={when}"], command)


def kill_at(point, command):
    return _inject(point, "signal=KILL", point.nth, command)


def fail_at(point, error, command, ever_after=False):
    """Makes the call fail; with `ever_after`, also all later ones of that name."""
    # By a filter in the kernel, calls of other names cost nothing. (strace 6.1 does not kill by it.)
    return _inject(point, f"error={error}", f"{point.nth}+" if ever_after else point.nth, command,
                   ["--seccomp-bpf"])
