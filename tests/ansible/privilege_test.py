"""The module for an ordinary user: without rights, with become, and with sudo for this program only.
And the sudoers example, held against what an operator may and may not run."""

import json
import os
import subprocess
import unittest

import ansible_host
from ansible_host import AFTER, BEFORE, COLLECTION, DROP_IN, OPERATORS, PROGRAM, USER, advisor, \
    everything, values

EXAMPLE = os.path.abspath(os.path.join(COLLECTION, "..", "sudoers.example"))
INSTALLED = "/usr/sbin/sysctl-advisor"
ALLOWED = [
    "apply --dry-run --format=json --profile=plain --interval=1s",
    "apply --dry-run --format json --profile plain",
    "apply --dry-run --profile plain",
    "apply --dry-run --format diff --profile plain --persist",
    "apply --yes --format=json --profile=plain --interval=500ms --runtime",
    "apply --yes --format=json --profile=plain --interval=1s --strict",
    "apply --dry-run --format=json --profile=plain --interval=0 --runtime --strict",
    "apply --yes --format=json --profile=plain --profile=web-server --interval=0",
    "apply --profile plain",
]
REFUSED = [
    "",
    "audit",
    "apply",
    "apply --yes",
    "apply --yes --profile ../../tmp/evil.toml",
    "apply --yes --profile /tmp/evil.toml",
    "apply --yes --profile evil.toml",
    "apply --yes --profile",
    "apply --yes --profile=",
    "apply --yes --profile --allow-one-way",
    "apply --yes --profile PLAIN",
    "apply --yes --profile plain --root /tmp",
    "apply --yes --profile plain --root=/tmp",
    "--root /tmp apply --yes --profile plain",
    "apply --root /tmp --yes --profile plain",
    "apply --yes --profile plain --allow-one-way",
    "apply --yes --profile plain --skip *",
    "apply --yes --profile plain --runtime --persist",
    "apply --yes --profile plain --interval 3600",
    "apply --yes --profile plain --interval 1s/../x",
    "apply --yes --profile plain extra",
    "apply --dry-run --yes --profile plain",
    "apply --yes --profile plain\n--root=/tmp",
    "rollback",
    "rollback --force",
    "history",
    "recover",
    "recover --any-namespace",
    "apply --yes --profile plain --any-namespace",
]
ROLLBACK_ALLOWED = ["rollback", "rollback 3", "rollback --dry-run --format json 3"]
ROLLBACK_REFUSED = ["rollback --force", "rollback --any-namespace", "recover --any-namespace",
                    "rollback ../3", "rollback 3 --root /tmp", "rollback 3 4"]


def skip_unless_regular_expressions():
    version = subprocess.run(["sudo", "-V"], capture_output=True, text=True).stdout.split()[2]
    numbers = [int(part.split("p")[0]) for part in version.split(".")]
    if numbers < [1, 9, 10]:
        raise unittest.SkipTest(f"sudo {version} has no regular expressions; 1.9.10 has")


def example():
    """The shipped file, for where the tests put the program."""
    with open(EXAMPLE) as file:
        text = file.read()
    assert INSTALLED in text
    return text.replace(INSTALLED, PROGRAM)


def with_rollback(text):
    """As somebody would uncomment it."""
    head, mark, tail = text.partition("#Cmnd_Alias SYSCTL_ADVISOR_ROLLBACK")
    assert mark
    return head + (mark + tail).replace("\n#", "\n").removeprefix("#")


def may_run(*arguments):
    """What sudo answers for the user, without running anything."""
    asked = subprocess.run(["sudo", "-l", "-U", USER, PROGRAM, *arguments], capture_output=True)
    return asked.returncode == 0


def sudo_as_user(*arguments):
    return subprocess.run(["sudo", "-n", PROGRAM, *arguments], capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, cwd="/", **ansible_host.as_user())


class Privilege(ansible_host.AnsibleTest):
    def setUp(self):
        super().setUp()
        ansible_host.add_user()

    def test_an_ordinary_user_is_told_that_root_is_needed(self):
        before = everything()

        failed, _ = self.apply(user=True)

        self.assert_failed(failed, "changing kernel parameters needs root")
        self.assertEqual((failed["rc"], failed["changed"]), (2, False))
        self.assertEqual(everything(), before)

    def test_check_mode_works_for_an_ordinary_user(self):
        predicted, _ = self.apply("--check", user=True)
        done, _ = self.apply()

        self.assertTrue(predicted["changed"])
        self.assertEqual(predicted["changes"], done["changes"])
        self.assertEqual(predicted["drop_in"], done["drop_in"])

    def test_become_applies_for_a_user_who_may_run_anything(self):
        ansible_host.write_sudoers(f"{USER} ALL=(root) NOPASSWD: ALL\n")

        predicted, _ = self.apply("--check", user=True, become=True)

        self.assertEqual(values(), BEFORE)

        done, _ = self.apply(user=True, become=True)
        again, _ = self.apply(user=True, become=True)

        self.assertEqual(done["changes"], predicted["changes"])
        self.assertEqual(values(), AFTER)
        self.assertEqual((predicted["changed"], done["changed"], again["changed"]), (True, True, False))

    def test_the_example_playbook_applies(self):
        ansible_host.write_sudoers(f"{USER} ALL=(root) NOPASSWD: ALL\n")
        playbook = ["sysctl_advisor.linux.apply_profile", "-e", json.dumps({"sysctl_advisor_profiles": ["plain"]})]

        checked, _ = self.playbook(*playbook, "--check", "--diff", user=True)

        self.assertEqual(values(), BEFORE)
        self.assertEqual(len(checked), 1)
        self.assertFalse(checked[0].get("failed"), checked[0])

        done, _ = self.playbook(*playbook, user=True)

        self.assertEqual(values(), AFTER)
        self.assertEqual(done[0]["changes"], checked[0]["changes"])
        self.assertEqual(done[1]["msg"], "sysctl-advisor rollback " + done[0]["transaction"])

    def test_use_sudo_applies_where_sudoers_allows_this_program_only(self):
        skip_unless_regular_expressions()
        ansible_host.write_sudoers(example())

        barred, _ = self.apply(user=True, become=True)
        predicted, _ = self.apply("--check", user=True, use_sudo=True)

        self.assertTrue(barred["failed"])
        self.assertIn("sudo: a password is required", json.dumps(barred))
        self.assertEqual(values(), BEFORE)

        done, _ = self.apply(user=True, use_sudo=True)
        again, _ = self.apply(user=True, use_sudo=True)

        self.assertEqual(done["cmd"][:3], ["/usr/bin/sudo", "-n", PROGRAM])
        self.assertEqual(done["changes"], predicted["changes"])
        self.assertEqual((predicted["changed"], done["changed"], again["changed"]), (True, True, False))
        self.assertEqual(values(), AFTER)
        self.assertTrue(os.path.exists(DROP_IN))

    def test_use_sudo_fails_with_the_words_of_sudo_where_it_may_not(self):
        ansible_host.write_sudoers(f"{USER} ALL=(root) NOPASSWD: /usr/bin/true\n")
        before = everything()

        failed, _ = self.apply(user=True, use_sudo=True)

        self.assert_failed(failed, "sudo: a password is required")
        self.assertEqual(everything(), before)

    def test_the_sudoers_example_allows_what_it_says_and_nothing_else(self):
        skip_unless_regular_expressions()
        subprocess.run(["visudo", "-scf", EXAMPLE], check=True, capture_output=True)
        ansible_host.write_sudoers(example())

        allowed = {call: may_run(*call.split(" ")) for call in ALLOWED}
        refused = {call: not may_run(*call.split(" ")) for call in REFUSED}

        self.assertEqual([call for call in allowed if not allowed[call]], [])
        self.assertEqual([call for call in refused if not refused[call]], [])

    def test_the_rollback_lines_of_the_sudoers_example_allow_just_that(self):
        skip_unless_regular_expressions()
        ansible_host.write_sudoers(with_rollback(example()))

        allowed = {call: may_run(*call.split(" ")) for call in ROLLBACK_ALLOWED + ALLOWED}
        refused = {call: not may_run(*call.split(" ")) for call in ROLLBACK_REFUSED}

        self.assertEqual([call for call in allowed if not allowed[call]], [])
        self.assertEqual([call for call in refused if not refused[call]], [])

    def test_an_operator_applies_through_sudo_but_not_a_profile_of_their_own(self):
        skip_unless_regular_expressions()
        ansible_host.write_sudoers(example())
        evil = os.path.join(self.folder, "evil.toml")
        ansible_host.write(evil, ansible_host.PROFILE)

        for profile in (evil, "../.." + evil):
            refused = sudo_as_user("apply", "--yes", "--profile", profile)

            self.assertIn("a password is required", refused.stderr)
        self.assertEqual(values(), BEFORE)

        tried = sudo_as_user("apply", "--dry-run", "--profile", "plain")

        self.assertEqual((tried.returncode, values()), (0, BEFORE), tried.stderr)

        done = sudo_as_user("apply", "--yes", "--profile", "plain")

        self.assertEqual((done.returncode, values()), (0, AFTER), done.stderr)
        self.assertIn("a password is required", sudo_as_user("rollback").stderr)

    def test_an_operator_is_whoever_is_in_the_group(self):
        skip_unless_regular_expressions()
        ansible_host.write_sudoers(example().replace("%" + OPERATORS, "%nogroup"))

        self.assertFalse(may_run(*ALLOWED[0].split(" ")))


if __name__ == "__main__":
    ansible_host.main()
