"""Stopping the program at a system call, or making one fail, by strace(1)."""

import collections
import os
import re
import subprocess
import tempfile

import advisor

# LeakSanitizer cannot work under a tracer.
ENVIRONMENT = {**os.environ, "ASAN_OPTIONS": "detect_leaks=0"}
CALL = re.compile(r"^(\d+)\s+(\w+)\((.*)$")
# The first of these behind the lock is where the host begins to change.
CHANGING = ("mkdir", "mkdirat", "rename", "renameat", "renameat2", "unlink", "unlinkat")

# These change nothing that outlives the process: to be killed at one equals being killed at the
# next.
LOOKING = {"brk", "clock_gettime", "close", "fcntl", "fstat", "futex", "getdents64", "geteuid", "getpid",
           "lseek", "madvise", "mmap", "mprotect", "munmap", "newfstatat", "pread64", "read", "readlink",
           "rt_sigaction", "rt_sigpending", "rt_sigprocmask", "rt_sigtimedwait", "statx"}

# What a kernel may answer to a call on a host that is sick: a broken disk, no memory, no room, no
# descriptors, a security module. Answers that would be a lie, such as "no such file", are left out.
_READING = ("EIO", "ENOMEM")
_NAMES = ("EIO", "ENOSPC", "EROFS")
_DESCRIPTORS = ("EMFILE", "ENFILE", "ENOMEM")
ERRORS = {
    "openat": ("EIO", *_DESCRIPTORS), "openat2": ("EIO", *_DESCRIPTORS), "read": (*_READING, "EINTR"),
    "write": ("EIO", "ENOSPC", "EINTR"), "getdents64": _READING, "newfstatat": _READING, "fstat": _READING,
    "statx": _READING, "fstatfs": _READING, "readlink": _READING, "readlinkat": _READING,
    "access": _READING, "faccessat": _READING, "faccessat2": _READING,
    "mkdir": _NAMES, "mkdirat": _NAMES, "rename": _NAMES, "renameat": _NAMES, "renameat2": _NAMES,
    "unlink": _NAMES, "unlinkat": _NAMES, "fchmod": _NAMES, "fchmodat": _NAMES, "fchmodat2": _NAMES,
    "fsync": ("EIO", "ENOSPC"), "ftruncate": ("EIO",), "flock": ("EINTR", "ENOLCK", "ENOMEM"),
    "socket": (*_DESCRIPTORS, "EACCES"), "getsockopt": ("ENOMEM", "EPERM"), "bind": ("ENOMEM",),
    "sendto": ("ENOBUFS", "ENOMEM"), "recvmsg": ("ENOBUFS", "ENOMEM", "EINTR"),
    "pipe2": _DESCRIPTORS, "clone": ("EAGAIN", "ENOMEM"), "clone3": ("EAGAIN", "ENOMEM"),
    "vfork": ("EAGAIN", "ENOMEM"), "wait4": ("EINTR",), "signalfd4": _DESCRIPTORS, "setsid": ("EPERM",),
    "landlock_create_ruleset": ("ENOMEM",), "landlock_add_rule": ("ENOMEM",),
    "landlock_restrict_self": ("ENOMEM",), "prctl": ("EPERM",),
}
CREATING = ("ENOSPC", "EROFS", "EACCES")  # besides, of a call that makes a file

# UndefinedBehaviorSanitizer asks by such a write whether an address can be read.
SANITIZER = re.compile(r'write\(\d+(?:<[^>]*>)?, "(\\0){8}.*", 16\)')

# One system call of a run: the nth of its name (about that path, if one is given) of its process, and
# the how manieth of its name alone; whether the host may have changed by then; where in the program it
# is made, as far as its name, the object and the stage tell that; and the errors that it may meet.
Point = collections.namedtuple("Point", "call nth path overall changing site errors")

DESCRIPTOR = re.compile(r"\d+<([^>]*)>|AT_FDCWD<[^>]*>")
TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"')
BY_NAME = re.compile(r"(openat2?|mkdirat|mkdir|unlinkat|unlink|renameat2?|rename|newfstatat|statx|faccessat2?|access"
                     r"|fchmodat2?|readlinkat|readlink)$")
FIRST_OF_OURS = "fcntl(0"  # what comes before it is the loader's


def strace(options, command):
    """Runs a command traced; (exit status, what it printed). Killed by a signal: -signal."""
    done = subprocess.run(["strace", "-f", "-qq", *options, advisor.BINARY, *command],
                          capture_output=True, text=True, env=ENVIRONMENT, timeout=120,
                          stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout + done.stderr


def _paths(call, arguments):
    """The paths by which strace -P finds the call; the one that says most of it comes first."""
    behind = arguments.rfind(") = ")
    asked = arguments if behind < 0 else arguments[:behind]
    named = [text[1] for text in TEXT.finditer(asked)][:1] if BY_NAME.match(call) else []
    opened = [found[1] for found in DESCRIPTOR.finditer(asked) if found[1]][:1]
    return [path for path in named + opened if path and "\\" not in path]


def _site(call, paths, arguments, stage):
    """The same for calls that one line of the program makes of things of one kind."""
    where = " ".join(paths)
    where = re.sub(r"/conf/[^/ ]+|/neigh/[^/ ]+", "/conf/*", where)
    where = re.sub(r"\d+", "0", where)
    ends = arguments.endswith("= 0") if call in ("getdents64", "read") else None
    return call, where, ends, stage


def _unusable(path):
    return path.startswith(("socket:", "pipe:", "anon_inode:", "/memfd")) or path.endswith("(deleted)")


def points_of(command):
    """The system calls that the program makes, as strace counts them: for each process, name and path
    apart. Of a child, those that its parent has not made as often."""
    with tempfile.NamedTemporaryFile("r", suffix=".trace") as trace:
        status, said = strace(["-y", "-o", trace.name], command)
        lines = trace.readlines()
    counts, points = collections.Counter(), []
    first = None
    ours = locked = changing = False
    for line in lines:
        found = CALL.match(line.rstrip())
        if not found:
            continue
        process, call, arguments = found.groups()
        first = first or process
        paths = _paths(call, arguments)
        for key in ("", *set(paths)):
            counts[process, call, key] += 1
        ours = ours or f"{call}({arguments}".startswith(FIRST_OF_OURS)
        locked = locked or call == "flock"
        changing = changing or (locked and call in CHANGING)
        if not ours or SANITIZER.search(line):
            continue
        key = next((path for path in paths if not _unusable(path)), "")
        if process != first and counts[process, call, key] <= counts[first, call, key]:
            continue
        errors = ERRORS.get(call, ()) + (CREATING if "O_CREAT" in arguments else ())
        site = _site(call, paths, arguments, (locked, changing))
        points.append(Point(call, counts[process, call, key], key, counts[process, call, ""], changing,
                            site, errors))
    assert points and locked, f"no lock was taken: {said}"
    return status, points


def sites_of(points):
    """The last point of each site, before which the most has been done."""
    last = {point.site: point for point in points}
    return [point for point in points if point is last[point.site]]


def last_rename(command):
    """Where the commit record of a transaction would be put in its place."""
    return [point for point in points_of(command)[1] if point.call.startswith("rename")][-1]


def is_sanitized():
    # Linked dynamically (gcc) or statically (clang), its names are in the program.
    with open(advisor.BINARY, "rb") as file:
        return b"__asan_init" in file.read()


def _inject(call, what, command, options=()):
    return strace([*options, "-o", "/dev/null", "-e", f"trace={call}", "-e", f"inject={call}:{what}"],
                  command)


def _about(point):
    return ["-P", point.path] if point.path else []


def kill_at(point, command):
    return _inject(point.call, f"signal=KILL:when={point.nth}", command, _about(point))


def fail_at(point, error, command, ever_after=False):
    """Makes the call fail; with `ever_after`, also all later ones of that name, whatever they are
    about."""
    # By a filter in the kernel, calls of other names cost nothing. (strace 6.1 does not kill by it.)
    filtered = ["--seccomp-bpf"]
    if ever_after:
        return _inject(point.call, f"error={error}:when={point.overall}+", command, filtered)
    return _inject(point.call, f"error={error}:when={point.nth}", command, filtered + _about(point))
