"""A recorded host: one text file, NAME.host, which stands for a tree of files as --root takes it.

    # comments up to the first section; some are read by tests/profiles/run_golden.py
    --- /proc/net/sockstat
    sockets: used 3
    --- /proc/sys/
    net/core/somaxconn = 4096
    net/core/rmem_max (read-only) = 212992
    net/ipv4/route/flush (unreadable)
    net/ipv4/ip_local_reserved_ports (empty)

A section is one file, its content the lines below the heading. A section whose path ends in `/` is
a directory with a file of one line in each line. What is not listed does not exist.

Behind a path there may be a mark, and one behind a directory holds for all that is in it:

    (read-only)   root can read it and not write it
    (unreadable)  root cannot read it either; it has no content
    (empty)       there, with nothing in it
    (absent)      not there; for a reader who would expect it

In a section a line `@repeat COUNT LINE` stands for COUNT lines. In LINE `{START:FORMAT}` is
START + the number of the line, as Python formats it; `{START/EVERY:FORMAT}` goes on by one only
every EVERY lines, `{START*STEP:FORMAT}` goes on by STEP.

    @repeat 3 {0:4d}: 0500630A:{0x9C40:04X}
"""

import contextlib
import ctypes
import os
import pathlib
import re
import tempfile

HOSTS = pathlib.Path(__file__).resolve().parents[1] / "hosts"

MARKS = {"read-only": 0o444, "unreadable": 0o000, "empty": 0o644, "absent": None}
HEADING = re.compile(r"--- (/\S+)(?: \(([a-z-]+)\))?")
ENTRY = re.compile(r"(\S+)(?: \(([a-z-]+)\))?(?: = (.*))?")
REPEAT = re.compile(r"@repeat (\d+) (.*)")
NUMBER = re.compile(r"\{(\w+)(?:([/*])(\d+))?:([^}]*)\}")

_PR_CAPBSET_DROP = 24
_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH = 1, 2


class HostFile:
    """What a host file says. `comments` are the lines of its head; `files` maps each path to its
    content and its mark, or None."""

    def __init__(self, text):
        self.comments = []
        self.files = {}
        path = mark = None
        lines = []
        for number, line in enumerate([*text.splitlines(), None], 1):
            heading = line is not None and HEADING.fullmatch(line)
            if heading or line is None:
                if path:
                    self._add_section(path, mark, lines)
                if heading:
                    (path, mark), lines = heading.groups(), []
            elif path is None:
                if line and not line.startswith("#"):
                    raise ValueError(f"line {number}: neither a comment nor a section: {line}")
                self.comments.append(line)
            else:
                lines.append(line)

    def _add_section(self, path, mark, lines):
        if not path.endswith("/"):
            self._add(path, "".join(line + "\n" for line in unfolded(lines)), mark)
            return
        for line in lines:
            entry = ENTRY.fullmatch(line)
            if not entry:
                raise ValueError(f"{path}: not a file and its value: {line}")
            name, own_mark, value = entry.groups()
            if (value is None) != (own_mark in ("unreadable", "empty", "absent")):
                raise ValueError(f"{path}{name}: either a value or a mark that says why not")
            self._add(path + name, "" if value is None else value + "\n", own_mark or mark)

    def _add(self, path, content, mark):
        if mark not in (None, *MARKS):
            raise ValueError(f"{path}: ({mark}) is none of {', '.join(MARKS)}")
        if path in self.files:
            raise ValueError(f"{path}: stands there twice")
        if mark in ("unreadable", "empty", "absent") and content:
            raise ValueError(f"{path}: ({mark}) and yet a content")
        self.files[path] = content, mark

    def write_tree(self, root):
        """Writes the files below a directory."""
        made = set()
        for path, (content, mark) in self.files.items():
            if mark == "absent":
                continue
            target = root + path
            directory = os.path.dirname(target)
            if directory not in made:
                os.makedirs(directory, exist_ok=True)
                made.add(directory)
            with open(target, "w") as file:
                file.write(content)
            if mark:
                os.chmod(target, MARKS[mark])


def unfolded(lines):
    """The lines with every @repeat written out."""
    for line in lines:
        repeat = REPEAT.fullmatch(line)
        if not repeat:
            yield line
            continue
        for row in range(int(repeat[1])):
            yield NUMBER.sub(lambda number: _number_in(row, *number.groups()), repeat[2])


def _number_in(row, start, operator, step, form):
    if operator == "/":
        row //= int(step)
    elif operator == "*":
        row *= int(step)
    return format(int(start, 0) + row, form)


def names():
    """The recorded hosts."""
    return sorted(path.stem for path in HOSTS.glob("*.host"))


def load(name):
    try:
        return HostFile((HOSTS / f"{name}.host").read_text())
    except ValueError as error:
        raise SystemExit(f"tests/hosts/{name}.host: {error}") from error


@contextlib.contextmanager
def expanded(name):
    """A directory that holds the host's files, for as long as the block runs."""
    # A thousand small files: in memory if there is such a place, since a disk takes seconds.
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix=f"{name}-", dir=memory) as root:
        load(name).write_tree(root)
        yield root


def put_file(root, path, text):
    """Puts a file into such a directory, also in the place of one that its owner may not write."""
    target = pathlib.Path(root, path.lstrip("/"))
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    target.write_text(text)


def refuse_unreadable_files():
    """From here on, programs that this process starts are refused what a file's mode refuses, even
    as root, as the kernel does under /proc/sys."""
    if os.geteuid() == 0:
        prctl = ctypes.CDLL(None, use_errno=True).prctl
        for capability in (_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH):
            prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)
