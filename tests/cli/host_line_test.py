"""audit --format jsonl: a host as one line, also where no audit came about; and how much less --detail asks is."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))

import host_file  # noqa: E402

try:
    import jsonschema
except ImportError:
    print("skipped: needs python3-jsonschema")
    sys.exit(77)

BINARY = os.environ["ADVISOR"]
APPLICATION = "f76306fa22a54e0ca8788bfd4ba14a97"
MACHINE_ID = "0123456789abcdef0123456789abcdef"


def validator(kind):
    schema = json.loads((ROOT / f"packaging/schemas/{kind}.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


LINE, REPORT = validator("host"), validator("audit")


def run(*arguments, status=None):
    done = subprocess.run([BINARY, *arguments], capture_output=True, text=True, timeout=120,
                          stdin=subprocess.DEVNULL)
    if status is not None and done.returncode != status:
        raise AssertionError(f"{' '.join(arguments)} ended with {done.returncode}, not {status}\n{done.stderr}")
    return done


def line_of(text):
    """The only line, once it is found to be what the schema says."""
    if text.count("\n") != 1 or not text.endswith("}\n"):
        raise AssertionError(f"not one line: {text!r}")
    line = json.loads(text)
    LINE.validate(line)
    return line


class Lines(unittest.TestCase):
    def test_every_recorded_host_is_a_line_as_its_schema_says_and_as_its_report_has_it(self):
        for name in host_file.names():
            for options in (["--interval", "0"], ["--interval", "100ms", "--profile", "hardened"],
                            ["--interval", "0", "--anonymize"]):
                with self.subTest(host=name, options=options), host_file.expanded(name) as root:
                    done = run("--root", root, "audit", "--format", "jsonl", *options)
                    report = json.loads(run("--root", root, "audit", "--format", "json", *options).stdout)

                    line = line_of(done.stdout)
                    asking = [found["rule"] for found in report["findings"]
                              if found["verdict"] == "violated" and not found["suppressed"]
                              and found["severity"] != "info"]
                    self.assertEqual(done.returncode, 1 if asking else 0)
                    self.assertEqual([found["rule"] for found in line["findings"]], asking)
                    self.assertEqual((line["asks"], line["counts"]), (report["asks"], report["counts"]))
                    self.assertLess(len(done.stdout), 64 * 1024)

    def test_hosts_held_against_the_same_have_the_same_hash(self):
        hashes = {}
        for name in ("idle-6.1", "exhausted-client", "small-vm"):
            for profile in ("baseline", "web-server"):
                with host_file.expanded(name) as root:
                    done = run("--root", root, "audit", "--format", "jsonl", "--interval", "0", "--profile", profile)
                    hashes.setdefault(profile, set()).add(line_of(done.stdout)["profile_hash"])

        self.assertEqual([len(of_profile) for of_profile in hashes.values()], [1, 1])
        self.assertNotEqual(*hashes.values())

    def test_labels_and_what_was_asked_for_are_in_the_line(self):
        with host_file.expanded("idle-6.1") as root:
            line = line_of(run("--root", root, "audit", "--format", "jsonl", "--interval", "0", "--label", "site=ams1",
                               "--label", "röd \"x\"", "--profile", "database", "--profile", "router").stdout)

        self.assertEqual(line["labels"], ["site=ams1", "röd \"x\""])
        self.assertEqual(line["profiles"], ["database", "router"])
        self.assertEqual(line["as_root"], os.geteuid() == 0)

    def test_an_anonymized_line_has_the_hashed_id_and_neither_name_nor_address(self):
        with host_file.expanded("exhausted-client") as root:
            host_file.put_file(root, "etc/machine-id", MACHINE_ID + "\n")
            plain = run("--root", root, "audit", "--format", "jsonl", "--interval", "0").stdout
            hidden = {format: run("--root", root, "audit", "--format", format, "--interval", "0", "--anonymize").stdout
                      for format in ("jsonl", "json", "text", "html")}
            by_file = f"{root}/snapshot.json"
            run("--root", root, "snapshot", by_file, "--interval", "0", "--anonymize", status=0)
            of_snapshot = line_of(run("audit", "--from", by_file, "--format", "jsonl").stdout)

        named, line = line_of(plain), line_of(hidden["jsonl"])
        self.assertEqual((named["host"]["name"], line["host"]["name"]), ("exhausted-client", None))
        self.assertEqual(line["host"]["id"], named["host"]["id"])
        self.assertEqual(of_snapshot["host"], line["host"])
        self.assertIn(named["destinations"][0]["destination"], named["findings"][0]["evidence"])
        for format, text in hidden.items():
            with self.subTest(format=format):
                self.assertNotIn("exhausted-client", text)
                self.assertNotIn(named["destinations"][0]["destination"], text)
                self.assertNotIn(MACHINE_ID, text)

    def test_no_file_that_sets_the_name_of_the_host_tells_it_in_an_anonymized_audit(self):
        with host_file.expanded("exhausted-client") as root:
            host_file.put_file(root, "etc/sysctl.d/90-name.conf",
                               "kernel.hostname = alices-host\nkernel/domainname = alices-net\n"
                               "kernel.hostname = = alices-host\nvm.no_such_key = 1\n")
            hidden = {format: run("--root", root, "audit", "--format", format, "--interval", "0", "--anonymize").stdout
                      for format in ("jsonl", "json", "text", "html", "markdown")}
            shown = run("--root", root, "audit", "--boot").stdout

        self.assertIn("alices-net", shown)
        for format, text in hidden.items():
            with self.subTest(format=format):
                self.assertNotIn("alices", text)
                self.assertNotIn("exhausted-client", text)
                if format != "jsonl":  # which tells of no line that merely does nothing
                    self.assertIn("/etc/sysctl.d/90-name.conf:4", text)

    def test_the_id_is_what_systemd_makes_of_the_machine_id_for_this_program(self):
        tool = shutil.which("systemd-id128")
        try:
            own = pathlib.Path("/etc/machine-id").read_text().strip()
        except OSError:
            own = ""
        if not tool or not re.fullmatch("[0-9a-f]{32}", own):
            self.skipTest("needs systemd-id128 and a machine-id")
        expected = [subprocess.run([tool, what, f"--app-specific={APPLICATION}"], capture_output=True, text=True,
                                   check=True).stdout.strip() for what in ("machine-id", "boot-id")]

        host = line_of(run("audit", "--format", "jsonl", "--interval", "0").stdout)["host"]

        self.assertEqual([host["id"], host["boot_id"]], expected)

    def test_without_a_machine_id_there_is_none(self):
        with host_file.expanded("idle-6.1") as root:
            host = line_of(run("--root", root, "audit", "--format", "jsonl", "--interval", "0").stdout)["host"]

        self.assertIsNone(host["id"])


class Failures(unittest.TestCase):
    def failed(self, *arguments, said):
        done = run(*arguments, "--format", "jsonl", status=2)
        line = line_of(done.stdout)
        self.assertEqual((line["status"], line["asks"], line["counts"], line["findings"], line["worst"]),
                         ("failed", None, None, [], None))
        self.assertIn(said, line["error"])
        self.assertIn(said, done.stderr)
        self.assertRegex(line["taken"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        return line

    def test_whatever_goes_wrong_after_the_options_is_in_a_line(self):
        with host_file.expanded("idle-6.1") as root:
            config = pathlib.Path(root, "etc/sysctl-advisor/config.toml")
            config.parent.mkdir(parents=True)
            wrong = f"{root}/wrong.toml"
            pathlib.Path(wrong).write_text('name = "wrong"\nsummary = "x"\n[targets]\n"net.core.somaxconn" = "many"\n')
            at = ("--root", root, "audit")

            line = self.failed(*at, "--profile", "baselin", said="baselin")
            self.assertIn("did you mean \"baseline\"?", line["error"])
            self.assertEqual((line["host"]["name"], line["profiles"]), ("idle-6.1", ["baselin"]))
            self.failed(*at, "--profile", wrong, said="wrong.toml:4")
            self.failed(*at, "--only", "no-such-rule", said="no-such-rule")
            config.write_text("nonsense")
            self.failed(*at, said="config.toml:1")
            config.unlink()
            self.failed(*at, "--watch", "1s", "--profile", "baselin", said="baselin")
            shutil.rmtree(f"{root}/proc/sys")
            self.failed(*at, said="/proc/sys")
        line = self.failed("--root", "/nonexistent", "audit", "--label", "x", said="/nonexistent")
        self.assertEqual((line["labels"], line["host"]["name"]), (["x"], None))
        line = self.failed("audit", "--from", "/nonexistent", said="/nonexistent")
        self.assertEqual([line["host"][key] for key in ("id", "name", "kernel", "boot_id")], [None] * 4)
        self.failed("audit", "--netns", "no-such-namespace", said="no-such-namespace")

    def test_no_other_format_prints_a_line_then(self):
        for format in ("text", "json", "html"):
            self.assertEqual(run("audit", "--from", "/nonexistent", "--format", format, status=2).stdout, "")

    def test_a_command_line_that_is_wrong_leaves_no_line(self):
        for arguments, said in ((["--brief"], "--brief prints text, not jsonl"),
                                (["--boot"], "--boot prints text, json, html or markdown, not jsonl"),
                                (["--detail", "asks"], "--detail says which findings --format json prints")):
            with self.subTest(arguments=arguments):
                done = run("audit", "--format", "jsonl", *arguments, status=2)
                self.assertEqual(done.stdout, "")
                self.assertIn(said, done.stderr)
        self.assertIn("--label marks the line", run("audit", "--label", "x", status=2).stderr)

    def test_each_audit_of_a_watch_is_a_line(self):
        with host_file.expanded("exhausted-client") as root:
            done = run("--root", root, "audit", "--format", "jsonl", "--watch", "100ms", "--interval", "100ms",
                       "--count", "2", status=1)

        self.assertEqual(done.stdout.count("\n"), 2)
        for text in done.stdout.splitlines(keepends=True):
            self.assertEqual(line_of(text)["status"], "partial")


class Detail(unittest.TestCase):
    def test_with_less_detail_a_report_holds_what_asks_and_what_is_unknown(self):
        for name in ("exhausted-client", "idle-6.1"):
            with self.subTest(host=name), host_file.expanded(name) as root:
                texts = [run("--root", root, "audit", "--format", "json", "--interval", "100ms", *options).stdout
                         for options in ([], ["--detail", "all"], ["--detail", "asks"])]

                whole, again, less = (json.loads(text) for text in texts)
                REPORT.validate(less)
                self.assertEqual(whole["findings"], again["findings"])
                self.assertEqual(less["counts"], whole["counts"])
                expected = [dict(found, observed=None) for found in whole["findings"]
                            if not found["suppressed"] and (found["verdict"] == "unknown" or (
                                found["verdict"] == "violated" and found["severity"] != "info"))]
                # Values that move between the audits are not compared.
                self.assertEqual([found["rule"] for found in less["findings"]],
                                 [found["rule"] for found in expected])
                self.assertTrue(all(found["observed"] is None for found in less["findings"]))
                self.assertLess(2 * len(texts[2]), len(texts[0]))

    def test_a_report_with_less_detail_is_not_compared(self):
        with host_file.expanded("idle-6.1") as root:
            file = pathlib.Path(root, "report.json")
            file.write_text(run("--root", root, "audit", "--format", "json", "--interval", "0", "--detail",
                                "asks").stdout)

            done = run("compare", str(file), str(file), status=2)

        self.assertIn("a report of --detail asks lacks findings", done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2, warnings="ignore")
