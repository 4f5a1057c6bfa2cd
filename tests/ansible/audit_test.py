"""The module audit, and what collects the lines of many hosts: the callback, and the playbook report."""

import json
import os
import unittest

import ansible_host
from ansible_host import COLLECTION, everything

LINE = {
    "schema": "sysctl-advisor/host/1", "version": "9.8.7", "status": "ok", "error": None,
    "host": {"id": "0" * 32, "name": "there", "inventory_name": None, "netns": "", "kernel": "6.1.0", "boot_id": None},
    "labels": [], "taken": "2026-11-30T07:22:00Z", "interval_seconds": 1.0, "as_root": True,
    "profiles": ["baseline"], "profile_hash": "0123456789abcdef", "asks": 2, "worst": "warning",
    "counts": {"critical": 0, "warning": 1, "note": 1, "info": 0, "satisfied": 80, "unknown": 0, "not_applicable": 3,
               "suppressed": 0},
    "findings": [{"rule": "local-ports-pressure", "severity": "warning", "title": "t", "profile": "baseline",
                  "evidence": "e", "remedy": None, "figures": [], "changes": []},
                 {"rule": "time-wait-reuse", "severity": "note", "title": "t", "profile": "baseline", "evidence": "e",
                  "remedy": None, "figures": [], "changes": []}],
    "unknown": [], "destinations": [], "listeners": [],
    "transaction": {"id": "3", "state": "provisional", "deadline": "2026-11-30T07:23:00Z",
                    "drift": [{"parameter": "net.core.somaxconn", "applied": "8192", "now": "4096"}]},
    "boot": None,
}
FAILED = {**LINE, "status": "failed", "error": "unknown profile", "asks": None, "worst": None, "findings": [],
          "transaction": None, "counts": None}


def check_schema(line):
    """Fails unless the line is as the program would write it."""
    try:
        import jsonschema
    except ImportError:
        raise unittest.SkipTest("python3-jsonschema is not installed")
    with open(os.path.join(COLLECTION, "../schemas/host.schema.json")) as file:
        jsonschema.validate(line, json.load(file), format_checker=jsonschema.FormatChecker())


class Audit(ansible_host.AnsibleTest):
    def test_an_audit_returns_the_line_of_the_host_and_facts(self):
        asks = self.stand_in(json.dumps(LINE) + "\n", 0, "sysctl-advisor: warning: read as nobody\n")
        options = {"executable": asks, "profiles": ["a b", "$HOME"], "interval": "5s", "only": ["-x"], "skip": ["*"],
                   "labels": ["rack 7"], "netns": "blue"}

        (all_options, facts, warned, failed), _ = self.play(
            ("audit", options), ("audit", {"executable": asks}, {"check_mode": True}),
            ("audit", {"executable": asks, "fail_on": "warning"}),
            ("audit", {"executable": asks, "fail_on": "critical"}))

        self.assertEqual(all_options["cmd"][1:], ["audit", "--format=jsonl", "--fail-on=never", "--profile=a b",
                                                  "--profile=$HOME", "--interval=5s", "--only=-x", "--skip=*", "--label=rack 7",
                                                  "--netns=blue"])
        self.assertEqual((all_options["host_line"], all_options["changed"]), (LINE, False))
        self.assertNotIn("ansible_facts", all_options)
        self.assertEqual(facts["warnings"], ["read as nobody"])
        self.assertEqual(facts["ansible_facts"]["sysctl_advisor"], {
            "version": "9.8.7", "asks": 2, "worst": "warning", "rules": ["local-ports-pressure", "time-wait-reuse"],
            "pending_transaction": "3", "drift": LINE["transaction"]["drift"]})
        self.assert_failed(warned, "2 of the findings ask for something, the worst is warning: local-ports-pressure, ")
        self.assertEqual(warned["host_line"], LINE)
        self.assertFalse(failed["failed"], failed)

    def test_an_audit_that_does_not_come_about_fails_with_the_line_if_there_is_one(self):
        told = self.stand_in(json.dumps(FAILED) + "\n", 2, 'error: unknown profile "x"\n', name="told")
        silent = self.stand_in("", 2, "error: --format must be one of text,json\n", name="silent")
        other = self.stand_in('{"schema": "sysctl-advisor/host/2"}\n', 0, name="other")
        noisy = self.stand_in("Last login: today\n" + json.dumps(LINE) + "\n", 0, name="noisy")

        results, _ = self.play(*[("audit", {"executable": path}) for path in (told, silent, other, noisy)],
                               ("audit", {"interval": ""}), ("audit", {"labels": [""]}))

        sentences = ["unknown profile", "--format must be one of", "is not sysctl-advisor/host/1",
                     "does something print besides it?", "interval is empty", "labels has an empty element"]
        for result, sentence in zip(results, sentences, strict=True):
            self.assert_failed(result, sentence)
            self.assertFalse(result["changed"])
        self.assertEqual(results[0]["host_line"], FAILED)
        self.assertNotIn("host_line", results[1])

    def inventory(self):
        """A host that can be audited, one that cannot, one that answers nonsense, and one that cannot be reached."""
        ansible_host.write(os.path.join(self.home, "broken"), "-1\n")
        self.environment["BREAKING_FILE"] = os.path.join(self.home, "broken")
        told = self.stand_in(json.dumps(LINE) + "\n", 0, name="answers")
        silent = self.stand_in("", 2, "error: no such\nflag\n", name="refuses")
        odd = self.stand_in('{"schema": "sysctl-advisor/host/1", "host": {"netns": []}}', 2, "no\n", name="is-odd")
        path = os.path.join(self.folder, "inventory")
        ansible_host.write(path, "[all]\n"
                           f"well executable={told} ansible_connection=local\n"
                           f"ill executable={silent} ansible_connection=local\n"
                           f"odd executable={odd} ansible_connection=local\n"
                           f"gone executable={told} ansible_connection=breaking\n")
        return path

    def check_lines(self, path):
        with open(path) as file:
            lines = {line["host"]["inventory_name"]: line for line in map(json.loads, file)}
        self.assertEqual(lines["well"], {**LINE, "host": {**LINE["host"], "inventory_name": "well"}})
        self.assertEqual({name: line["status"] for name, line in lines.items()},
                         {"well": "ok", "ill": "failed", "odd": "failed", "gone": "failed"})
        self.assertEqual(lines["ill"]["error"], "error: no such; flag")
        self.assertRegex(lines["gone"]["error"], "^unreachable: .*connection refused")
        for name in ("ill", "odd", "gone"):
            self.assertEqual((lines[name]["labels"], lines[name]["interval_seconds"]), (["rack-7"], 2), name)
        for line in lines.values():
            check_schema(line)
        return lines

    def test_the_callback_writes_a_line_for_each_host(self):  # thorough
        lines = os.path.join(self.home, "lines")
        self.environment["ANSIBLE_CALLBACKS_ENABLED"] += ",sysctl_advisor.linux.host_lines"
        self.environment["SYSCTL_ADVISOR_HOST_LINES"] = lines
        audit = ("audit", {"executable": "{{ executable }}", "labels": ["rack-7"], "interval": "2s"},
                 {"ignore_errors": False})
        how = {"hosts": "all", "inventory": self.inventory()}
        before = everything()

        self.play(audit, audit, **how)

        self.check_lines(lines)
        with open(lines) as file:
            self.assertEqual(len(file.readlines()), 4)

        self.play(audit, **how)

        with open(lines) as file:
            self.assertEqual(len(file.readlines()), 8)

        self.play(("transactions_info", {}, {"ignore_errors": False}), **how)

        with open(lines) as file:
            self.assertEqual(len(file.readlines()), 8)  # that play audits nothing
        self.assertEqual(everything(), before)

    def test_the_playbook_report_writes_all_lines_to_one_file_and_reports(self):  # thorough
        lines = os.path.join(self.folder, "lines.jsonl")
        variables = {"sysctl_advisor_labels": ["rack-7"], "sysctl_advisor_interval": "2s",
                     "sysctl_advisor_lines": "lines.jsonl", "sysctl_advisor_become": False,
                     "sysctl_advisor_reporter": self.stand_in("3 hosts, 1 ok\n", name="reporter")}
        defaults = {"sysctl_advisor.linux.audit": {"executable": "{{ executable }}"}}
        with open(os.path.join(COLLECTION, "playbooks/report.yml")) as file:
            play = file.read()
        path = os.path.join(self.folder, "report.yml")
        ansible_host.write(path, play.replace("  gather_facts:", f"  module_defaults: {json.dumps(defaults)}\n  gather_facts:"))

        results, printed = self.playbook(path, "-e", json.dumps(variables), "--check", inventory=self.inventory())

        self.check_lines(lines)
        self.assertEqual(self.written_by_stand_in("arguments").split(), ["report", lines, "--format", "text"])
        self.assertIn("3 hosts, 1 ok", printed)


if __name__ == "__main__":
    ansible_host.main()
