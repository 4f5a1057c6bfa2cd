"""The module for an ordinary user: without rights, with become, and with sudo for this program only."""

import json
import os
import unittest

import ansible_host
import sudoers
from ansible_host import AFTER, BEFORE, DROP_IN, everything, values
from sudoers import PROGRAM, USER


def skip_unless_regular_expressions():
    if sudoers.why_not():
        raise unittest.SkipTest(sudoers.why_not())


class Privilege(ansible_host.AnsibleTest):
    def setUp(self):
        super().setUp()
        sudoers.add_user()

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

    def test_become_applies_for_a_user_who_may_run_anything(self):  # thorough
        sudoers.write_sudoers(f"{USER} ALL=(root) NOPASSWD: ALL\n")

        predicted, _ = self.apply("--check", user=True, become=True)

        self.assertEqual(values(), BEFORE)

        done, _ = self.apply(user=True, become=True)
        again, _ = self.apply(user=True, become=True)

        self.assertEqual(done["changes"], predicted["changes"])
        self.assertEqual(values(), AFTER)
        self.assertEqual((predicted["changed"], done["changed"], again["changed"]), (True, True, False))

    def test_the_playbooks_remedy_and_take_back(self):  # thorough
        sudoers.write_sudoers(f"{USER} ALL=(root) NOPASSWD: ALL\n")
        remediate = ["sysctl_advisor.linux.remediate", "-e", json.dumps({"sysctl_advisor_profiles": ["plain"]})]

        checked, _ = self.playbook(*remediate, "--check", "--diff", user=True)

        self.assertEqual(values(), BEFORE)
        self.assertEqual(len(checked), 1)
        self.assertFalse(checked[0].get("failed"), checked[0])

        done, _ = self.playbook(*remediate, user=True)

        self.assertEqual(values(), AFTER)
        self.assertEqual(done[0]["changes"], checked[0]["changes"])
        self.assertEqual((done[0]["status"], done[0]["confirmed"]), ("committed", True))
        self.assertEqual(done[1]["msg"], "sysctl-advisor rollback " + done[0]["transaction"])

        self.playbook("sysctl_advisor.linux.rollback", user=True)

        self.assertEqual(values(), BEFORE)

    def test_use_sudo_applies_where_sudoers_allows_this_program_only(self):
        skip_unless_regular_expressions()
        sudoers.write_sudoers(sudoers.example())

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

    def test_use_sudo_that_is_refused_shows_the_line_that_sudo_would_have_to_match(self):
        skip_unless_regular_expressions()
        before = everything()
        line = f"{PROGRAM} apply --yes --format=json --profile=plain --interval=0 --strict"
        for granted in ("/usr/bin/true", PROGRAM + " ^apply --yes$"):
            sudoers.write_sudoers(f"{USER} ALL=(root) NOPASSWD: {granted}\n")

            failed, _ = self.apply(user=True, use_sudo=True, strict=True)

            self.assert_failed(failed, "sudo: a password is required")
            self.assertIn(f"sudoers does not grant this line without a password: {line} ", failed["msg"])
            self.assertIn("`sudo -l` on the host lists what it grants", failed["msg"])
        self.assertEqual(everything(), before)

    def test_every_module_goes_through_sudo_and_shows_the_line_that_is_refused(self):  # thorough
        skip_unless_regular_expressions()
        sudoers.write_sudoers(sudoers.example())
        sudo = {"use_sudo": True}
        provisional = {**sudo, "profiles": ["plain"], "interval": "0", "confirm_within": "60s"}

        (confirmed, listed, *refused), _ = self.play(
            ("profile", provisional), ("transactions_info", sudo), ("profile", {**sudo, "state": "rolled_back"}),
            ("transactions_info", {**sudo, "netns": "blue"}), ("audit", {**sudo, "netns": "blue"}),
            ("profile", {**sudo, "values": {"net.core.somaxconn": 1}}), user=True)

        self.assertEqual((confirmed["status"], confirmed["confirmed"]), ("committed", True))
        self.assertEqual(listed["standing"], [confirmed["transaction"]])
        lines = ["rollback --format=json 1", "history --format=json --netns=blue",
                 "audit --format=jsonl --fail-on=never --interval=1s --netns=blue",
                 "apply --yes --format=json --set=net.core.somaxconn=1 --interval=1s"]
        for result, line in zip(refused, lines, strict=True):
            self.assert_failed(result, f"sudoers does not grant this line without a password: {PROGRAM} {line} ")
            self.assertFalse(result["changed"])
        self.assertEqual(values(), AFTER)

    def test_a_failure_of_the_program_through_sudo_says_nothing_of_sudoers(self):
        skip_unless_regular_expressions()
        sudoers.write_sudoers(sudoers.example())

        failed, _ = self.apply(user=True, use_sudo=True, profiles=["nonesuch"])

        self.assert_failed(failed, "unknown profile")
        self.assertNotIn("sudo", failed["msg"])

    def test_an_operator_applies_through_sudo_but_not_a_profile_of_their_own(self):
        skip_unless_regular_expressions()
        sudoers.write_sudoers(sudoers.example())
        evil = os.path.join(self.folder, "evil.toml")
        ansible_host.write(evil, ansible_host.PROFILE)

        for profile in (evil, "../.." + evil):
            refused = sudoers.run_as_user("apply", "--yes", "--profile", profile)

            self.assertIn("a password is required", refused.stderr)
        self.assertEqual(values(), BEFORE)

        tried = sudoers.run_as_user("apply", "--dry-run", "--profile", "plain")

        self.assertEqual((tried.returncode, values()), (0, BEFORE), tried.stderr)

        done = sudoers.run_as_user("apply", "--yes", "--profile", "plain")

        self.assertEqual((done.returncode, values()), (0, AFTER), done.stderr)
        self.assertIn("a password is required", sudoers.run_as_user("rollback").stderr)


if __name__ == "__main__":
    ansible_host.main()
