"""audit --format prometheus and openmetrics: what a collector takes, of every recorded host."""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))

import exposition  # noqa: E402
import host_file  # noqa: E402

BINARY = os.environ["ADVISOR"]
FORMATS = ("prometheus", "openmetrics")
MOST_SERIES = 60


def run(*arguments, status=None):
    done = subprocess.run([BINARY, *arguments], capture_output=True, timeout=120, stdin=subprocess.DEVNULL)
    if status is not None and done.returncode != status:
        raise AssertionError(f"{arguments} ended with {done.returncode}, not {status}: {done.stderr.decode()}")
    return done


def metrics(*arguments, kind="prometheus", status=None):
    """The series of an audit, once they are found to be what the format says."""
    done = run(*arguments, "audit", "--interval", "0", "--format", kind, status=status)
    families = exposition.parse(done.stdout.decode(), open_metrics=kind == "openmetrics")
    return {(name.removeprefix("sysctl_advisor_"), labels): value
            for (name, labels), value in exposition.series(families).items()}


def labelled(series, name, **labels):
    return series[name, tuple(sorted(labels.items()))]


class Checker(unittest.TestCase):
    def test_the_checker_takes_what_is_right_and_nothing_else(self):
        right = '# HELP a b.\n# TYPE a gauge\na{x="1"} 2\n'
        exposition.parse(right)
        exposition.parse(right + "# EOF\n", open_metrics=True)
        for wrong in (right[:-1], right + 'a{x="1"} 3\n', right + "b 1\n", right + "\n", right + "# EOF\n",
                      right.replace("# HELP a b.\n", ""), right.replace("gauge", "counter"),
                      right.replace('"1"', '"\\x"'), right.replace('"1"', '"1",x="1"'),
                      right.replace(" 2\n", " 2 1795384916\n"), right.replace(" 2\n", " two\n"),
                      right + right.replace("a", "c") + 'a{x="3"} 3\n', "# HELP a b.\n# TYPE a gauge\n"):
            with self.subTest(text=wrong), self.assertRaises(exposition.Wrong):
                exposition.parse(wrong)
        for wrong in (right, right.replace(" a", " a_seconds").replace("\na", "\na_seconds") + "# EOF\n"):
            with self.subTest(text=wrong), self.assertRaises(exposition.Wrong):
                exposition.parse(wrong, open_metrics=True)


class Metrics(unittest.TestCase):
    def test_every_recorded_host_is_taken_in_both_formats_with_the_same_few_series(self):
        for name in host_file.names():
            with host_file.expanded(name) as root, self.subTest(host=name):
                plain, other = (metrics("--root", root, kind=kind) for kind in FORMATS)
                for series in (plain, other):
                    del series["audit_timestamp_seconds", ()]
                self.assertEqual(plain, other)
                self.assertLess(len(plain), MOST_SERIES)

    def test_the_numbers_are_those_of_the_report(self):
        with host_file.expanded("exhausted-client") as root:
            series = metrics("--root", root)
            report = json.loads(run("--root", root, "audit", "--interval", "0", "--format", "json").stdout)

        found = report["findings"]
        for severity in ("critical", "warning", "note"):
            wrong = [one for one in found if one["verdict"] == "violated" and one["severity"] == severity]
            self.assertEqual(labelled(series, "findings", severity=severity), len(wrong))
            for one in wrong[:3] if severity == "critical" else ():
                self.assertEqual(labelled(series, "rule_violated", rule=one["rule"], severity=severity), 1)
        unknown = sum(one["verdict"] == "unknown" for one in found)
        self.assertEqual(labelled(series, "checks", verdict="unknown"), unknown)

    def test_an_audit_that_fails_says_so_in_both_formats(self):
        for kind in FORMATS:
            for arguments in (("--root", "/no/such/tree"), ("--profile", "none")):
                done = run("audit", "--interval", "0", "--format", kind, *arguments, status=2)
                series = exposition.series(exposition.parse(done.stdout.decode(), kind == "openmetrics"))
                self.assertEqual(series["sysctl_advisor_audit_success", ()], 0)
                self.assertIn(("sysctl_advisor_audit_timestamp_seconds", ()), series)
                self.assertNotEqual(done.stderr, b"")

    def test_hostile_names_do_not_end_a_label(self):
        with tempfile.TemporaryDirectory() as directory, host_file.expanded("idle-laptop") as root:
            for hostile in (b'q".toml', b"back\\slash.toml", b"line\nend.toml", b"esc\x1b[2J.toml", b"\xff\xfe.toml",
                            '"} 1\nsysctl_advisor_audit_success 1.toml'.encode()):
                path = os.path.join(directory.encode(), hostile)
                with open(path, "w") as file:
                    file.write('summary = "x"\nextends = ["baseline"]\n')
                done = run("--root", root, "audit", "--interval", "0", "--format", "prometheus", "--profile", path)
                series = exposition.series(exposition.parse(done.stdout.decode()))
                self.assertEqual(sum(name.endswith("audit_success") for name, _ in series), 1)
                self.assertNotIn(b"\x1b", done.stdout)


class Documents(unittest.TestCase):
    """The metrics that there are, by the rows of the source, in what is written of them."""

    def setUp(self):
        source = (ROOT / "src" / "render" / "metrics.cc").read_text()
        rows = re.findall(r'constexpr MetricFamily k\w+\{\s*"(\w+)",[^;]*;', source)
        infos = set(re.findall(r'constexpr MetricFamily k\w+\{\s*"(\w+)",[^;]*true\}', source))
        self.metrics = {f"{name}_info" if name in infos else name for name in rows}
        self.rules = (ROOT / "packaging" / "prometheus" / "sysctl-advisor.rules.yml").read_text()

    def test_the_manual_has_them_all_and_no_other(self):
        manual = (ROOT / "man" / "sysctl-advisor.8").read_text()
        section = re.search(r"(?ms)^\.Ss Metrics$(.*?)^\.Bd", manual)[1]
        told = set(re.findall(r"[a-z]+(?:_[a-z]+)+|findings|checks", "\n".join(
            line for line in section.splitlines() if line.startswith((".It Va", ".Va")))))

        self.assertEqual(told - {"sysctl_advisor"}, self.metrics)
        self.assertGreater(len(told), 15)

    def test_the_alert_rules_ask_for_none_that_there_is_not(self):
        asked = set(re.findall(r"sysctl_advisor_(\w+)", self.rules))

        self.assertEqual(asked - self.metrics, set())
        self.assertGreater(len(asked), 5)

    def test_each_alert_has_a_test_for_promtool(self):
        tests = (ROOT / "packaging" / "prometheus" / "sysctl-advisor.rules.test.yml").read_text()
        alerts = set(re.findall(r"- alert: (\w+)", self.rules))

        self.assertEqual(alerts, set(re.findall(r"alertname: (\w+)", tests)))
        self.assertGreaterEqual(len(alerts), 7)


if __name__ == "__main__":
    unittest.main(verbosity=2)
