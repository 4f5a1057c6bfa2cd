"""What reading the whole socket table costs, beside the tools people know.

    python3 tests/bench/socket_table.py build/release/sysctl-advisor [client|server] [SOCKETS...]

Makes 10 thousand, 100 thousand and 1 million sockets in TIME_WAIT at the client, or at the server,
on a private host (needs root and a C compiler), and reads them in rounds, interleaved, for as long as
all of them are there (some 50 s, of which making a million takes half); what is quick several times a
round. Prints medians in ms, the ratio to a bare dump of both families that only counts, and peak
memory. A benchmark, not a test: it passes no verdict.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time

from measured import compiled, run

BINARY = os.path.abspath(sys.argv[1])
SIDE = sys.argv[2] if len(sys.argv) > 2 and sys.argv[2] in ("client", "server") else "client"
SIZES = [int(size) for size in sys.argv[2:] if size.isdecimal()] or [10_000, 100_000, 1_000_000]
HERE = os.path.dirname(os.path.abspath(__file__))
PRIVATE_HOST = os.path.join(HERE, "..", "support", "private-host.sh")
MOST_ROUNDS = 15
QUICK_TIMES = 3  # a round
FIRST_PORT = 20000
MAKERS = 2
LIFETIME = 58  # of a TIME_WAIT, s: 60 by the kernel, less what the last round may take

BARE = "bare dump, counted"
OURS = "our audit"
START = "our process alone"
PEOPLE = "ss -Htan | awk"
AWK = "ss -Htan | awk '{n[$4]++} END {for (p in n) print n[p], p}' | sort -n | tail -5"

# A namespace each, so that one size does not see the sockets of another.
if os.environ.get("ADVISOR_BENCH_SIZE") is None:
    for size in SIZES:
        subprocess.run([PRIVATE_HOST, sys.executable, os.path.abspath(__file__), BINARY, SIDE],
                       env={**os.environ, "ADVISOR_BENCH_SIZE": str(size)}, check=True)
    sys.exit()


def write(parameter, value):
    with open(f"/proc/sys/{parameter}", "w") as file:
        file.write(value)


def make_sockets(maker, size):
    """Returns when the first of them ends, by time.monotonic()."""
    write("net/ipv4/tcp_max_tw_buckets", str(2 * size + 1000))
    write("net/ipv4/tcp_tw_reuse", "0")
    write("net/ipv4/ip_local_port_range", "30000 60999")
    start = time.monotonic()
    share = size // MAKERS
    makers = [subprocess.Popen([maker, str(share), str(FIRST_PORT + 1000 * number), SIDE])
              for number in range(MAKERS)]
    if any(maker.wait() for maker in makers):
        sys.exit("the sockets could not be made")
    print(f"\n{size} sockets in TIME_WAIT at the {SIDE}, made in {time.monotonic() - start:.1f} s")
    return start + LIFETIME


def one_round(rows):
    quick = [BARE, OURS, START]
    return [*quick * QUICK_TIMES, *(name for name in rows if name not in quick)]


def main():
    size = int(os.environ["ADVISOR_BENCH_SIZE"])
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    with tempfile.TemporaryDirectory() as folder:
        dump, maker, measure = (compiled(folder, name) for name in
                                ("dump_sockets", "make_time_wait", "measure"))
        rows = {
            BARE: [dump],
            OURS: [BINARY, "audit", "--interval", "0"],
            START: [BINARY, "--version"],
            "ss -s": ["ss", "-s"],
            "ss -tan": ["ss", "-tan"],
            PEOPLE: ["sh", "-c", AWK],
            "cat /proc/net/tcp": ["cat", "/proc/net/tcp"],
        }
        taken = {name: [] for name in rows}
        peak = dict.fromkeys(rows, 0.0)
        end = make_sockets(maker, size)
        counts, longest = set(), 0.0
        while time.monotonic() + longest < end and len(taken[PEOPLE]) < MOST_ROUNDS:
            start = time.monotonic()
            for name in one_round(rows):
                milliseconds, memory, output = run(measure, rows[name])
                taken[name].append(milliseconds)
                peak[name] = max(peak[name], memory)
                if name == BARE:
                    counts.add(int(output))
            longest = time.monotonic() - start
    report(taken, peak, counts)


def report(taken, peak, counts):
    medians = {name: statistics.median(times) for name, times in taken.items() if times}
    if not medians:
        sys.exit("the sockets took so long to make that the first are gone")
    print(f"rows in the table: {sorted(counts)}")
    print(f"{'command':<22}{'times':>7}{'median ms':>11}{'best ms':>10}{'x bare':>9}{'x awk':>9}{'MiB':>7}")
    for name, median in medians.items():
        print(f"{name:<22}{len(taken[name]):>7}{median:>11.1f}{min(taken[name]):>10.1f}"
              f"{median / medians[BARE]:>9.2f}{median / medians[PEOPLE]:>9.2f}{peak[name]:>7.1f}")


main()
