"""What a report on many hosts takes.

    python3 tests/bench/fleet_report.py build/release/sysctl-advisor [HOSTS...]

Writes the lines of 1,000, 10,000 and 100,000 hosts, as tests/support/host_lines.py makes them, and reports on
them in each format, five times; once more since an earlier report. Prints medians in ms, MB of lines in a
second, peak memory, and how long the answer is. A benchmark, not a test: it passes no verdict.
"""

import os
import statistics
import sys
import tempfile

from measured import HERE, compiled, run

sys.path.insert(0, os.path.join(HERE, "..", "support"))
import host_lines  # noqa: E402

BINARY = os.path.abspath(sys.argv[1])
SIZES = [int(size) for size in sys.argv[2:]] or [1000, 10_000, 100_000]
ROUNDS = 5


def main():
    print(f"{'hosts':>8}  {'answer':<12}{'median ms':>10}{'MB/s':>8}{'MiB':>8}{'answer kB':>11}")
    with tempfile.TemporaryDirectory() as folder:
        measure = compiled(folder, "measure")
        for size in SIZES:
            lines, earlier = os.path.join(folder, "lines.jsonl"), os.path.join(folder, "earlier.json")
            with open(lines, "w") as file:
                for number in range(size):
                    file.write(host_lines.written([host_lines.line_of(number)]))
            with open(earlier, "wb") as file:
                file.write(run(measure, [BINARY, "report", lines, "--format", "json"])[2])
            for name, options in (("text", []), ("json", ["--format", "json"]), ("html", ["--format", "html"]),
                                  ("text, since", ["--since", earlier])):
                rounds = [run(measure, [BINARY, "report", lines, *options]) for _ in range(ROUNDS)]
                median = statistics.median(taken for taken, _, _ in rounds)
                print(f"{size:>8}  {name:<12}{median:>10.1f}{os.path.getsize(lines) / 1000 / median:>8.1f}"
                      f"{max(memory for _, memory, _ in rounds):>8.1f}{len(rounds[0][2]) / 1000:>11.1f}")


main()
