"""What older versions of the program left on a host, as tests/state records it, is taken back by this one."""

import json
import os
import pathlib
import re
import socket
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
import advisor
from advisor import run
from world import STATE, World, parameter_paths

RECORDINGS = sorted((pathlib.Path(__file__).resolve().parents[1] / "state").glob("*/*.json"))
SO_NETNS_COOKIE = 71
NEVER = "00000000-0000-0000-0000-000000000000"


def sealed(journal):
    """The journal as the program would have written it, with the checksum of its bytes."""
    journal = {key: value for key, value in journal.items() if key != "checksum"}
    text = json.dumps(journal, indent=2, ensure_ascii=False).removesuffix("\n}")
    value = 0xCBF29CE484222325
    for byte in text.encode():
        value = (value ^ byte) * 0x100000001B3 % 2**64
    return f'{text},\n  "checksum": "{value:016x}"\n}}\n'


def namespace():
    with socket.socket() as any_socket:
        cookie = any_socket.getsockopt(socket.SOL_SOCKET, SO_NETNS_COOKIE, 8)
    return f"{os.stat('/proc/self/ns/net').st_ino}:{int.from_bytes(cookie, sys.byteorder)}"


def boot_id():
    return pathlib.Path("/proc/sys/kernel/random/boot_id").read_text().strip()


def path_of(name):
    return "/proc/sys/" + name.replace(".", "/")


class Recorded:
    """A recording, laid down on this host as if the older version had just left it."""

    def __init__(self, path, seconds_left=60, boot=None):
        self.seconds_left, self.boot = seconds_left, boot
        with open(path) as file:
            record = json.load(file)
        self.lay(record["parameters"], "before")
        self.files(record["drop_ins_before"])
        self.start = World(parameter_paths())
        self.lay(record["parameters"], "after")
        self.files(record["drop_ins"])
        self.files({path: self.of_here(path, text) for path, text in record["state"].items()})
        self.changed = bool(self.start.differences(World(self.start.paths)))

    def lay(self, parameters, which):
        """More than once, since some move others along."""
        for _ in range(3):
            for name, values in parameters.items():
                if os.path.exists(path_of(name)) and advisor.read_parameter(name) != values[which]:
                    advisor.write_parameter(name, values[which])

    def files(self, texts):
        for path, text in texts.items():
            before = os.umask(0o077 if path.startswith(STATE) else 0o022)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w") as file:
                file.write(text)
            os.umask(before)

    def of_here(self, path, text):
        """A journal names the boot and the network namespace, which are others here."""
        if not path.endswith("/journal.json"):
            return text
        journal = json.loads(text)
        assert sealed(journal) == text, "a journal is sealed here as it was there"
        journal["boot_id"], journal["network_namespace"] = self.boot or boot_id(), namespace()
        if journal["deadline"]:
            now = time.clock_gettime(time.CLOCK_BOOTTIME)
            journal["deadline"]["boottime_ms"] = int((now + self.seconds_left) * 1000)
        return sealed(journal)

    def left(self):
        """In what the host is not as it was before the older version changed it."""
        return self.start.differences(World(self.start.paths))


def history():
    return json.loads(run("history", "--format", "json", status=0).stdout)["transactions"]


class Upgrade(unittest.TestCase):
    def setUp(self):
        advisor.require_private_host()

    def each(self, kind, **options):
        """The recordings of that kind, each on a host without other transactions."""
        found = [path for path in RECORDINGS if path.stem.startswith(kind)]
        self.assertTrue(found)
        for path in found:
            subprocess.run(f"rm -rf {STATE}/* /etc/sysctl.d/*", shell=True, check=True)
            print(f"{path.parent.name}/{path.stem}", flush=True)
            yield Recorded(path, **options)

    def states(self):
        return [row["state"] for row in history()]

    def test_what_was_committed_is_listed_and_taken_back(self):
        for recorded in self.each("committed"):
            self.assertTrue(recorded.changed)
            row, = history()
            self.assertEqual((row["state"], row["profiles"], row["caller"]), ("committed", ["recorded"], None))
            self.assertRegex(run("history", status=0).stdout, r"(?s)^1  .* committed.*ip_forward +0 -> 1")

            run("rollback", status=0)

            self.assertEqual(recorded.left(), [])
            self.assertEqual([row["taken_back"] for row in history()], [False, True])

    def test_what_was_taken_back_stays_so(self):
        for recorded in self.each("taken-back"):
            self.assertFalse(recorded.changed)
            self.assertEqual([row["undoes"] for row in history()], ["1", None])

            self.assertIn("nothing to roll back", run("rollback", status=2).stderr)
            self.assertIn("nothing to undo", run("recover", status=0).stdout)

            self.assertEqual(recorded.left(), [])

    def test_what_is_provisional_can_be_confirmed(self):
        for recorded in self.each("provisional"):
            self.assertIn("s left to confirm it", run("history", status=0).stdout)

            run("confirm", status=0)

            self.assertEqual(self.states(), ["committed"])
            self.assertEqual(len(recorded.left()) > 0, recorded.changed)
            run("rollback", status=0)
            self.assertEqual(recorded.left(), [])

    def test_what_is_provisional_can_be_taken_back_before_its_time(self):
        for recorded in self.each("provisional"):
            run("rollback", status=0)

            self.assertEqual(recorded.left(), [])
            self.assertEqual(self.states(), ["rolled-back"])

    def test_what_was_not_confirmed_in_time_is_put_back(self):
        for recorded in self.each("provisional", seconds_left=-1):
            self.assertTrue(recorded.changed)

            self.assertIn("was not confirmed", run("recover", status=0).stdout)

            self.assertEqual(recorded.left(), [])
            self.assertEqual(self.states(), ["rolled-back"])

    def test_what_was_cut_off_is_recovered(self):
        for recorded in self.each("cut-off"):
            self.assertTrue(recorded.changed)
            self.assertEqual(self.states(), ["prepared"])

            self.assertIn("had been cut off; it was undone", run("recover", status=0).stdout)

            self.assertEqual(recorded.left(), [])
            self.assertEqual(self.states(), ["rolled-back"])

    def test_what_was_cut_off_is_undone_before_anything_else_is_done(self):
        for recorded in self.each("cut-off"):
            self.assertIn("had been cut off; it was undone", run("rollback").stderr)

            self.assertEqual(recorded.left(), [])

    def test_of_a_cut_off_in_an_earlier_boot_the_files_are_put_back(self):
        for recorded in self.each("cut-off", boot=NEVER):
            drop_ins = recorded.start.drop_ins

            run("recover", "--at-boot", status=0)

            self.assertEqual(World([]).drop_ins, drop_ins)
            self.assertEqual(self.states(), ["rolled-back"])

    def test_what_was_stuck_is_tried_once_more(self):
        for command in ("recover", "rollback"):
            for recorded in self.each("stuck"):
                self.assertTrue(recorded.changed)
                self.assertEqual(self.states(), ["stuck"])

                run(command, status=0)

                self.assertEqual(recorded.left(), [])

    def test_what_was_undone_needs_nothing(self):
        for recorded in self.each("undone"):
            self.assertEqual(self.states(), ["rolled-back"])
            self.assertIn("nothing to undo", run("recover", status=0).stdout)
            self.assertEqual(recorded.left(), [])

    def test_sysctl_takes_back_what_rollback_conf_holds(self):
        for kind in ("committed", "provisional", "cut-off", "stuck"):
            for recorded in self.each(kind):
                subprocess.run(["sysctl", "-q", "-p", f"{STATE}/transactions/1/rollback.conf"], check=True)

                self.assertEqual([line for line in recorded.left() if line.startswith("/proc")], [])


class Newer(unittest.TestCase):
    """A journal that a newer version wrote, which may mean anything."""

    JOURNAL = f"{STATE}/transactions/1/journal.json"

    def setUp(self):
        advisor.require_private_host()
        Recorded(next(path for path in RECORDINGS if path.stem == "committed"))
        with open(self.JOURNAL) as file:
            self.journal = json.load(file) | {"schema": "sysctl-advisor/journal/2", "state": "half-way"}

    def lay(self, text):
        with open(self.JOURNAL, "w") as file:
            file.write(text)

    def refused_by_name(self, sentence):
        before = World(parameter_paths())
        state = before.state
        for command in (["history"], ["rollback"], ["rollback", "1"], ["rollback", "--dry-run"], ["recover"],
                        ["recover", "--at-boot"], ["confirm"],
                        ["apply", "--yes", "--interval", "0", "--profile", "baseline"]):
            done = run(*command, status=2)
            self.assertIn(sentence, done.stderr, command)
            self.assertIn(f"{STATE}/transactions/1/rollback.conf", done.stderr, command)
            self.assertEqual(before.differences(World(before.paths)), [], command)
            self.assertEqual(World([]).state, state, command)

    def test_sealed_as_ours_are(self):
        self.lay(sealed(self.journal))

        self.refused_by_name("written by a newer version of sysctl-advisor")

    def test_sealed_in_another_way(self):
        for checksum in ({}, {"checksum": "sha256:" + "0" * 64}):
            journal = {key: value for key, value in self.journal.items() if key != "checksum"}
            self.lay(json.dumps(journal | checksum, indent=2) + "\n")

            self.refused_by_name("written by a newer version of sysctl-advisor")

    def test_one_that_a_flipped_bit_makes_newer_is_damaged(self):
        text = sealed(self.journal | {"schema": "sysctl-advisor/journal/1"})
        self.lay(re.sub("journal/1", "journal/3", text))

        self.refused_by_name("the journal is damaged: its checksum does not fit what it says")


if __name__ == "__main__":
    advisor.main(at_once=os.cpu_count())
