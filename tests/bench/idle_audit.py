"""How long an audit of an idle host takes, beside the tools people know.

    python3 tests/bench/idle_audit.py build/release/sysctl-advisor [ROUNDS]

Runs on a private host (needs root), rounds interleaved, and prints medians in ms and the ratio to
`ss -s` in the same run. A benchmark, not a test: it passes no verdict.
"""

import os
import statistics
import subprocess
import sys
import time

BINARY = os.path.abspath(sys.argv[1])
ROUNDS = int(sys.argv[2]) if len(sys.argv) > 2 else 50
PRIVATE_HOST = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support", "private-host.sh")

if os.path.exists("/proc/sys/net/core/netdev_max_backlog"):
    os.execv(PRIVATE_HOST, [PRIVATE_HOST, sys.executable, os.path.abspath(__file__), BINARY, str(ROUNDS)])

COMMANDS = {
    "true": ["true"],
    "ss -s": ["ss", "-s"],
    "sysctl -a": ["sysctl", "-a"],
    "audit --interval 0": [BINARY, "audit", "--interval", "0"],
    "audit, json": [BINARY, "audit", "--interval", "0", "--format", "json"],
}

times = {name: [] for name in COMMANDS}
for _ in range(ROUNDS):
    for name, command in COMMANDS.items():
        start = time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        times[name].append((time.perf_counter() - start) * 1000)

reference = statistics.median(times["ss -s"])
print(f"{'command':<22}{'median ms':>10}{'best ms':>10}{'x ss -s':>10}")
for name, taken in times.items():
    median = statistics.median(taken)
    print(f"{name:<22}{median:>10.2f}{min(taken):>10.2f}{median / reference:>10.2f}")
