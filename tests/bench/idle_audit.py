"""How long an audit of an idle host takes, beside the tools people know.

    python3 tests/bench/idle_audit.py build/release/sysctl-advisor [ROUNDS]

Runs on a private host (needs root), rounds interleaved, and prints medians in ms, what each takes
more than starting our own process, and the ratio to `ss -s` in the same run. One C program reads the
files that an audit reads (found with strace), another asks for the socket table and counts its rows: no
program can see the same with less, so the last column compares an audit with both of them and one
start of a process (`true`). How long the kernel walks its table grows with the memory of the host, not
with the sockets. A benchmark, not a test: it passes no verdict.
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
TABLE = "C, the socket table"
FILES_OF = "C, files of "

if os.path.exists("/proc/sys/net/core/netdev_max_backlog"):
    os.execv(PRIVATE_HOST, [PRIVATE_HOST, sys.executable, os.path.abspath(__file__), BINARY, str(ROUNDS)])


def all_profiles():
    """--profile and its name, for every profile there is."""
    listed = subprocess.run([BINARY, "profiles", "list", "--format", "json"],
                            capture_output=True, text=True, check=True)
    return [word for row in json.loads(listed.stdout)["profiles"] for word in ("--profile", row["name"])]


def files_read_by(command):
    """The files of /proc and /sys that a command reads, parameters from below /proc/sys; empty without
    strace."""
    if not shutil.which("strace"):
        return []
    traced = subprocess.run(["strace", "-f", "-e", "trace=openat", *command],
                            capture_output=True, text=True, check=False)
    opened = re.findall(r'openat\((AT_FDCWD|\d+), "([^"]+)"[^)]*\) = \d', traced.stderr)
    paths = [path if start == "AT_FDCWD" else f"/proc/sys/{path}" for start, path in opened]
    return [path for path in dict.fromkeys(paths) if path.startswith(("/proc/", "/sys/")) and os.path.isfile(path)]


def commands(folder):
    """Each row: what to run, and what it reads from standard input."""
    rows = {
        "true": (["true"], ""),
        "ss -s": (["ss", "-s"], ""),
        "ss -tan (the table)": (["ss", "-tan"], ""),
        "sysctl -a": (["sysctl", "-a"], ""),
        "our process alone": ([BINARY, "--version"], ""),
    }
    audits = {
        "audit": [BINARY, "audit", "--interval", "0"],
        "audit, json": [BINARY, "audit", "--interval", "0", "--format", "json"],
        "audit, all profiles": [BINARY, "audit", "--interval", "0", *all_profiles()],
    }
    compiler = shutil.which("cc")
    for program in ("read_files", "dump_sockets") if compiler else ():
        subprocess.run([compiler, "-O2", "-o", os.path.join(folder, program),
                        os.path.join(HERE, f"{program}.c")], check=True)
    if compiler:
        rows[TABLE] = ([os.path.join(folder, "dump_sockets")], "")
    for name, command in audits.items():
        rows[name] = (command, "")
        files = files_read_by(command)
        if files and compiler:
            rows[FILES_OF + name] = ([os.path.join(folder, "read_files")], "\n".join(files) + "\n")
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
    print(f"{'command':<34}{'median ms':>10}{'best ms':>10}{'over start':>12}{'x ss -s':>9}{'over C':>9}")
    for name, median in medians.items():
        over = median - medians["our process alone"]
        files = medians.get(FILES_OF + name)
        over_c = f"{median - (files + medians[TABLE] - medians['true']):.2f}" if files else ""
        print(f"{name:<34}{median:>10.2f}{min(times[name]):>10.2f}{over:>12.2f}"
              f"{median / medians['ss -s']:>9.2f}{over_c:>9}")


main()
