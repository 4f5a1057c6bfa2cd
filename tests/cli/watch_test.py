"""audit --watch: one report after the other, and an end without a half line."""

import json
import os
import pathlib
import pty
import signal
import subprocess
import sys
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))

import host_file  # noqa: E402
from terminal import read_until, set_size  # noqa: E402

HOST = "exhausted-client"


def command(root, *options, watch="200ms", interval="100ms"):
    return [os.environ["ADVISOR"], "--root", root, "audit", "--watch", watch, "--interval", interval, *options]


class Watch(unittest.TestCase):
    def setUp(self):
        expanded = host_file.expanded(HOST)
        self.root = expanded.__enter__()
        self.addCleanup(expanded.__exit__, None, None, None)

    def start(self, *options, watch="200ms", **streams):
        process = subprocess.Popen(command(self.root, *options, watch=watch), stdin=subprocess.DEVNULL, **streams)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def test_json_is_one_report_a_line_and_rates_are_over_the_period(self):
        done = subprocess.run(command(self.root, "--format", "json", "--count", "3"), text=True,
                              capture_output=True, timeout=60, stdin=subprocess.DEVNULL)

        self.assertEqual((done.returncode, done.stderr), (1, ""))
        reports = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual(len(reports), 3)
        self.assertTrue(all(report["schema"] == "sysctl-advisor/audit/3" for report in reports))
        # The first is over --interval, and no sample is taken only for the next. One that comes late on a
        # busy machine is nearer to the one after it.
        for report, period in zip(reports, (0.1, 0.2, 0.2)):
            self.assertGreaterEqual(report["interval_seconds"], period / 2)
        self.assertLess(reports[0]["interval_seconds"], 5)

    def test_text_reports_are_apart_and_bear_their_time(self):
        done = subprocess.run(command(self.root, "--count", "2"), text=True, capture_output=True,
                              timeout=60, stdin=subprocess.DEVNULL)

        self.assertEqual(done.returncode, 1)
        lines = done.stdout.splitlines()
        self.assertEqual(len([line for line in lines if line.startswith("--- 20") and line.endswith("Z")]), 2)
        self.assertNotIn("\033", done.stdout)

    def test_a_signal_ends_it_with_the_status_of_the_last_audit(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(signal=number):
                process = self.start("--format", "json", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                first = process.stdout.readline()
                process.send_signal(number)
                rest, errors = process.communicate(timeout=30)

                self.assertEqual((process.returncode, errors), (1, b""))
                self.assertTrue((first + rest).endswith(b"}\n"))
                for line in (first + rest).splitlines():
                    json.loads(line)

    def test_a_signal_ends_a_long_wait_at_once(self):
        process = self.start(watch="60m", stdout=subprocess.PIPE)
        process.stdout.readline()
        begin = time.monotonic()
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)

        self.assertLess(time.monotonic() - begin, 10)
        self.assertEqual(process.returncode, 1)

    def test_it_ends_when_nobody_reads_on(self):
        process = self.start("--format", "json", watch="60m", stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE)
        process.stdout.readline()
        process.stdout.close()

        self.assertEqual(process.wait(timeout=30), 1)
        self.assertEqual(process.stderr.read(), b"")
        process.stderr.close()

    def test_on_a_terminal_each_report_takes_the_place_of_the_last(self):
        ours, theirs = pty.openpty()
        rows = 6  # a line for each finding would take a few more
        set_size(theirs, rows)
        process = self.start(stdout=theirs, stderr=theirs)
        os.close(theirs)
        first, _ = read_until(ours, rb"\033\[J")
        shown = first + read_until(ours, rb"\033\[J")[0]
        process.send_signal(signal.SIGINT)
        shown += read_until(ours, b"nothing")[0]
        os.close(ours)

        self.assertEqual(process.wait(timeout=30), 1)
        self.assertGreaterEqual(shown.count(b"\033[HEvery 200ms, now 20"), 2)
        self.assertLess(first.count(b"\n"), rows)
        self.assertRegex(first, rb"\.\.\. \d+ more lines")
        self.assertTrue(shown.endswith(b"\033[J"))

    def test_what_cannot_be_meant_is_refused(self):
        for options, sentence in (
                ({"watch": "0"}, "--watch must be a time such as 5s or 1m"),
                ({"interval": "x"}, "--interval must be a time"),
                (["--format", "diff"], "--watch prints text, json or jsonl, not diff"),
                (["--count", "0"], "--count must be a whole number above 0")):
            with self.subTest(options=options):
                run = command(self.root, **options) if isinstance(options, dict) else command(self.root, *options)
                done = subprocess.run(run, text=True, capture_output=True,
                                      timeout=60, stdin=subprocess.DEVNULL)
                self.assertEqual(done.returncode, 2)
                self.assertIn(sentence, done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2, warnings="ignore")
