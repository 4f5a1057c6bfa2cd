"""Records what the program reads of this host as a host file (see host_file.py), on stdout.

    record_host.py NAME [--release RELEASE] [--root DIR]

Recorded are the parameters that the catalogue knows, the tables and counters of the network, and
the files that set parameters at boot. Run it as root: what root cannot write is marked read-only.
Nothing is changed.

A record tells nothing of the machine it was made on: its name, its addresses, boot id and keys are
replaced, processes and kernel pointers left out. Addresses become those of RFC 2544 and RFC 3849,
each always the same. Rows of the socket table are sorted, and those that differ by their port only
are folded; their timers are true to two seconds.
"""

import argparse
import os
import pathlib
import re
import sys

CATALOGUE = pathlib.Path(__file__).resolve().parents[2] / "profiles" / "parameters"

TABLES = ("snmp", "snmp6", "netstat", "sockstat", "sockstat6", "softnet_stat",
          "stat/nf_conntrack", "stat/arp_cache", "stat/ndisc_cache")
# Files of a few lines, or those lines that are named, without addresses or names of users.
LEVELS = {
    "/proc/vmstat": {"nr_dirty", "nr_dirty_background_threshold", "nr_dirty_threshold",
                     "nr_writeback", "pswpin", "pswpout", "allocstall_dma",
                     "allocstall_dma32", "allocstall_normal", "allocstall_movable"},
    "/proc/loadavg": None,
    "/proc/key-users": None,
    "/proc/sysvipc/msg": None,
    "/proc/sysvipc/sem": None,
    "/proc/sysvipc/shm": None,
    "/proc/pressure/memory": None,
    "/proc/pressure/io": None,
    "/proc/net/dev": None,
    "/proc/net/rt6_stats": None,
}
MEMINFO = ("MemTotal", "MemFree", "MemAvailable", "SwapTotal", "SwapFree", "CommitLimit",
           "Committed_AS", "HugePages_Total", "HugePages_Free", "HugePages_Rsvd", "HugePages_Surp",
           "Hugepagesize", "Hugetlb")
CONTAINER_MARKS = ("/run/systemd/container", "/run/.containerenv", "/.dockerenv")
# Not /lib/sysctl.d, which is the same directory as /usr/lib/sysctl.d wherever /usr is merged.
BOOT_FILES = ("/etc/sysctl.conf", "/etc/sysctl.d/*.conf", "/run/sysctl.d/*.conf",
              "/usr/local/lib/sysctl.d/*.conf", "/usr/lib/sysctl.d/*.conf")
NO_ID = "00000000-0000-0000-0000-000000000000"
REPLACED = {"kernel/domainname": "(none)", "kernel/random/boot_id": NO_ID,
            "kernel/random/uuid": NO_ID, "net/ipv4/tcp_fastopen_key": "-".join(["0" * 8] * 4),
            "net/core/netdev_rss_key": ":".join(["00"] * 52)}
TICKS_PER_SECOND = 100
LISTEN = "0A"


class Addresses:
    """Replaces addresses in the hex of /proc/net, where each 32-bit word is little-endian."""

    def __init__(self):
        self.known = {}

    def replace(self, hexadecimal):
        if len(hexadecimal) == 32:
            return self._replace_v6(hexadecimal)
        # 0.0.0.0, 127/8, 255.255.255.255
        if hexadecimal in ("00000000", "FFFFFFFF") or hexadecimal.endswith("7F"):
            return hexadecimal
        number = self._number_of(hexadecimal)
        return f"{number & 255:02X}{number >> 8:02X}12C6"  # 198.18.0.0/16

    def _replace_v6(self, hexadecimal):
        if hexadecimal.startswith("0000000000000000FFFF0000"):
            return hexadecimal[:24] + self.replace(hexadecimal[24:])
        if hexadecimal[:24] == "0" * 24 and hexadecimal[24:] in ("00000000", "01000000"):
            return hexadecimal
        number = self._number_of(hexadecimal)
        return f"B80D0120{'0' * 16}0000{number >> 8:02X}{number & 255:02X}"  # 2001:db8::

    def _number_of(self, hexadecimal):
        return self.known.setdefault(hexadecimal, len(self.known) + 1)


class Recorder:
    def __init__(self, root, name, release):
        self.root = root
        self.name = name
        self.release = release
        self.addresses = Addresses()

    def read(self, path):
        """The content of a file; None if there is none or it cannot be read."""
        try:
            with open(self.root + path, errors="replace") as file:
                return file.read()
        except OSError:
            return None

    def files(self, pattern):
        root = pathlib.Path(self.root + "/")
        return ["/" + str(path.relative_to(root)) for path in sorted(root.glob(pattern[1:]))]

    def print(self):
        self.print_parameters()
        for table in ("tcp", "tcp6"):
            if (rows := self.read(f"/proc/net/{table}")) is not None:
                section(f"/proc/net/{table}", self.socket_table(rows))
        for table in TABLES:
            if (text := self.read(f"/proc/net/{table}")) is not None:
                section(f"/proc/net/{table}", text.splitlines())
        for path, wanted in LEVELS.items():
            if (text := self.read(path)) is not None:
                lines = text.splitlines()
                section(path, [line for line in lines if not wanted or line.split()[0] in wanted])
        if (routes := self.read("/proc/net/route")) is not None:
            section("/proc/net/route", self.routes(routes))
        meminfo = (self.read("/proc/meminfo") or "").splitlines()
        section("/proc/meminfo", [line for line in meminfo if line.split(":")[0] in MEMINFO])
        for path in self.files("/sys/class/net/*/speed"):
            speed = self.read(path)
            section(path, speed.splitlines()) if speed else print(f"--- {path} (unreadable)")
        for path in CONTAINER_MARKS:
            if os.path.exists(self.root + path):
                section(path, (self.read(path) or "").splitlines())
        for path in (path for pattern in BOOT_FILES for path in self.files(pattern)):
            lines = [line.strip() for line in (self.read(path) or "").splitlines()]
            section(path, [line for line in lines if line and line[0] not in "#;"])

    def print_parameters(self):
        lines, all_read_only = [], True
        for path in self.parameters():
            absolute = f"{self.root}/proc/sys/{path}"
            value = self.value(path)
            mark = "" if os.access(absolute, os.W_OK) else " (read-only)"
            if value is None:
                lines.append((path, "", " (unreadable)"))
            elif not value:
                lines.append((path, "", " (empty)"))
            else:
                lines.append((path, f" = {value}", mark))
                all_read_only = all_read_only and mark != ""
        print("--- /proc/sys/" + (" (read-only)" if all_read_only else ""))
        for path, value, mark in lines:
            print(path + ("" if all_read_only and value else mark) + value)

    def parameters(self):
        known = {tuple(key.split("."))
                 for file in CATALOGUE.glob("*.toml")
                 for key in re.findall(r'^\["([^"]+)"\]$', file.read_text(), re.MULTILINE)}
        base = f"{self.root}/proc/sys"
        for directory, directories, names in os.walk(base):
            directories.sort()
            above = os.path.relpath(directory, base).split(os.sep)
            for name in sorted(names):
                segments = (*above, name)
                starred = {(*segments[:at], "*", *segments[at + 1:]) for at in range(len(segments))}
                if segments in known or starred & known:
                    yield "/".join(segments)

    def value(self, path):
        if path == "kernel/hostname":
            return self.name
        if path == "kernel/osrelease" and self.release:
            return self.release
        text = self.read(f"/proc/sys/{path}")
        if text is None:
            return None
        return REPLACED.get(path, text.rstrip("\n").replace("\n", " "))

    def socket_table(self, text):
        heading, *lines = text.splitlines()
        rows = sorted((self.socket_row(line) for line in lines),
                      key=lambda row: (row[2] != LISTEN, row[2], row[0][0], row[1][0], row[1][1],
                                       row[0][1], row[3:]))
        return [heading.rstrip(), *folded(rows)]

    def socket_row(self, line):
        words = line.split()
        local, remote = (
            (self.addresses.replace(word.split(":")[0]), int(word.split(":")[1], 16))
            for word in words[1:3])
        timer, ticks = words[5].split(":")
        seconds = int(ticks, 16) // TICKS_PER_SECOND
        return local, remote, words[3], words[4], timer, seconds

    def routes(self, text):
        for line in text.splitlines():
            words = line.split("\t")
            if words[0] != "Iface":
                words[1:3] = (self.addresses.replace(word) for word in words[1:3])
            yield "\t".join(words)


def section(path, lines):
    lines = [line.rstrip() for line in lines]
    print(f"--- {path}" + ("" if lines else " (empty)"))
    for line in lines:
        print(line)


def folded(rows):
    """Lines of the table; rows whose local port alone, or remote port alone, counts up are one."""
    number = 0
    while rows:
        length, moving = max((run_length(rows, side), side) for side in (1, 0))
        if length < 3:
            length, moving = 1, None
        ports = [f"{port:04X}" for port in (rows[0][0][1], rows[0][1][1])]
        index = f"{number:4d}"
        if moving is not None:
            ports[moving] = "{0x" + ports[moving] + ":04X}"
            index = f"@repeat {length} {{{number}:4d}}"
        (local, _), (remote, _), state, queues, timer, seconds = rows[0]
        yield (f"{index}: {local}:{ports[0]} {remote}:{ports[1]} {state} {queues} "
               f"{timer}:{seconds * TICKS_PER_SECOND:08X} 00000000 0 0 0")
        rows, number = rows[length:], number + length


def run_length(rows, side):
    """How many of the first rows are alike but for the port of one side, which counts up, and for
    a difference of two seconds."""
    first, *others = rows
    length = 1
    for row in others:
        expected = list(first[:-1])
        expected[side] = (first[side][0], first[side][1] + length)
        if tuple(expected) != row[:-1] or abs(row[-1] - first[-1]) > 2:
            break
        length += 1
    return length


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("name", help="what the host is called in the record")
    parser.add_argument("--release", default="", help="the kernel release to write, if not its own")
    parser.add_argument("--root", default="", help="record what is below this directory")
    arguments = parser.parse_args()
    if os.geteuid() != 0:
        sys.exit("record_host: run this as root, else every parameter is marked read-only")
    print("# (Say here what this host is, how it was recorded, and what is to be found on it.)")
    Recorder(arguments.root, arguments.name, arguments.release).print()


if __name__ == "__main__":
    main()
