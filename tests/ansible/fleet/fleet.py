"""The playbooks over real SSH: some hosts are equipped, audited, remedied in batches, one of them cuts itself off,
all are taken back, and one report tells of all of them, also of one that is gone.

Five hosts, or as many as ADVISOR_FLEET_HOSTS says. As root:
    ADVISOR=build/release/sysctl-advisor python3 tests/ansible/fleet/fleet.py
"""

import concurrent.futures
import json
import os
import sys
import tempfile
import time

import ssh_hosts

sys.path.insert(0, os.path.dirname(ssh_hosts.HERE))
import ansible_host
from ansible_host import AFTER, BEFORE, DROP_IN, advisor

COUNT = int(os.environ.get("ADVISOR_FLEET_HOSTS", "5"))
CACHE = os.environ.get("ADVISOR_FLEET_CACHE") or os.path.join(tempfile.gettempdir(), "advisor-fleet")
STRICT = "net.ipv4.conf.all.rp_filter"  # what cuts off a host that answers by another line than it is asked by
GONE = "10.88.255.254"
STATUSES = {"ok", "partial"}


def tell(sentence):
    print(sentence, flush=True)


class Fleet(ansible_host.AnsibleTest):
    patience = 1800

    def setUp(self):
        super().setUp()
        self.fleet = ssh_hosts.SshHosts(COUNT, self.folder, CACHE)
        self.addCleanup(self.fleet.stop)
        self.hosts = self.fleet.hosts
        self.far = self.hosts[0]
        self.far.reach_by_another_line()
        for host in self.hosts:
            for name, value in BEFORE.items():
                host.write(name, f"'{value}'")
        self.fleet.start()
        self.environment.update(self.fleet.environment())
        self.environment["ANSIBLE_CALLBACKS_ENABLED"] += ",sysctl_advisor.linux.host_lines"
        self.lines = self.environment["SYSCTL_ADVISOR_HOST_LINES"] = os.path.join(self.folder, "lines.jsonl")
        self.inventory = os.path.join(self.folder, "inventory")
        ansible_host.write(self.inventory, self.fleet.inventory())

    def fleet_playbook(self, name, *arguments, **variables):
        """Runs a playbook of the collection; returns each task's result, and what was printed."""
        begun = time.monotonic()
        chosen = {f"sysctl_advisor_{key}": value for key, value in {"interval": "0", **variables}.items()}
        path = name if name.endswith(".json") else "sysctl_advisor.linux." + name
        results, printed = self.playbook(path, "-e", json.dumps(chosen), *arguments,
                                         inventory=self.inventory, connection="ssh")
        tell(f"{' '.join([name, *arguments])}: {len({result['_host'] for result in results})} hosts, "
             f"{sum(bool(result.get('changed')) for result in results)} changes, "
             f"{sum(bool(result.get('failed')) for result in results)} failed, {time.monotonic() - begun:.1f} s")
        return results, printed

    def by_host(self, results, member):
        """The result of each host that has this member."""
        return {result["_host"]: result for result in results if member in result}

    def values(self, host):
        return {name: host.read(name) for name in BEFORE}

    def drop_ins(self):
        return [host.inside("ls", "/etc/sysctl.d").split() for host in self.hosts]

    def wait_for(self, condition):
        for _ in range(1200):
            if condition():
                return
            time.sleep(0.1)
        self.fail("it does not come about")

    def written_lines(self):
        """What the callback wrote since the last time."""
        with open(self.lines) as file:
            lines = [json.loads(line) for line in file]
        os.remove(self.lines)
        return {line["host"]["inventory_name"]: line for line in lines}

    def equip(self):
        """The role copies the program and a profile; a second run has nothing to do."""
        with open("/etc/sysctl-advisor/profiles/plain.toml") as file:
            ansible_host.write(os.path.join(self.folder, "plain.toml"), file.read())
        ansible_host.write(os.path.join(self.folder, "strict.toml"), 'name = "strict"\nsummary = "No forged sources"\n'
                           f'[targets]\n"{STRICT}" = 1\n')
        play = [{"hosts": "all", "gather_facts": False, "roles": [{"role": "sysctl_advisor.linux.host", "vars": {
            "sysctl_advisor_binary": advisor.BINARY, "sysctl_advisor_state": "installed",
            "sysctl_advisor_own_profiles": [os.path.join(self.folder, name) for name in ("plain.toml", "strict.toml")],
            "sysctl_advisor_suppressions": [{"rule": "time-wait-fin-timeout", "reason": "ticket \"4711\""}]}}]}]
        path = os.path.join(self.folder, "equip.json")
        ansible_host.write(path, json.dumps(play))

        first, printed = self.fleet_playbook(path)
        again, _ = self.fleet_playbook(path)

        self.assertFalse(any(result["failed"] for result in first + again), printed)
        self.assertEqual(len([result for result in first if result.get("changed")]), 4 * COUNT)
        self.assertEqual([result for result in again if result.get("changed")], [])

    def audit(self):
        results, _ = self.fleet_playbook("audit", profiles=["plain"])

        facts = self.by_host(results, "ansible_facts")
        self.assertEqual(set(facts), {host.name for host in self.hosts})
        for name, result in facts.items():
            self.assertEqual(result["ansible_facts"]["sysctl_advisor"]["asks"], len(BEFORE), name)
        lines = self.written_lines()
        self.assertEqual(set(lines), set(facts))
        self.assertEqual({line["host"]["name"] for line in lines.values()}, set(facts))
        self.assertEqual(len({line["host"]["id"] for line in lines.values()}), COUNT)
        self.assertEqual([self.values(host) for host in self.hosts], [BEFORE] * COUNT)

    def remediate(self):
        """In batches of 1, 2 and the rest, as check mode foretold for each host."""
        foretold, _ = self.fleet_playbook("remediate", "--check", profiles=["plain"])
        self.assertEqual([self.values(host) for host in self.hosts], [BEFORE] * COUNT)

        done, printed = self.fleet_playbook("remediate", profiles=["plain"], serial=[1, 2, "100%"])
        again, _ = self.fleet_playbook("remediate", profiles=["plain"], serial="100%")

        self.assertEqual(printed.count("PLAY [Apply sysctl-advisor profiles]"), 3)
        foretold, done, again = (self.by_host(results, "changes") for results in (foretold, done, again))
        self.assertEqual(set(done), {host.name for host in self.hosts})
        for name, result in done.items():
            for key in ("changed", "changes", "drop_in", "diff"):
                self.assertEqual(result[key], foretold[name][key], (name, key))
            self.assertEqual((result["status"], result["confirmed"]), ("committed", True))
        self.assertEqual([(result["changed"], result["status"]) for result in again.values()],
                         [(False, "nothing")] * COUNT)
        self.assertEqual([self.values(host) for host in self.hosts], [AFTER] * COUNT)
        self.assertEqual(self.drop_ins(), [[os.path.basename(DROP_IN)]] * COUNT)

    def cut_off(self):
        """The first batch is the host that the change cuts off: it comes back by itself, and no other is changed."""
        with concurrent.futures.ThreadPoolExecutor() as beside:
            running = beside.submit(self.fleet_playbook, "remediate", profiles=["strict"], confirm_within="20s")
            self.wait_for(lambda: self.far.read(STRICT) == "1")
            reached = self.fleet.reaches(self.far)
            stands = self.far.read(STRICT)
            results, printed = running.result()

        self.assertEqual((reached, stands), (False, "1"))  # the change really cuts it off
        failed = self.by_host(results, "deadline")
        self.assertEqual(set(failed), {self.far.name}, printed)
        self.assertIn("the change was made, but not confirmed: ", failed[self.far.name]["msg"])
        self.assertIn(failed[self.far.name]["deadline"], failed[self.far.name]["msg"])
        self.assertEqual([host.read(STRICT) for host in self.hosts[1:]], ["0"] * (COUNT - 1))
        self.wait_for(lambda: self.far.read(STRICT) == "0")
        tell(f"{self.far.name}: {failed[self.far.name]['msg']}")
        audited, _ = self.fleet_playbook("audit", "--limit", self.far.name, profiles=["plain"])
        facts = self.by_host(audited, "ansible_facts")[self.far.name]["ansible_facts"]["sysctl_advisor"]
        self.assertEqual((facts["asks"], facts["pending_transaction"]), (0, None))
        self.assertEqual(self.values(self.far), AFTER)

    def take_back(self):
        foretold, _ = self.fleet_playbook("rollback", "--check")
        done, _ = self.fleet_playbook("rollback")
        again, _ = self.fleet_playbook("rollback")

        for name, result in self.by_host(done, "changes").items():
            self.assertEqual(result["changes"], self.by_host(foretold, "changes")[name]["changes"], name)
        self.assertEqual([result["changed"] for result in done + again], [True] * COUNT + [False] * COUNT)
        self.assertEqual([self.values(host) for host in self.hosts], [BEFORE] * COUNT)
        self.assertEqual(self.drop_ins(), [[]] * COUNT)

    def report(self):
        """One file holds a line of each host, also of one that nobody can reach."""
        ansible_host.write(self.inventory, self.fleet.inventory(f"gone ansible_host={GONE}"))
        path = os.path.join(self.folder, "report.jsonl")

        results, printed = self.fleet_playbook("report", profiles=["plain"], lines=path)

        with open(path) as file:
            lines = {line["host"]["inventory_name"]: line for line in map(json.loads, file)}
        self.assertEqual(set(lines), {host.name for host in self.hosts} | {"gone"}, printed)
        self.assertTrue(all(lines[host.name]["status"] in STATUSES for host in self.hosts))
        self.assertEqual([lines[host.name]["asks"] for host in self.hosts], [len(BEFORE)] * COUNT)
        self.assertEqual(lines["gone"]["status"], "failed")
        self.assertIn("unreachable: ", lines["gone"]["error"])
        self.assertEqual(self.written_lines().keys(), lines.keys())
        self.assertEqual([result for result in results if result["failed"] and result["_host"] != "gone"], [])

    def test_a_fleet_is_remedied_and_taken_back_over_ssh(self):
        begun = time.monotonic()
        for step in (self.equip, self.audit, self.remediate, self.cut_off, self.take_back, self.report):
            tell(f"-- {step.__name__}")
            step()
        tell(f"{COUNT} hosts: {time.monotonic() - begun:.0f} s")


if __name__ == "__main__":
    why_not = ssh_hosts.why_not(CACHE)  # it downloads, which no private host can
    if why_not:
        ansible_host.skip(why_not)
    ansible_host.main()
