"""What a transaction can change on a private host: taken down, put back, and told from another.

Two worlds are the same if every parameter of the namespace reads the same and every file below
/etc/sysctl.d and the state directory has the same bytes, but for the times in them.
"""

import contextlib
import hashlib
import json
import os
import re
import shutil

import advisor

DROP_INS = "/etc/sysctl.d"
STATE = "/var/lib/sysctl-advisor"
TRANSACTIONS = f"{STATE}/transactions"
PARAMETERS = "/proc/sys/net"
TIME = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
MOVES_BY_ITSELF = ("nf_conntrack_count",)


def _read(path):
    with open(path, "rb") as file:
        return file.read()


_opened = {}  # a parameter's path: its descriptor; most of a sweep's time goes into reading them


def _read_parameter(path):
    if path not in _opened:
        _opened[path] = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    return os.pread(_opened[path], 1 << 17, 0)


def parameter_paths():
    """Every parameter of this namespace that can be read and stands still."""
    found = []
    for folder, _, names in os.walk(PARAMETERS):
        for name in names:
            path = f"{folder}/{name}"
            try:
                _read(path)
            except OSError:  # write-only, or not set yet
                continue
            if name not in MOVES_BY_ITSELF:
                found.append(path)
    return sorted(found)


def files_below(top):
    """{path: (mode, bytes)}; a directory has no bytes. The lock is nobody's state."""
    found = {}
    for folder, folders, names in os.walk(top):
        for name in folders:
            found[f"{folder}/{name}"] = (os.stat(f"{folder}/{name}").st_mode & 0o7777, None)
        for name in names:
            path = f"{folder}/{name}"
            if path != f"{STATE}/lock":
                found[path] = (os.stat(path).st_mode & 0o7777, _read(path))
    return found


class World:
    """One state of the host."""

    def __init__(self, paths):
        self.paths = paths
        self.parameters = {path: _read_parameter(path) for path in paths}
        self.drop_ins = files_below(DROP_INS)
        self.state = files_below(STATE)

    def fingerprint(self):
        """The same for worlds in which the program must do the same."""
        files = sorted((self.drop_ins | self.state).items())
        files = [(path, mode, TIME.sub(b"then", text or b"")) for path, (mode, text) in files]
        return hashlib.sha256(repr((sorted(self.parameters.items()), files)).encode()).digest()

    def value(self, name):
        return b" ".join(self.parameters[_path_of(name)].split()).decode()

    def differences(self, other):
        """The parameters and drop-ins in which the two are not the same, as text."""
        said = [f"{path}: {other.parameters[path]!r}, not {text!r}"
                for path, text in self.parameters.items() if other.parameters[path] != text]
        for path in sorted(self.drop_ins.keys() | other.drop_ins.keys()):
            if self.drop_ins.get(path) != other.drop_ins.get(path):
                said.append(f"{path}: {other.drop_ins.get(path)}, not {self.drop_ins.get(path)}")
        return said

    def journals(self):
        """Every journal, oldest first."""
        found = [json.loads(text) for path, (_, text) in self.state.items()
                 if path.startswith(TRANSACTIONS) and path.endswith("/journal.json")]
        return sorted(found, key=lambda journal: int(journal["id"]))

    def lost(self, later):
        """The old values of this world's transactions that a later one does not hold any more."""
        said = [f"{path} is not what it was" for path, file in self.state.items()
                if path.endswith("/rollback.conf") and later.state.get(path) != file]
        kept = {journal["id"]: journal for journal in later.journals()}
        for journal in self.journals():
            there = kept.get(journal["id"], {})
            for member in ("created", "profiles", "undoes", "changes"):
                if there.get(member) != journal[member]:
                    said.append(f"transaction {journal['id']}: {member} is {there.get(member)}")
        return said

    def restore(self, now=None):
        """Makes the host what it was when this world was taken down. `now` is what it is, if that
        is known."""
        advisor.require_private_host()
        now = now or World(self.paths)
        for top, there, files in ((DROP_INS, now.drop_ins, self.drop_ins),
                                  (STATE, now.state, self.state)):
            if there == files:
                continue
            for entry in os.scandir(top):
                shutil.rmtree(entry) if entry.is_dir(follow_symlinks=False) else os.remove(entry)
            for path, (mode, text) in sorted(files.items()):
                if text is None:
                    os.mkdir(path)
                else:
                    with open(path, "wb") as file:
                        file.write(text)
                os.chmod(path, mode)
        moved = [path for path in self.paths if now.parameters[path] != self.parameters[path]]
        # More than once, since some move others along, and some are refused while others stand.
        for _ in range(4):
            if not moved:
                return
            for path in moved:
                with contextlib.suppress(OSError), open(path, "wb") as file:
                    file.write(self.parameters[path])
            moved = [path for path in self.paths if _read_parameter(path) != self.parameters[path]]
        raise AssertionError(f"cannot be put back: {moved}")


def _path_of(name):
    return "/proc/sys/" + name.replace(".", "/")


def expected(start, journals):
    """The parameters after those of `journals` that are committed, or wait to be, carried out on `start` in turn,
    and the drop-ins they leave: {path: text or None}."""
    parameters, drop_ins = {}, {}
    for journal in journals:
        if journal["state"] not in ("committed", "provisional"):
            continue
        for member in journal.values():
            for entry in member if isinstance(member, list) else ():
                if isinstance(entry, dict) and entry.get("after") is not None:
                    parameters[_path_of(entry["parameter"])] = entry["after"].split()
        if journal["drop_in"]:
            drop_ins[journal["drop_in"]["path"]] = journal["drop_in"]["after"]
    return ({path: parameters.get(path, text.decode().split())
             for path, text in start.parameters.items()}, drop_ins)


def disagreements(start, world):
    """In what the host is not as `start` with the committed transactions of its journals."""
    parameters, drop_ins = expected(start, world.journals())
    said = [f"{path} is {text!r}, and by the journal {parameters[path]}"
            for path, text in world.parameters.items() if text.decode().split() != parameters[path]]
    for path in sorted(world.drop_ins.keys() | start.drop_ins.keys() | drop_ins.keys()):
        if not path.endswith(".conf"):  # no loader reads it
            continue
        before = start.drop_ins[path][1].decode() if path in start.drop_ins else None
        wanted = drop_ins.get(path, before)
        there = world.drop_ins[path][1].decode() if path in world.drop_ins else None
        if there != wanted:
            said.append(f"{path} holds {there!r}, and by the journal {wanted!r}")
    return said
