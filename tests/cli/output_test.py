"""audit --output FILE: the answer takes the place of a file as a whole, or the file stays as it was."""

import os
import pathlib
import stat
import subprocess
import sys
import tempfile
import threading
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))

import host_file  # noqa: E402

BINARY = os.environ["ADVISOR"]
FORMATS = ("text", "json", "jsonl", "html", "markdown", "diff", "sysctl", "prometheus", "openmetrics")


class Output(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = pathlib.Path(directory.name)
        self.file = self.directory / "answer"
        host = host_file.expanded("overflowing-listener")
        self.host = host.__enter__()
        self.addCleanup(host.__exit__, None, None, None)

    def run_audit(self, *arguments, status=None, **options):
        done = subprocess.run([BINARY, "--root", self.host, "audit", "--interval", "0", *arguments],
                              capture_output=True, timeout=120, stdin=subprocess.DEVNULL, **options)
        if status is not None:
            self.assertEqual(done.returncode, status, done.stderr)
        return done

    def names(self):
        return sorted(path.name for path in self.directory.iterdir())

    def test_each_format_is_written_as_it_is_printed_and_the_exit_status_is_that_of_the_audit(self):
        for kind in FORMATS:
            with self.subTest(format=kind):
                printed = self.run_audit("--format", kind)
                written = self.run_audit("--format", kind, "--output", self.file)
                self.assertEqual((written.returncode, written.stdout), (printed.returncode, b""))
                self.assertNotEqual(self.file.read_bytes(), b"")
                if kind not in ("json", "jsonl", "html", "markdown", "prometheus", "openmetrics"):  # that tell the time
                    self.assertEqual(self.file.read_bytes(), printed.stdout)
                self.assertEqual(self.names(), ["answer"])

    def test_a_hyphen_is_standard_output(self):
        done = self.run_audit("--format", "sysctl", "--output", "-", cwd=self.directory)

        self.assertEqual(done.stdout, self.run_audit("--format", "sysctl").stdout)
        self.assertEqual(self.names(), [])

    def test_a_bare_name_is_written_where_the_command_runs(self):
        self.run_audit("-q", "--output", "answer", cwd=self.directory)

        self.assertIn(b"overflowing-listener", self.file.read_bytes())

    def test_the_file_can_be_read_by_all_whatever_the_umask_is(self):
        self.run_audit("--format", "prometheus", "--output", self.file, umask=0o077)

        self.assertEqual(stat.S_IMODE(self.file.stat().st_mode), 0o644)

    def test_a_link_is_replaced_and_what_it_leads_to_is_left(self):
        target = self.directory / "target"
        target.write_text("old")
        self.file.symlink_to(target)

        self.run_audit("--format", "prometheus", "--output", self.file)

        self.assertEqual(target.read_text(), "old")
        self.assertFalse(self.file.is_symlink())
        self.assertIn("sysctl_advisor_audit_success 1", self.file.read_text())

    def test_what_is_no_file_is_refused_with_the_way_out(self):
        for path, way_out in ((self.directory, "name a file in it"), ("/dev/null", "`-` is standard output"),
                              ("/dev/stdout", "`-` is standard output")):
            with self.subTest(path=path):
                done = self.run_audit("--output", path, status=2)
                self.assertIn(way_out, " ".join(done.stderr.decode().split()))
        self.assertIn(b"no such", self.run_audit("--output", self.directory / "none" / "x", status=2).stderr.lower())
        self.assertEqual(self.names(), [])

    def test_what_fails_before_there_is_an_answer_leaves_the_file(self):
        self.file.write_text("old")

        for arguments in (("--profile", "none"), ("--no-such-flag",), ("--watch", "1s"), ("--only", "none")):
            with self.subTest(arguments=arguments):
                self.run_audit(*arguments, "--output", self.file, status=2)
                self.assertEqual(self.file.read_text(), "old")

    def test_metrics_of_an_audit_that_failed_are_written(self):
        self.file.write_text("old")

        self.run_audit("--profile", "none", "--format", "prometheus", "--output", self.file, status=2)

        self.assertIn("sysctl_advisor_audit_success 0\n", self.file.read_text())

    def test_whoever_reads_meanwhile_never_sees_a_part(self):
        self.run_audit("--format", "openmetrics", "--output", self.file)
        wrong, read, done = [], 0, threading.Event()

        def watch():
            nonlocal read
            while not done.is_set():
                text = self.file.read_text()
                read += 1
                if not text.endswith("# EOF\n"):
                    wrong.append(text)

        reader = threading.Thread(target=watch)
        reader.start()
        for _ in range(20):
            self.run_audit("--format", "openmetrics", "--output", self.file)
        done.set()
        reader.join()
        self.assertEqual(wrong, [])
        self.assertGreater(read, 20)


if __name__ == "__main__":
    unittest.main(verbosity=2)
