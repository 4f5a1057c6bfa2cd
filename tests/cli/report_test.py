"""report: a thousand host lines, what is said of them, and what is wrong with them."""

import collections
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

try:
    import jsonschema
except ImportError:
    jsonschema = None

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))

import host_file  # noqa: E402
import host_lines  # noqa: E402
from host_lines import failed_line, fleet, host_line, name_of, utc, written  # noqa: E402

HOSTS = 1000
LINES = fleet(HOSTS)
NUMBERS = range(HOSTS)
AUDITED = [i for i in NUMBERS if not host_lines.is_failed(i)]
RULES = {"local-ports-exhausted": host_lines.is_exhausted, "time-wait-reuse": host_lines.waits,
         "target:net.core.somaxconn": host_lines.is_capped}


def hosts_with(*predicates):
    """How many of the audited hosts have one of these."""
    return sum(any(predicate(i) for predicate in predicates) for i in AUDITED)


def short_name(i):
    return name_of(i).split(".")[0]


def schema_of(kind):
    return ROOT / "packaging" / "schemas" / f"{kind}.schema.json"


def valid(document, kind):
    """The document; by its schema, where schemas can be read."""
    if jsonschema:
        schema = json.loads(schema_of(kind).read_text())
        jsonschema.Draft202012Validator.check_schema(schema)
        jsonschema.Draft202012Validator(schema).validate(document)
    return document


class Report(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.folder = directory.name

    def file(self, name, lines):
        path = f"{self.folder}/{name}"
        pathlib.Path(path).parent.mkdir(exist_ok=True)
        pathlib.Path(path).write_text(lines if isinstance(lines, str) else written(lines))
        return path

    def run_report(self, *arguments, status, given=None):
        done = subprocess.run([os.environ["ADVISOR"], "report", *arguments], capture_output=True, text=True,
                              timeout=60, input=given, stdin=None if given else subprocess.DEVNULL)
        self.assertEqual(done.returncode, status, done.stderr)
        return done

    def report(self, *arguments, status=1, given=None):
        """The report of the lines as JSON, by its schema."""
        done = self.run_report(*arguments, "--format", "json", status=status, given=given)
        return valid(json.loads(done.stdout), "report")

    def test_a_thousand_hosts_are_counted_right(self):
        report = self.report(self.file("lines.jsonl", LINES), "--top", "30")

        self.assertEqual(report["hosts"], {
            "total": HOSTS, "failed": HOSTS - len(AUDITED), "partial": hosts_with(host_lines.is_partial),
            "ok": len(AUDITED) - hosts_with(host_lines.is_partial), "stale": hosts_with(host_lines.is_stale),
            "asking": hosts_with(*RULES.values()), "nothing": len(AUDITED) - hosts_with(*RULES.values()),
            "critical": hosts_with(host_lines.is_exhausted),
            "warning": hosts_with(host_lines.waits, host_lines.is_exhausted) - hosts_with(host_lines.is_exhausted),
            "note": hosts_with(*RULES.values()) - hosts_with(host_lines.waits, host_lines.is_exhausted)})
        self.assertEqual({found["rule"]: found["hosts"] for found in report["findings"]},
                         {rule: hosts_with(holds) for rule, holds in RULES.items()})
        for found in report["findings"]:
            ids = sorted(host_lines.id_of(name_of(i)) for i in AUDITED if RULES[found["rule"]](i))
            self.assertEqual(found["ids"], ids)
            self.assertEqual(found["example"]["evidence"], next(
                one["evidence"] for line in LINES if line["host"]["inventory_name"] == found["example"]["host"]["name"]
                for one in line["findings"] if one["rule"] == found["rule"]))
        self.assertEqual([(one["error"], len(one["hosts"])) for one in report["failures"]],
                         [("ssh: connect to host HOST port 22: Connection timed out", HOSTS - len(AUDITED))])
        self.assertEqual(report["parameters"][0]["hosts"], hosts_with(host_lines.is_capped))
        self.assertEqual([(one["parameter"], one["hosts"]) for one in report["drift"]],
                         [("vm.swappiness", hosts_with(host_lines.drifts))])
        self.assertEqual([(one["parameter"], one["hosts"]) for one in report["boot"]["lost"]],
                         [("net.ipv4.tcp_tw_reuse", hosts_with(host_lines.loses_at_boot))])
        self.assertEqual(report["unknown"], [{"missing": host_lines.UNREAD, "hosts": hosts_with(host_lines.is_partial),
                                              "rules": ["conntrack-dropped", "kernel-log"]}])
        self.assertEqual(len(report["stale"]), hosts_with(host_lines.is_stale))

    @unittest.skipUnless(jsonschema, "needs python3-jsonschema")
    def test_every_answer_is_what_its_schema_says(self):
        path = self.file("lines.jsonl", [*LINES, host_line("clone", id=host_lines.id_of(name_of(1)))])
        earlier = self.file("earlier.json", json.dumps(self.report(self.file("some.jsonl", LINES[::3]))))
        inventory = self.file("hosts.txt", "gone\n")

        report = self.report(path, "--since", earlier, "--inventory", inventory, "--by", "label")

        self.assertTrue(report["since"]["changes"] and report["split"]["groups"] and report["shared_ids"])
        self.assertEqual(report["inventory"]["missing"], ["gone"])

    @unittest.skipUnless(jsonschema, "needs python3-jsonschema")
    def test_the_lines_of_these_tests_are_what_their_schema_says(self):
        for line in LINES[:200]:
            valid(line, "host")

    def test_what_an_audit_prints_of_a_host_is_what_a_report_reads(self):
        audits, lines = {}, ""
        for host in ("exhausted-client", "overflowing-listener", "idle-6.1"):
            with host_file.expanded(host) as root:
                done = subprocess.run([os.environ["ADVISOR"], "--root", root, "audit", "--interval", "0", "--format", "jsonl"],
                                      capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
            audits[host], lines = json.loads(done.stdout), lines + done.stdout

        report = self.report("-", given=lines)

        self.assertEqual(report["lines"]["unread"], 0)
        self.assertEqual(report["hosts"]["total"], len(audits))
        asked = collections.Counter(found["rule"] for audit in audits.values() for found in audit["findings"])
        self.assertEqual({found["rule"]: found["hosts"] for found in report["findings"]}, asked)
        worst = report["findings"][0]
        self.assertEqual((worst["rule"], worst["example"]["host"]["name"]), ("local-ports-exhausted", "exhausted-client"))
        missing = {one for audit in audits.values() for unknown in audit["unknown"] for one in unknown["missing"]}
        self.assertEqual({one["missing"] for one in report["unknown"]}, missing)

    def test_ports_of_all_hosts_are_summed_up_for_each_destination(self):
        sums = collections.Counter()
        for line in LINES:
            for to in line["destinations"]:
                sums[to["destination"], to["port"]] += to["ports_in_use"]

        report = self.report(self.file("lines.jsonl", LINES), "--top", "100")

        self.assertEqual({(to["destination"], to["port"]): to["ports_in_use"] for to in report["destinations"]}, sums)
        self.assertEqual(report["destination_count"], len(sums))
        self.assertEqual(report["destinations"], sorted(report["destinations"], key=lambda to: -to["ports_in_use"]))

    def test_lines_in_any_order_and_any_files_give_the_same_report(self):
        def told(report):
            return {key: value for key, value in report.items() if key != "made"}

        whole = self.report(self.file("lines.jsonl", LINES))
        for number in range(4):
            self.file(f"parts/{number}.jsonl", LINES[number::4][::-1])
        self.file("parts/notes.txt", "no line")

        self.assertEqual(told(self.report(f"{self.folder}/parts")), told(whole))
        self.assertEqual(told(self.report("-", given=written(LINES[::-1]))), told(whole))

    def test_what_is_no_host_line_is_told_with_its_place_and_does_not_stop_the_rest(self):
        whole = json.dumps(LINES[2])
        wrong = {
            "Warning: Permanently added 'web-1' (ED25519) to the list of known hosts.": "this is no host line",
            whole[:700]: "not a JSON document: it ends before it is complete",
            whole.replace("host/1", "host/2"): "it has sysctl-advisor/host/2",
            json.dumps({**LINES[2], "taken": 5}): "$.taken: must be a text",
            json.dumps({**LINES[2], "findings": {}}): "$.findings: must be an array",
            json.dumps({**LINES[2], "findings": [host_lines.finding("rule", "info", "T", "e")]}):
                '$.findings[0].severity: must be "note", "warning" or "critical"',
            json.dumps([LINES[2]]): "this is no host line",
            json.dumps({"schema": "sysctl-advisor/audit/1"}): "$.schema: this is not what",
            "[" * 100_000: "this is no host line",
            '{"a":' * 100_000: "nested too deeply",
            json.dumps({**LINES[2], "version": "x" * (1 << 20)}): "the line is longer than 1 MiB"}
        path = self.file("lines.jsonl", [*wrong, host_line("a"), ""])

        done = self.run_report(path, "--format", "json", status=2)

        report = valid(json.loads(done.stdout), "report")
        self.assertEqual((report["lines"]["read"], report["lines"]["unread"]), (1, len(wrong)))
        told = done.stderr.splitlines()
        self.assertEqual(len(told), len(wrong), done.stderr)
        for number, (line, why) in enumerate(zip(told, wrong.values()), 1):
            self.assertTrue(line.startswith(f"sysctl-advisor: {path}:{number}: {why}"), line)

    def test_of_many_wrong_lines_the_first_are_told_and_the_others_counted(self):
        done = self.run_report(self.file("lines.jsonl", [*["no line"] * 30, host_line("a")]), status=2)

        told = done.stderr.splitlines()
        self.assertEqual(len(told), 21)
        self.assertIn(":20: ", told[19])
        self.assertEqual(told[20], "sysctl-advisor: and 10 more that could not be read")

    def test_without_a_host_line_there_is_no_report(self):
        for lines, also in (("", 0), ("\n\n", 0), (["a banner"], 1)):
            done = self.run_report(self.file("lines.jsonl", lines), status=2)
            self.assertEqual(done.stdout, "")
            self.assertIn("no host line in ", done.stderr.splitlines()[also])

    def test_a_file_that_cannot_be_read_is_told_and_the_others_are_reported(self):
        done = self.run_report(f"{self.folder}/none.jsonl", self.file("lines.jsonl", [host_line("a")]), status=2)

        self.assertIn(f"cannot read {self.folder}/none.jsonl", done.stderr)
        self.assertIn("1 host: 1 ok", done.stdout)

    def test_no_name_of_a_file_begins_a_line_of_its_own(self):
        self.file("lines/x\nsysctl-advisor: all is well.jsonl", ["a banner"])
        self.file("lines/a.jsonl", [host_line("a")])

        done = self.run_report(f"{self.folder}/lines", status=2)

        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)

    def test_hosts_are_missing_there_twice_cloned_or_ahead(self):
        inventory = self.file("hosts.txt", "# ours\na\nb  # the second\ngone\n")
        lines = [host_line("a", taken=utc(5)), host_line("a"), host_line("b", taken=utc(-2)),
                 host_line("c", id=host_lines.id_of("b"))]

        report = self.report(self.file("lines.jsonl", lines), "--inventory", inventory)

        self.assertEqual(report["inventory"], {"names": 3, "missing": ["gone"], "unknown_hosts": 1})
        self.assertEqual((report["lines"]["superseded"], report["lines"]["hosts_with_several"]), (1, 1))
        self.assertEqual([one["names"] for one in report["shared_ids"]], [["b", "c"]])
        self.assertEqual([one["host"]["name"] for one in report["from_future"]], ["b"])
        for word in ("missing", "clone", "ahead", "older"):
            text = self.run_report(self.file("lines.jsonl", lines), "--inventory", inventory, status=1).stdout
            self.assertIn(word, " ".join(text.split()))

    def test_an_inventory_of_ansible_is_taken_as_it_is_printed(self):
        inventory = self.file("inventory.json", json.dumps(
            {"_meta": {"hostvars": {short_name(1): {}}}, "all": {"children": ["web"]},
             "web": {"hosts": [short_name(2), "gone"]}}))

        report = self.report(self.file("lines.jsonl", LINES[:3]), "--inventory", inventory)

        self.assertEqual(report["inventory"], {"names": 3, "missing": ["gone"], "unknown_hosts": 1})
        wrong = self.run_report(self.file("lines.jsonl", LINES[:3]), "--inventory",
                                self.file("hosts", "[web]\na\n"), status=2)
        self.assertIn("hosts:1: ", wrong.stderr)

    def test_since_an_earlier_report_findings_are_new_or_solved(self):
        def with_rule(name, rule="rule", **others):
            return host_line(name, [host_lines.finding(rule, "warning", "T", "e")], **others)

        before = [with_rule("solved"), with_rule("stays"), with_rule("fails"), host_line("gets"), with_rule("gone")]
        now = [host_line("solved"), with_rule("stays"), failed_line("fails", "no"), with_rule("gets"),
               with_rule("new")]
        earlier = self.file("before.json", self.run_report(
            self.file("before.jsonl", before), "--format", "json", status=1).stdout)

        report = self.report(self.file("now.jsonl", now), "--since", earlier)

        change, = report["since"]["changes"]
        self.assertEqual([one["name"] for one in change["newly"]], ["gets"])
        self.assertEqual([one["name"] for one in change["no_longer"]], ["solved"])
        self.assertEqual((change["first_seen"], change["not_told"]), (1, 2))
        self.assertEqual((report["since"]["hosts_new"], report["since"]["hosts_gone"]), (1, 2))
        text = self.run_report(self.file("now.jsonl", now), "--since", earlier, status=1).stdout
        self.assertIn("new on 1 host: gets; solved on 1 host: solved", " ".join(text.split()))
        wrong = self.run_report(self.file("now.jsonl", now), "--since", self.file("x.json", "{}"), status=2)
        self.assertIn("x.json: $.schema: this is not what `sysctl-advisor report --format json` writes", wrong.stderr)

    def test_counts_are_split_by_kernel_profile_or_label(self):
        path = self.file("lines.jsonl", LINES)
        for by, member, groups in (("kernel", lambda i: i % 3, 4), ("profile", lambda i: 0, 1),
                                   ("label", lambda i: i % 4, 4)):
            split = self.report(path, "--by", by)["split"]
            self.assertEqual((split["by"], len(split["groups"])), (by, groups))
            self.assertEqual(sum(group["hosts"]["total"] for group in split["groups"]), HOSTS)
            by_number = collections.Counter(member(i) for i in NUMBERS)
            if by != "kernel":  # a host that failed tells none
                self.assertEqual(sorted(group["hosts"]["total"] for group in split["groups"]), sorted(by_number.values()))

    def test_the_exit_status_is_that_of_an_audit_of_all(self):
        for status, line in ((0, host_line("a")), (1, failed_line("a", "no")), (1, host_line("a", taken=utc(48))),
                             (0, host_line("a", [], [("rule", ["no root"])])), (1, LINES[2])):
            self.run_report(self.file("lines.jsonl", [line]), status=status)
        self.run_report("-q", self.file("lines.jsonl", [LINES[2]]), status=1)

    def test_the_page_of_a_thousand_hosts_is_small_and_tells_the_worst(self):
        page = self.run_report(self.file("lines.jsonl", LINES), "--format", "html", "--by", "kernel", status=1).stdout

        self.assertLess(len(page), 40_000)
        self.assertIn("<h1>1&nbsp;000 hosts</h1>", page)
        self.assertNotRegex(page, r"<script|<link|<img|href=|src=|url\(")
        for rule in RULES:
            self.assertIn(f"<code>{rule}</code>", page)
        self.assertEqual(len(re.findall("<section>", page)), len(re.findall("</section>", page)))

    def test_no_byte_of_a_line_steers_a_terminal(self):
        hostile = "\x1b[31m\u202e\x07</b>"
        lines = [host_line(hostile, [host_lines.finding(hostile, "warning", hostile, hostile, [(hostile,) * 3])],
                           [(hostile, [hostile])], labels=[hostile], kernel=hostile, version=hostile),
                 failed_line("b" + hostile, hostile), "\x1b]0;banner\x07"]
        path = self.file("lines.jsonl", lines)
        for form in ("text", "json", "html"):
            done = self.run_report(path, "--format", form, "--by", "label", status=2)
            self.assertNotRegex(done.stdout + done.stderr, "[\x1b\x07\u202e]")
            if form == "html":
                self.assertIn("&lt;/b&gt;", done.stdout)
                self.assertEqual(done.stdout.count("<b>"), done.stdout.count("</b>"))


if __name__ == "__main__":
    unittest.main()
