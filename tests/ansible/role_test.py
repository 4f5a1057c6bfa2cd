"""The role, and the targets of ansible-test: this host is what they change."""

import json
import os

import ansible_host
from ansible_host import AFTER, BEFORE, PROFILE, advisor, values
from sudoers import PROGRAM

TARGETS = ("audit", "profile", "transactions_info", "host")


class Role(ansible_host.AnsibleTest):
    def roles(self, *roles, arguments=()):
        path = os.path.join(self.folder, "play.json")
        ansible_host.write(path, json.dumps([{"hosts": "localhost", "gather_facts": False, "roles": list(roles)}]))
        return self.playbook(path, *arguments)

    def role(self, **variables):
        named = {f"sysctl_advisor_{name}": value for name, value in variables.items()}
        return {"role": "sysctl_advisor.linux.host", "vars": {"sysctl_advisor_interval": "0", **named}}

    def test_the_role_installs_the_program_and_what_is_ours_and_applies(self):  # thorough
        os.remove("/etc/sysctl-advisor/profiles/plain.toml")
        os.remove(PROGRAM)
        own = os.path.join(self.folder, "ours.toml")
        ansible_host.write(own, PROFILE.replace('"plain"', '"ours"') + '"net.ipv4.tcp_syncookies" = 2\n')
        role = self.role(binary=advisor.BINARY, own_profiles=[own], profiles=["ours"], state="applied", suppressions=[
            {"parameter": "net.ipv4.tcp_syncookies", "reason": 'ticket "47\\11" \U0001f44d', "until": "2999-12-31"}])

        checked, printed = self.roles(role, arguments=["--check"])

        self.assertFalse(any(result["failed"] for result in checked), printed)
        self.assertEqual((values(), os.path.exists(PROGRAM)), (BEFORE, False))

        done, printed = self.roles(role)
        again, _ = self.roles(role)

        self.assertFalse(any(result["failed"] for result in done), printed)
        self.assertEqual(values(), AFTER)  # and no more: the rest is suppressed
        self.assertEqual([result for result in again if result.get("changed")], [])
        for path, mode in (("config.toml", 0o644), ("profiles/ours.toml", 0o644), ("profiles", 0o755)):
            status = os.stat("/etc/sysctl-advisor/" + path)
            self.assertEqual((status.st_mode & 0o7777, status.st_uid, status.st_gid), (mode, 0, 0), path)
        advisor.run("profiles", "check", "/etc/sysctl-advisor/config.toml", status=0)

    def test_a_role_that_is_told_nonsense_says_so_before_it_does_anything(self):  # thorough
        results, printed = self.roles(self.role(state="apllied"))

        self.assert_failed(results[-1], "Validation of arguments failed")
        self.assertIn("apllied", printed)
        self.assertEqual(values(), BEFORE)

    def test_the_targets_of_ansible_test_pass(self):  # thorough
        self.environment["ANSIBLE_ROLES_PATH"] = os.path.join(self.collection, "tests/integration/targets")

        results, printed = self.roles(*TARGETS)

        self.assertEqual(printed.count("All assertions passed"), len(TARGETS), printed)
        self.assertEqual(sorted(os.listdir(self.environment["ANSIBLE_ROLES_PATH"])), sorted(TARGETS))
        self.assertEqual(values(), BEFORE)


if __name__ == "__main__":
    ansible_host.main()
