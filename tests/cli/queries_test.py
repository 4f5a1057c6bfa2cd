"""packaging/queries: host lines are loaded into SQLite, and each query gives what is known of the hosts."""

import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
QUERIES = ROOT / "packaging" / "queries"
sys.path.insert(0, str(ROOT / "tests" / "support"))

import host_lines  # noqa: E402

HOSTS = 1000
LINES = host_lines.fleet(HOSTS)
LEAST_SQLITE = (3, 38)  # has ->>


def number_of(*predicates):
    return sum(all(holds(i) for holds in predicates) for i in range(HOSTS) if not host_lines.is_failed(i))


def short_name(i):
    return host_lines.name_of(i).split(".")[0]


@unittest.skipIf(sqlite3.sqlite_version_info < LEAST_SQLITE, "needs SQLite 3.38")
class Queries(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        directory = tempfile.TemporaryDirectory()
        cls.addClassCleanup(directory.cleanup)
        cls.folder = directory.name
        # An older line of each tenth host asks for more; the newest counts, wherever it stands.
        older = [{**line, "taken": host_lines.utc(200), "findings": LINES[2]["findings"]} for line in LINES[::10]]
        cls.loaded = cls.load("fleet.db", LINES[:500], [*LINES[500:], *older])

    @classmethod
    def load(cls, database, *files):
        paths = []
        for lines in files:
            paths.append(f"{cls.folder}/{len(os.listdir(cls.folder))}.jsonl")
            pathlib.Path(paths[-1]).write_text(host_lines.written(lines))
        return subprocess.run([sys.executable, QUERIES / "load.py", f"{cls.folder}/{database}", *paths],
                              capture_output=True, text=True, timeout=60)

    def answer(self, query, database="fleet.db"):
        """The rows, as dictionaries."""
        connection = sqlite3.connect(f"{self.folder}/{database}")
        self.addCleanup(connection.close)
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute((QUERIES / f"{query}.sql").read_text())]

    def test_the_loader_takes_the_newest_line_of_each_host(self):
        self.assertEqual((self.loaded.returncode, self.loaded.stderr), (0, ""))
        self.assertEqual(self.loaded.stdout, f"{HOSTS} hosts in {self.folder}/fleet.db\n")

    def test_what_is_no_host_line_is_told_and_left_out(self):
        no_json = json.dumps({**LINES[3], "interval_seconds": float("nan")})
        loaded = self.load("other.db", ["a banner", *LINES[:3], '{"schema": "x"}', "[]", no_json, '{"a":' * 100_000])

        self.assertEqual(loaded.returncode, 2)
        self.assertEqual([line.split(": ")[0].rsplit(":", 1)[1] for line in loaded.stderr.splitlines()],
                         ["1", "5", "6", "7", "8"])
        self.assertEqual(loaded.stdout, f"3 hosts in {self.folder}/other.db\n")
        for query in QUERIES.glob("*.sql"):
            self.answer(query.stem, "other.db")

    def test_a_file_that_cannot_be_read_is_told_and_the_others_are_loaded(self):
        there = f"{self.folder}/there.jsonl"
        pathlib.Path(there).write_text(host_lines.written(LINES[:2]))

        loaded = subprocess.run([sys.executable, QUERIES / "load.py", f"{self.folder}/some.db", "/no/such.jsonl", there],
                                capture_output=True, text=True, timeout=60)

        self.assertEqual((loaded.returncode, loaded.stdout), (2, f"2 hosts in {self.folder}/some.db\n"))
        self.assertEqual(loaded.stderr, "cannot read /no/such.jsonl: No such file or directory\n")

    def test_hosts_by_rule(self):
        rows = {row["rule"]: (row["hosts"], row["critical"], row["warning"], row["note"])
                for row in self.answer("hosts-by-rule")}

        exhausted, waits, capped = map(number_of, (host_lines.is_exhausted, host_lines.waits, host_lines.is_capped))
        self.assertEqual(rows, {"local-ports-exhausted": (exhausted, exhausted, 0, 0),
                                "time-wait-reuse": (waits, 0, waits, 0),
                                "target:net.core.somaxconn": (capped, 0, 0, capped)})

    def test_worst_hosts(self):
        rows = self.answer("worst-hosts")

        worst = [i for i in range(HOSTS) if not host_lines.is_failed(i)
                 and host_lines.is_exhausted(i) and host_lines.waits(i) and host_lines.is_capped(i)]
        self.assertEqual(len(rows), 20)
        self.assertEqual([row["host"] for row in rows][:len(worst)], [short_name(i) for i in worst][:20])
        self.assertEqual((rows[0]["critical"], rows[0]["warning"], rows[0]["note"]), (1, 1, 1))

    def test_destinations(self):
        rows = self.answer("destinations")

        ports = sum(to["ports_in_use"] for line in LINES for to in line["destinations"]
                    if to["destination"] == rows[0]["destination"])
        self.assertEqual(rows[0]["ports_in_use"], ports)
        self.assertEqual(rows, sorted(rows, key=lambda row: -row["ports_in_use"]))
        self.assertLess(rows[0]["fullest_share"], 1)
        self.assertEqual(len(rows), 7 + 11 + 1)

    def test_parameter_outliers(self):
        rows = {(row["parameter"], row["now"], row["advised"]): row["hosts"] for row in self.answer("parameter-outliers")}

        self.assertEqual(rows, {("net.core.somaxconn", "128", "4096"): number_of(host_lines.is_capped),
                                ("net.ipv4.tcp_tw_reuse", "2", "1"): number_of(host_lines.waits),
                                ("net.ipv4.ip_local_port_range", "32768 60999", "15000 60999"):
                                    number_of(host_lines.is_exhausted)})

    def test_unknown(self):
        self.assertEqual(self.answer("unknown"),
                         [{"missing": host_lines.UNREAD, "hosts": number_of(host_lines.is_partial), "checks": 2}])

    def test_stale_or_failed(self):
        rows = self.answer("stale-or-failed")

        self.assertEqual({row["host"] for row in rows if row["status"] == "failed"},
                         {short_name(i) for i in range(HOSTS) if host_lines.is_failed(i)})
        self.assertEqual({row["host"] for row in rows if row["why"] == "older than a day"},
                         {short_name(i) for i in range(HOSTS) if host_lines.is_stale(i) and not host_lines.is_failed(i)})

    def test_each_query_has_a_test_and_its_row_in_the_readme(self):
        readme = (QUERIES / "README.md").read_text()
        for query in QUERIES.glob("*.sql"):
            self.assertIn("test_" + query.stem.replace("-", "_"), dir(self))
            self.assertIn(f"({query.name})", readme)

    @unittest.skipUnless(shutil.which("sqlite3"), "sqlite3 is not installed")
    def test_the_commands_of_the_readme_work_as_they_stand(self):
        done = subprocess.run(["sqlite3", "-box", f"{self.folder}/fleet.db"], capture_output=True, text=True, timeout=60,
                              input=(QUERIES / "hosts-by-rule.sql").read_text())

        self.assertIn("time-wait-reuse", done.stdout)
        self.assertEqual(done.stderr, "")


if __name__ == "__main__":
    unittest.main()
