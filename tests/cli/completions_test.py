"""Command lines are completed in the shells of people, by what the program itself knows.

Each shell runs on a terminal, and keys are pressed in it.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))
import shells  # noqa: E402

PROGRAM = os.path.abspath(os.environ["ADVISOR"])


def answer(*arguments):
    return subprocess.run([PROGRAM, *arguments], check=True, capture_output=True, text=True).stdout


def first_words(text):
    return {line.split()[0] for line in text.splitlines() if line}


def flags_in(help_text):
    """The flags of a help, each with its value there."""
    flags = {}
    for names, value in re.findall(r"^  (-[-\w,]+)(?: (\S+))?", help_text, re.M):
        flags.update(dict.fromkeys(names.split(","), value))
    return flags


HELP = answer("--help")
COMMANDS = re.findall(r"^  (\w+) ", HELP.partition("Subcommands:")[2], re.M)
EVERYWHERE = set(flags_in(HELP)) - {"--version"}


class InAShell:
    """What holds in each shell, which `SHELL` names."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = os.path.realpath(folder.name)
        os.makedirs(f"{cls.folder}/bin")
        os.symlink(PROGRAM, f"{cls.folder}/bin/sysctl-advisor")
        os.makedirs(f"{cls.folder}/here/records")
        for name in ("gateway-1.json", "with blank"):
            pathlib.Path(cls.folder, "here", name).touch()
        cls.script = f"{cls.folder}/script"
        pathlib.Path(cls.script).write_text(answer("completion", cls.SHELL.NAME))
        cls.shell = cls.open(f"{cls.folder}/bin:{os.environ['PATH']}")

    @classmethod
    def open(cls, path):
        environment = {"PATH": path, "HOME": f"{cls.folder}/here", "LANG": "C.UTF-8"}
        shell = cls.SHELL(cls.script, environment, f"{cls.folder}/here")
        cls.addClassCleanup(shell.close)
        return shell

    def becomes(self, typed, *words):
        """TAB makes these of the last word, or of the last ones."""
        self.assertEqual(self.shell.line_after("sysctl-advisor " + typed)[-len(words):], list(words), typed)

    def offers(self, typed):
        return self.shell.offered("sysctl-advisor " + typed)

    def test_every_command_and_every_flag_of_its_help_is_offered(self):
        self.assertGreater(len(COMMANDS), 10)
        self.assertEqual(self.offers(""), set(COMMANDS))
        self.assertEqual(self.offers("-"), set(flags_in(HELP)))
        for command in COMMANDS:
            with self.subTest(command):
                flags = flags_in(answer(command, "--help"))
                self.assertEqual(self.offers(f"{command} -"), set(flags) | EVERYWHERE)

    def test_the_values_that_a_flag_may_have_are_offered(self):
        tried = 0
        for command in COMMANDS:
            for flag, value in flags_in(answer(command, "--help")).items():
                if not re.fullmatch(r"[a-z]+(,[a-z]+)+", value):
                    continue
                with self.subTest(f"{command} {flag}"):
                    self.assertEqual(self.offers(f"{command} {flag} "), set(value.split(",")))
                    tried += 1
        self.assertGreater(tried, 10)
        self.becomes("--color al", "--color", "always")

    def test_a_value_behind_an_equals_sign_is_completed_as_well(self):
        self.becomes("audit --format=sy", "--format=sysctl")
        self.becomes("audit --profile=web-s", "--profile=web-server")
        self.becomes("audit --from=gat", "--from=gateway-1.json")

    def test_profiles_are_offered_by_name_and_also_files(self):
        profiles = first_words(answer("profiles"))

        self.assertEqual(self.offers("profiles show "), profiles)
        self.assertTrue(profiles <= self.offers("audit --profile "))
        self.becomes("audit --profile ./gat", "./gateway-1.json")
        self.assertEqual(self.offers("profiles "), {"list", "show", "check", "import", "recommend"})

    def test_rules_are_offered_where_they_are_meant(self):
        hardened = first_words(answer("rules", "--profile", "hardened"))
        named = {rule for rule in hardened if rule.startswith("security-")}

        self.assertEqual(self.offers("audit --profile hardened --only security-"), named)
        self.assertTrue(named <= self.offers("explain security-"))
        self.becomes("audit --skip local-ports-ex", "local-ports-exhausted")
        self.becomes("rules time-wait-re", "time-wait-reuse")

    def test_a_name_with_a_colon_is_one_word(self):
        targets = {rule for rule in first_words(answer("rules", "--profile", "web-server"))
                   if rule.startswith("target:")}

        self.assertIn("target:net.core.somaxconn", targets)
        self.becomes("audit --profile web-server --only target:net.core.somax", "target:net.core.somaxconn")
        self.becomes("audit --profile web-server --only=target:net.core.somax",
                     "--only=target:net.core.somaxconn")

    def test_parameters_are_offered_and_set_without_a_blank_behind_them(self):
        self.becomes("parameters net.core.somaxc", "net.core.somaxconn")
        self.becomes("explain net.core.somaxc", "net.core.somaxconn")
        self.becomes("apply --set net.core.somaxc" + shells.TAB + "8192", "--set", "net.core.somaxconn=8192")
        self.becomes("apply --set=net.core.somaxc" + shells.TAB + "8192", "--set=net.core.somaxconn=8192")
        self.becomes("explain net.ipv4.conf.all.rp_f", "net.ipv4.conf.all.rp_filter")

    def test_files_are_offered_where_a_file_is_meant_and_nowhere_else(self):
        self.becomes("audit --from gat", "gateway-1.json")
        self.becomes("audit --from ~/gat", f"{self.folder}/here/gateway-1.json")
        self.becomes("profiles check wi", "with blank")
        self.becomes("lint gateway-1.json wi", "gateway-1.json", "with blank")
        self.becomes("--root rec", "records" + "/" * (self.SHELL is not shells.Zsh))
        self.assertNotIn("gateway-1.json", self.offers("--root "))
        self.becomes("confirm gat", "gat")
        self.becomes("apply --interval gat", "gat")
        self.becomes("audit --format gat", "gat")

    def test_another_path_of_the_program_is_asked_by_that_path(self):
        shell = self.open(os.environ["PATH"])

        self.assertEqual(shell.line_after(f"{self.folder}/bin/sysctl-advisor au")[1:], ["audit"])
        self.assertEqual(shell.line_after("FOO=1 ../bin/sysctl-advisor au")[2:], ["audit"])

    def test_where_the_program_is_not_there_nothing_is_said(self):
        others = f"{self.folder}/others"
        os.mkdir(others)
        for name in os.listdir("/usr/bin"):
            if name != "sysctl-advisor":
                os.symlink(f"/usr/bin/{name}", f"{others}/{name}")
        shell = self.open(others)

        self.assertEqual(shell.line_after("sysctl-advisor au")[1:], ["au"])
        self.assertNotRegex(shell.printed, rb"(?i)not found|no such|unknown|error")


@unittest.skipUnless(shutil.which("bash"), "bash is not installed")
class Bash(InAShell, unittest.TestCase):
    SHELL = shells.Bash

    def test_it_does_not_matter_at_which_characters_bash_cuts_words(self):
        for cut in ("=", ":", ""):
            with self.subTest(cut):
                shell = self.open(f"{self.folder}/bin:{os.environ['PATH']}")
                shell.run(f"COMP_WORDBREAKS=$' \\t\\n{cut}'")
                self.assertEqual(shell.line_after("sysctl-advisor audit --format=sy")[2:], ["--format=sysctl"])
                self.assertEqual(shell.line_after("sysctl-advisor apply --set=net.core.somaxc")[2:],
                                 ["--set=net.core.somaxconn="])
                self.assertEqual(
                    shell.line_after("sysctl-advisor rules --profile=web-server target:net.core.somaxc")[3:],
                    ["target:net.core.somaxconn"])

    @unittest.skipUnless(os.path.exists("/usr/share/bash-completion/bash_completion"),
                         "bash-completion is not installed")
    def test_behind_sudo_it_is_the_same(self):
        shell = self.open(f"{self.folder}/bin:{os.environ['PATH']}")
        shell.run(f"source /usr/share/bash-completion/bash_completion; source {self.script}")

        self.assertEqual(shell.line_after("sudo sysctl-advisor apply --profile=web-s")[2:],
                         ["apply", "--profile=web-server"])


@unittest.skipUnless(shutil.which("zsh"), "zsh is not installed")
class Zsh(InAShell, unittest.TestCase):
    SHELL = shells.Zsh

    def test_what_a_word_means_stands_beside_it(self):
        self.shell.line_after("sysctl-advisor r", self.SHELL.LIST)

        self.assertIn(b"-- the rules and targets of profiles", self.shell.printed)


@unittest.skipUnless(shutil.which("fish"), "fish is not installed")
class Fish(InAShell, unittest.TestCase):
    SHELL = shells.Fish

    def test_what_a_word_means_stands_beside_it(self):
        self.assertEqual(self.shell.described("sysctl-advisor histo"),
                         {"history": "the transactions of this host, newest first; needs root"})
        self.assertTrue(self.shell.described("sysctl-advisor explain local-ports-exh")["local-ports-exhausted"])


if __name__ == "__main__":
    for shell in shells.SHELLS:
        if not shutil.which(shell.NAME):
            print(f"skipped: {shell.NAME} is not installed")
    unittest.main(verbosity=2)
