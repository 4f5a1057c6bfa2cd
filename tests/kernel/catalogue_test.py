"""What the catalogue says of each parameter, held against this kernel. Only reads.

The host and a fresh network namespace are each read once, into a view: every key under /proc/sys with
its mode and its value. A test then compares one kind of claim of profiles/parameters/*.toml with the views.
"""

import functools
import glob
import json
import os
import re
import stat
import subprocess
import sys
import tomllib
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
import advisor

HERE = os.path.dirname(os.path.abspath(__file__))
ROWS = os.path.join(HERE, "..", "..", "profiles", "parameters")
PRIVATE_HOST = os.path.join(HERE, "..", "support", "private-host.sh")

# Of these directories the catalogue claims to know every key.
KNOWN_DIRECTORIES = re.compile(r"net\.(core|ipv4|ipv6|netfilter|unix|mptcp)\.")

# One row speaks of conf.all, conf.default and every interface, and these start with another value.
OTHER_DEFAULTS = {
    "net.ipv6.conf.all.accept_dad": "0",  # ipv6_devconf in net/ipv6/addrconf.c, as the row says
    "net.ipv6.conf.lo.accept_dad": "-1",  # ipv6_add_dev(): no address is sought twice on loopback
    "net.ipv6.conf.lo.use_tempaddr": "-1",  # ipv6_add_dev(): nor is there a temporary one
    "net.ipv6.conf.lo.mtu": "65536",  # of the device, from drivers/net/loopback.c
}

# The mode of these files does not tell what can be done with them.
OTHER_MODES = {
    "kernel.msg_next_id": 0o444,  # ipc_permissions(): writable with CAP_CHECKPOINT_RESTORE
    "kernel.sem_next_id": 0o444,
    "kernel.shm_next_id": 0o444,
    "kernel.nmi_watchdog": 0o444,  # kernel/watchdog.c: only where the processor has no such counter
    "vm.stat_refresh": 0o600,  # vmstat_refresh(): a read gives nothing
}

# What these show besides what can be written to them.
SHOWN_ONLY = {"kernel.cad_pid": "0"}  # pid_vnr(): the process is none of this PID namespace

# Stable kernels brought these earlier than mainline did, and a row names mainline's version.
BACKPORTED = {"kernel.oops_limit", "kernel.split_lock_mitigate", "kernel.warn_limit", "net.core.mem_pcpu_rsv",
              "net.ipv4.tcp_shrink_window", "net.ipv6.conf.*.accept_ra_min_lft", "net.ipv6.route.max_size"}

# These show nothing where the machine cannot do it.
EMPTY = {"kernel.sched_energy_aware"}

# How a row says that older kernels show nothing in a new namespace.
SHOWN_SINCE = re.compile(r"namespaces? since (\d+[.]\d+)")


def version(text):
    """The first three numbers of a kernel version: "6.18" is 6.18.0."""
    return tuple(int(number) for number in (re.findall(r"\d+", text.split("-")[0]) + ["0", "0"])[:3])


KERNEL = version(os.uname().release)


class Row(dict):
    """One table of the catalogue, with the place where it stands."""

    def __init__(self, key, table, file, line):
        super().__init__(table)
        self.key = key
        self.where = f"{os.path.basename(file)}:{line}"

    def gone(self):
        return "removed" in self and KERNEL >= version(self["removed"])

    def to_come(self):
        return "since" in self and KERNEL < version(self["since"]) and self.key not in BACKPORTED

    def shown_later(self):
        """Whether this kernel does not have it in a new namespace yet."""
        since = SHOWN_SINCE.search(self["meaning"])
        return since is not None and KERNEL < version(since[1])

    def default(self):
        """What this kernel starts with; None where the row does not say."""
        for until in sorted(self.get("default_before", {}), key=version):
            if KERNEL < version(until) and self.key not in BACKPORTED:
                return self["default_before"][until]
        return self.get("default")

    def numbers_of(self, text):
        return [number(word) for word in text.split()]

    def typed(self, text):
        """The value without the freedom that its spelling has."""
        if self["type"] == "string":
            return text.split()
        if self["type"] == "port-set":
            return ports(text)
        return self.numbers_of(text)

    def allows(self, text):
        if not text and self.key in EMPTY:
            return True
        if self["type"] == "port-set":
            return all(0 <= port <= 65535 for port in ports(text))
        if self["type"] == "string":
            short = len(text) <= self.get("max_length", len(text))
            return short and ("values" not in self or text in self["values"])
        found = self.numbers_of(text)
        fields = {"range": 2, "vector": len(self.get("fields", []))}.get(self["type"], 1)
        if found == [self.get("unlimited")]:
            return True
        low, high = (0, 1) if self["type"] == "bool" else (self.get("min"), self.get("max"))
        return (len(found) == fields and (low is None or min(found) >= low)
                and (high is None or max(found) <= high)
                and (not self.get("ordered") or found == sorted(found)))


def number(word):
    """A whole number in any base of C; None if it is none. What does not fit counts as the largest that does."""
    digits = re.sub(r"^(-?)0([0-7]+)$", r"\g<1>0o\2", word)
    try:
        return min(int(digits, 0), 2**63 - 1)
    except ValueError:
        return None


def ports(text):
    found = set()
    for part in filter(None, text.strip().split(",")):
        low, _, high = part.partition("-")
        found |= set(range(int(low), int(high or low) + 1))
    return found


def view():
    """Every key of /proc/sys as it shows here: {key: [mode, value, or None if it cannot be read]}."""
    found = {}
    for directory, _, files in os.walk("/proc/sys"):
        for path in (os.path.join(directory, file) for file in files):
            segments = os.path.relpath(path, "/proc/sys").split("/")
            mode = stat.S_IMODE(os.stat(path).st_mode)
            try:
                with open(path, "rb") as file:
                    value = file.read().decode(errors="replace").strip()
            except OSError:
                value = None
            found[".".join(segment.replace(".", "/") for segment in segments)] = [mode, value]
    return found


def fresh_view():
    """The same of a network namespace that nobody has changed."""
    read = subprocess.run([PRIVATE_HOST, sys.executable, os.path.abspath(__file__), "--view"],
                          check=True, capture_output=True, text=True)
    return json.loads(read.stdout)


def load_rows():
    rows = {}
    for file in glob.glob(f"{ROWS}/*.toml"):
        with open(file, encoding="utf-8") as opened:
            text = opened.read()
        lines = {match[1]: text.count("\n", 0, match.start()) + 1
                 for match in re.finditer(r'^\["([^"]+)"\]', text, re.MULTILINE)}
        for key, table in tomllib.loads(text).items():
            rows[key] = Row(key, table, file, lines[key])
    return rows


def row_of(key):
    """The row that speaks of this parameter, as the program finds it: its own, or one with a `*`."""
    segments = key.split(".")
    starred = (segments[:i] + ["*"] + segments[i + 1:] for i in range(len(segments)))
    names = [key, *(".".join(name) for name in starred)]
    return next((ROW[name] for name in names if name in ROW), None)


def setUpModule():
    global ROW, HOST, FRESH
    ROW, HOST, FRESH = load_rows(), view(), fresh_view()


def per_network(keys):
    return {key: seen for key, seen in keys.items() if key.startswith("net.")}


class Catalogue(unittest.TestCase):
    maxDiff = None

    def none_of(self, faults):
        """Fails with one line for each fault."""
        listed = sorted(set(faults))
        self.assertEqual(len(listed), 0, f"on kernel {os.uname().release}:\n  " + "\n  ".join(listed))

    def rows_of(self, keys):
        """The keys that have a row, each with its row, mode and value."""
        for key, (mode, value) in keys.items():
            row = row_of(key)
            if row is not None:
                yield key, row, mode, value

    def test_every_network_key_of_this_kernel_has_a_row(self):
        self.none_of(f"{key} has no row" for key in {**HOST, **FRESH}
                     if KNOWN_DIRECTORIES.match(key) and row_of(key) is None)

    def test_a_default_is_what_a_new_namespace_shows(self):
        def faults():
            for key, row, _, value in self.rows_of(per_network(FRESH)):
                default = OTHER_DEFAULTS.get(key, row.default())
                if (row["namespace"] != "net" or row.get("new_namespace", "default") != "default"
                        or default is None or value is None):
                    continue
                if row.typed(value) != row.typed(default):
                    yield f"{row.where}: {key} starts as {default!r}, seen {value!r}"
        self.none_of(faults())

    def test_other_defaults_are_of_keys_that_exist(self):
        self.none_of(f"{key} has another default and does not exist" for key in OTHER_DEFAULTS
                     if key not in FRESH)

    def test_a_new_namespace_shows_what_the_row_says(self):
        def faults():
            for key, row, mode, value in self.rows_of(per_network(HOST)):
                if "*" in row.key and key not in FRESH:
                    continue  # an interface of the host
                if key not in FRESH and row.shown_later():
                    continue
                says = row.get("new_namespace", "default")
                if (key not in FRESH) != (says == "absent"):
                    yield f"{row.where}: {key} is {says!r} in a new namespace, seen " + (
                        "there" if key in FRESH else "absent")
                elif says == "copied" and value != FRESH[key][1]:
                    yield f"{row.where}: {key} is copied, seen {FRESH[key][1]!r}, on the host {value!r}"
                elif key in FRESH and mode & 0o222:
                    writable = bool(FRESH[key][0] & 0o222)
                    if writable != (says != "read-only"):
                        yield f"{row.where}: {key} is {says!r} in a new namespace, seen mode {FRESH[key][0]:o}"
        self.none_of(faults())

    def test_every_value_of_this_kernel_is_one_that_its_row_allows(self):
        def faults():
            for key, row, _, value in [*self.rows_of(HOST), *self.rows_of(FRESH)]:
                if value is None or row.get("access") == "write-only" or SHOWN_ONLY.get(key) == value:
                    continue
                if not row.allows(value):
                    bounds = {name: row[name] for name in ("type", "min", "max", "unlimited", "values", "max_length")
                              if name in row}
                    yield f"{row.where}: {key} is allowed {bounds}, seen {value!r}"
        self.none_of(faults())

    def test_what_exists_came_by_now_and_is_not_removed(self):
        def faults():
            for key, row, _, _ in [*self.rows_of(HOST), *self.rows_of(FRESH)]:
                if row.gone():
                    yield f"{row.where}: {key} was removed in {row['removed']}, and exists"
                if row.to_come():
                    yield f"{row.where}: {key} comes with {row['since']}, and exists"
        self.none_of(faults())

    def test_what_does_nothing_any_more_is_still_there(self):
        seen = {row.key for _, row, _, _ in self.rows_of({**HOST, **FRESH})}
        self.none_of(f"{row.where}: {key} does nothing since {row['inert_since']}, and does not exist"
                     for key, row in ROW.items()
                     if "inert_since" in row and KERNEL >= version(row["inert_since"]) and not row.gone()
                     and key not in seen and "module" not in row)

    def test_access_is_what_the_mode_of_the_file_says(self):
        modes = {"read-only": 0o444, "write-only": 0o222, "read-write": 0o666}

        def faults():
            for key, row, mode, _ in self.rows_of(HOST):
                says = row.get("access", "read-write")
                if mode == OTHER_MODES.get(key):
                    continue
                can = (bool(mode & 0o444), bool(mode & 0o222))
                if can != (bool(modes[says] & 0o444), bool(modes[says] & 0o222)):
                    yield f"{row.where}: {key} is {says}, seen mode {mode:o}"
        self.none_of(faults())

    def test_rows_name_rows_that_exist(self):
        def faults():
            for key, row in ROW.items():
                for kind in ("moves", "excludes"):
                    for other in row.get(kind, []):
                        if row_of(other) is None:
                            yield f"{row.where}: {key} {kind} {other}, which has no row"
        self.none_of(faults())


if __name__ == "__main__":
    if sys.argv[1:] == ["--view"]:
        json.dump(view(), sys.stdout)
    elif os.geteuid() != 0:
        print("skipped: a network namespace of one's own needs root")
        sys.exit(advisor.SKIPPED)
    else:
        unittest.main(verbosity=2)
