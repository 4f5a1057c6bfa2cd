"""How long an audit of an idle host takes, beside the tools people know.

    python3 tests/bench/idle_audit.py build/release/sysctl-advisor [ROUNDS]

Runs on a private host (needs root), rounds interleaved, and prints medians in ms, what each takes
more than starting our own process, and the ratio to `ss -s` in the same run. The first C program reads
the files that the audit with all profiles reads (found with strace), the second asks for the socket
table and counts its rows: no program can see the same with less, but for the start of its process
(`true`). How long the kernel walks its table grows with the memory of the host, not with the sockets.
A benchmark, not a test: it passes no verdict.
"""

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

BINARY = os.path.abspath(sys.argv[1])
ROUNDS = int(sys.argv[2]) if len(sys.argv) > 2 else 50
HERE = os.path.dirname(os.path.abspath(__file__))
PRIVATE_HOST = os.path.join(HERE, "..", "support", "private-host.sh")

if os.path.exists("/proc/sys/net/core/netdev_max_backlog"):
    os.execv(PRIVATE_HOST, [PRIVATE_HOST, sys.executable, os.path.abspath(__file__), BINARY, str(ROUNDS)])


def all_profiles():
    """--profile and its name, for every profile there is."""
    listed = subprocess.run([BINARY, "profiles", "list", "--format", "json"],
                            capture_output=True, text=True, check=True)
    return [word for row in json.loads(listed.stdout)["profiles"] for word in ("--profile", row["name"])]


def files_read_by(command):
    """The files of /proc, /sys and /etc that a command reads; empty without strace."""
    if not shutil.which("strace"):
        return []
    traced = subprocess.run(["strace", "-f", "-e", "trace=openat", *command],
                            capture_output=True, text=True, check=False)
    opened = re.findall(r'openat\(AT_FDCWD, "(/(?:proc|sys)/[^"]+)"[^)]*\) = \d', traced.stderr)
    return list(dict.fromkeys(opened))


def commands(folder):
    """Each row: what to run, and what it reads from standard input."""
    everything = [BINARY, "audit", "--interval", "0", *all_profiles()]
    rows = {
        "true": (["true"], ""),
        "ss -s": (["ss", "-s"], ""),
        "ss -tan (the table)": (["ss", "-tan"], ""),
        "sysctl -a": (["sysctl", "-a"], ""),
        "our process alone": ([BINARY, "--version"], ""),
        "audit": ([BINARY, "audit", "--interval", "0"], ""),
        "audit, json": ([BINARY, "audit", "--interval", "0", "--format", "json"], ""),
        "audit, all profiles": (everything, ""),
    }
    files = files_read_by(everything)
    compiler = shutil.which("cc")
    if files and compiler:
        reader = os.path.join(folder, "read_files")
        subprocess.run([compiler, "-O2", "-o", reader, os.path.join(HERE, "read_files.c")], check=True)
        rows[f"C, the same {len(files)} files"] = ([reader], "\n".join(files) + "\n")
        dumper = os.path.join(folder, "dump_sockets")
        subprocess.run([compiler, "-O2", "-o", dumper, os.path.join(HERE, "dump_sockets.c")], check=True)
        rows["C, the socket table"] = ([dumper], "")
    return rows


def main():
    with tempfile.TemporaryDirectory() as folder:
        rows = commands(folder)
        times = {name: [] for name in rows}
        for _ in range(ROUNDS):
            for name, (command, given) in rows.items():
                start = time.perf_counter()
                subprocess.run(command, input=given, text=True, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, check=False)
                times[name].append((time.perf_counter() - start) * 1000)
    medians = {name: statistics.median(taken) for name, taken in times.items()}
    print(f"{'command':<24}{'median ms':>10}{'best ms':>10}{'over start':>12}{'x ss -s':>10}")
    for name, median in medians.items():
        over = median - medians["our process alone"]
        print(f"{name:<24}{median:>10.2f}{min(times[name]):>10.2f}{over:>12.2f}"
              f"{median / medians['ss -s']:>10.2f}")


main()
