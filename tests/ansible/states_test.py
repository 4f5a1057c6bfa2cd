"""What the module profile does besides applying profiles: taking back, confirming, values, network namespaces."""

import os
import subprocess
import time

import ansible_host
from ansible_host import AFTER, BEFORE, advisor, everything, values

PLAIN = {"profiles": ["plain"], "interval": "0"}
CHECKED = {"check_mode": True}


class States(ansible_host.AnsibleTest):
    def test_what_was_applied_last_is_taken_back_once(self):  # thorough
        back = {"state": "rolled_back"}
        first = {**PLAIN, "skip": ["net.core.*"]}

        (_, second, checked, done, again, listed), _ = self.play(
            ("profile", first), ("profile", PLAIN), ("profile", back, CHECKED), ("profile", back), ("profile", back),
            ("transactions_info", {}))

        self.assertEqual([result["changed"] for result in (second, checked, done, again)], [True, True, True, False])
        self.assertEqual(done["changes"], checked["changes"])
        self.assertEqual((done["undoes"], again["undoes"], again["status"]), ("2", "2", "nothing"))
        self.assertEqual(done["diff"][0]["before"], "net.core.somaxconn = 8192\n")
        self.assertEqual((listed["standing"], listed["pending"], listed["changed"]), (["1"], None, False))
        self.assertEqual([entry["state"] for entry in listed["transactions"]], ["committed"] * 3)
        self.assertEqual(values(), {**AFTER, "net.core.somaxconn": BEFORE["net.core.somaxconn"]})

    def test_a_transaction_is_taken_back_by_its_number(self):  # thorough
        back = {"state": "rolled_back", "transaction": "1"}

        (_, done, again, unknown), _ = self.play(("profile", PLAIN), ("profile", back), ("profile", back),
                                                 ("profile", {**back, "transaction": "99"}))

        self.assertEqual((done["changed"], done["undoes"], again["changed"]), (True, "1", False))
        self.assert_failed(unknown, "there is no transaction 99; `sysctl-advisor history` lists")
        self.assertEqual(values(), BEFORE)

    def test_a_provisional_change_waits_to_be_confirmed(self):
        confirm = {"state": "confirmed"}
        tasks = [("profile", confirm), ("profile", {**PLAIN, "confirm_within": "50m", "confirm": False}),
                 ("transactions_info", {}, CHECKED), ("profile", confirm, CHECKED), ("profile", confirm),
                 ("profile", confirm), ("profile", {**PLAIN, "confirm_within": "soon"}),
                 ("profile", {**confirm, "confirm_within": "50m"}), ("profile", {**PLAIN, "transaction": "1"})]

        (early, made, listed, checked, done, again, soon, *refused), _ = self.play(*tasks)

        self.assert_failed(early, "no change waits to be confirmed")
        self.assertEqual((made["status"], made["changed"], listed["pending"]), ("provisional", True, "1"))
        self.assertRegex(made["deadline"], "^20")
        self.assertEqual([result["changed"] for result in (checked, done, again)], [True, True, False])
        self.assertEqual((done["status"], done["transaction"]), ("committed", "1"))
        self.assert_failed(soon, "--confirm-within must be a time")
        self.assert_failed(refused[0], "confirm_within goes with the state applied")
        self.assert_failed(refused[1], "transaction goes with the states confirmed and rolled_back")
        self.assertEqual(values(), AFTER)

    def broken(self, times):
        """Lets so many connections fail once the connection was reset; -1: all, also before."""
        path = os.path.join(self.home, "broken")
        ansible_host.write(path, f"{times}\n")
        self.environment["BREAKING_FILE"] = path
        return {"arguments": ["-vvv"], "connection": "breaking"}

    def test_a_change_is_confirmed_over_a_new_connection(self):
        tasks = [("profile", {**PLAIN, "confirm_within": "60s"}), ("profile", {**PLAIN, "confirm_within": "60s"})]

        (checked,), _ = self.play((*tasks[0], CHECKED), **self.broken(1))

        self.assertEqual(values(), BEFORE)

        (done, again), _ = self.play(*tasks, **self.broken(1))

        self.assertEqual((done["status"], done["confirmed"], done["changed"]), ("committed", True, True))
        self.assertEqual((checked["changes"], checked["drop_in"]), (done["changes"], done["drop_in"]))
        self.assertFalse(again["changed"])
        self.assertEqual(values(), AFTER)
        with open(self.environment["BREAKING_FILE"]) as file:
            self.assertEqual(file.read().split()[1:], ["reset", "reset"])  # the first try failed

    def test_a_host_that_cannot_be_reached_any_more_takes_the_change_back(self):  # thorough
        before = everything()

        (failed,), _ = self.play(("profile", {**PLAIN, "confirm_within": "3s"}), **self.broken(99))

        self.assert_failed(failed, "no new connection to the host comes about")
        self.assert_failed(failed, "it takes the change back by itself at " + failed["deadline"])
        self.assertEqual((failed["confirmed"], failed["status"]), (False, "provisional"))
        for _ in range(100):
            if values() == BEFORE:
                break
            time.sleep(0.1)
        self.assertEqual((values(), everything()[0]), (BEFORE, before[0]))

        (unreachable,), _ = self.play(("profile", {**PLAIN, "confirm_within": "3s"}), **self.broken(-1))

        self.assertTrue(unreachable["unreachable"])
        self.assertIn("the host takes it back by itself within 3s", unreachable["msg"])

    def test_values_are_set_without_a_profile(self):  # thorough
        wanted = {"net.ipv4.tcp_fin_timeout": 45, "net.ipv4.tcp_rmem": [4096, "131072", 6000000],
                  "net.core.somaxconn": "8192"}
        refused = [{"net.core.somaxconn": True}, {"net.core.somaxconn": None}, {"net.core.somaxconn": []}, {"": 1},
                   {"net.core.somaxconn=1": 2}]

        (checked, done, again, *failed), _ = self.play(
            ("profile", {"values": wanted}, CHECKED), ("profile", {"values": wanted}), ("profile", {"values": wanted}),
            *[("profile", {"values": values}) for values in refused])

        self.assertEqual(done["changes"], checked["changes"])
        self.assertEqual({change["parameter"]: change["after"] for change in done["changes"]},
                         {"net.ipv4.tcp_fin_timeout": "45", "net.ipv4.tcp_rmem": "4096 131072 6000000",
                          "net.core.somaxconn": "8192"})
        self.assertFalse(again["changed"])
        for result in failed[:3]:
            self.assert_failed(result, "net.core.somaxconn must be a number, a text or a list of these")
        for result in failed[3:]:
            self.assert_failed(result, "is not the name of a parameter")

    def test_another_network_namespace_is_changed_and_put_back(self):
        there = {"netns": "blue"}
        subprocess.run(["ip", "netns", "add", "blue"], check=True)
        before = everything()[0]

        (done, back, listed, here, all_of_them), _ = self.play(
            ("profile", {**PLAIN, **there}), ("profile", {**there, "state": "rolled_back"}),
            ("transactions_info", there), ("profile", {"state": "rolled_back"}), ("audit", {"netns": "all"}))

        self.assertEqual((done["netns"], done["changed"], done["drop_in"]), ("blue", True, None))
        self.assertEqual((back["undoes"], back["changed"]), ("1", True))
        self.assertEqual([entry["netns"] for entry in listed["transactions"]], ["blue", "blue"])
        self.assertFalse(here["changed"])
        self.assert_failed(all_of_them, "netns names one network namespace")
        self.assertEqual(everything()[0], before)


if __name__ == "__main__":
    ansible_host.main()
