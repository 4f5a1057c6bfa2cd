"""How long `audit --netns all` takes over many network namespaces, and how much memory.

    python3 tests/bench/all_namespaces.py build/release/sysctl-advisor [NAMESPACES] [ROUNDS]

Makes 250 idle network namespaces on a private host (needs root), audits all of them with an interval
of a second, as text and as JSON, rounds interleaved, and prints medians: seconds from start to end, those
besides the interval, processor time, and the most memory that all processes took together: pages that
they share counted for each of them (RSS), and once (PSS). The memory is looked at in rounds of their own,
as looking takes time. A benchmark, not a test: it passes no verdict.
"""

import os
import resource
import statistics
import subprocess
import sys
import threading
import time

BINARY = os.path.abspath(sys.argv[1])
NAMESPACES = int(sys.argv[2]) if len(sys.argv) > 2 else 250
ROUNDS = int(sys.argv[3]) if len(sys.argv) > 3 else 5
HERE = os.path.dirname(os.path.abspath(__file__))
PRIVATE_HOST = os.path.join(HERE, "..", "support", "private-host.sh")
INTERVAL = 1  # seconds
AUDIT = [BINARY, "audit", "--netns", "all", "--interval", f"{INTERVAL}s"]
ROWS = {"text": AUDIT, "text, all (-v)": [*AUDIT, "-v"], "JSON": [*AUDIT, "--format", "json"]}

if os.environ.get("ADVISOR_BENCH") is None:
    os.environ["ADVISOR_BENCH"] = "inside"
    # Of processes there are only those of the benchmark.
    os.execvp("unshare", ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc", PRIVATE_HOST,
                          sys.executable, os.path.abspath(__file__), *sys.argv[1:]])


def processes_of(pid):
    """It and all that it started."""
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as file:
            children = file.read().split()
    except OSError:
        return []
    return [pid, *(found for child in children for found in processes_of(int(child)))]


def memory_of(pid):
    """(RSS, PSS) of all of them, KiB."""
    sums = {"Rss": 0, "Pss": 0}
    for process in processes_of(pid):
        try:
            with open(f"/proc/{process}/smaps_rollup") as file:
                rows = [line.split() for line in file]
        except OSError:
            continue
        for row in rows:
            if row[0].rstrip(":") in sums:
                sums[row[0].rstrip(":")] += int(row[1])
    return sums["Rss"], sums["Pss"]


def run(command, look):
    """(seconds, seconds of processors, peak RSS and PSS in KiB)"""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.perf_counter()
    audit = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    reader = threading.Thread(target=audit.stdout.read)
    reader.start()
    peak = (0, 0)
    while look and reader.is_alive():
        peak = tuple(map(max, peak, memory_of(audit.pid)))
    reader.join()
    if audit.wait() not in (0, 1):
        sys.exit(f"{' '.join(command)} ended with {audit.returncode}")
    taken = time.perf_counter() - begun
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return taken, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, *peak


def main():
    commands = "\n".join(f"netns add n{number:04}" for number in range(NAMESPACES))
    subprocess.run(["ip", "-batch", "-"], input=commands, check=True, text=True)
    results = {name: [] for name in ROWS}
    for _ in range(ROUNDS):
        for name, command in ROWS.items():
            taken, busy, *_ = run(command, look=False)
            _, _, *memory = run(command, look=True)
            results[name].append((taken, taken - INTERVAL, busy, *memory))
    print(f"{NAMESPACES} network namespaces and that of the command, {os.cpu_count()} processors")
    print(f"{'format':<16}{'s':>8}{'besides':>9}{'busy s':>8}{'RSS MiB':>9}{'PSS MiB':>9}{'slowest s':>11}")
    for name, rounds in results.items():
        taken, besides, busy, rss, pss = (statistics.median(column) for column in zip(*rounds))
        print(f"{name:<16}{taken:>8.2f}{besides:>9.2f}{busy:>8.2f}{rss / 1024:>9.1f}{pss / 1024:>9.1f}"
              f"{max(row[0] for row in rounds):>11.2f}")


main()
