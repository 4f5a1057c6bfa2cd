"""audit --output FILE on disks that are full, and in directories of others."""

import os
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
import advisor
from advisor import run

PLACE = pathlib.Path("/run/metrics")
FILE = PLACE / "sysctl_advisor.prom"
NOBODY = 65534
AUDIT = ("audit", "--interval", "0", "--fail-on", "never", "--format", "prometheus", "--output")


def mount_small(*options):
    subprocess.run(["mount", "-t", "tmpfs", "-o", ",".join(options), "tmpfs", PLACE], check=True)


class Output(unittest.TestCase):
    def setUp(self):
        PLACE.mkdir()

    def refused(self, file=FILE, command=AUDIT, **options):
        """What is said, once that is an error that left nothing behind."""
        before = sorted(os.listdir(PLACE))
        said = run(*command, str(file), status=2, **options).stderr
        self.assertEqual(sorted(os.listdir(PLACE)), before)
        return said

    def test_a_full_disk_leaves_the_old_file_and_nothing_beside_it(self):
        mount_small("size=64k")
        run(*AUDIT, str(FILE), status=0)
        old = FILE.read_bytes()
        with open(PLACE / "others", "wb", buffering=0) as others, self.assertRaises(OSError):
            while True:
                others.write(bytes(4096))

        self.assertIn("no space left", self.refused())

        self.assertEqual(FILE.read_bytes(), old)
        (PLACE / "others").unlink()
        run(*AUDIT, str(FILE), status=0)
        self.assertNotEqual(FILE.read_bytes(), b"")

    def test_a_disk_that_takes_a_part_of_it_keeps_none(self):
        mount_small("size=8k")
        larger = [word.replace("prometheus", "json") for word in AUDIT]

        self.assertIn("no space left", self.refused(command=larger))

        self.assertEqual(os.listdir(PLACE), [])

    def test_a_disk_without_room_for_a_name_or_that_is_read_only_leaves_the_old_file(self):
        mount_small("nr_inodes=2")
        FILE.write_text("old")
        self.assertIn("no space left", self.refused())
        subprocess.run(["mount", "-o", "remount,ro", PLACE], check=True)
        self.assertIn("read-only", self.refused())
        self.assertEqual(FILE.read_text(), "old")

    def test_root_writes_in_a_directory_of_others_but_is_led_nowhere_else(self):
        theirs, elsewhere, link = PLACE / "theirs", PLACE / "elsewhere", PLACE / "theirs" / "link"
        for directory in (theirs, elsewhere):
            directory.mkdir()
        os.chown(theirs, NOBODY, NOBODY)
        link.symlink_to(elsewhere)

        run(*AUDIT, str(theirs / "x.prom"), status=0)
        self.assertIn("is a symbolic link", self.refused(link / "x.prom"))
        self.assertEqual(os.listdir(elsewhere), [])
        theirs.chmod(0o777)
        self.assertIn("can be written by everybody", self.refused(theirs / "x.prom"))
        theirs.chmod(0o1777)
        run(*AUDIT, str(theirs / "x.prom"), status=0)

    def test_what_is_printed_as_it_comes_is_not_taken_for_one_answer(self):
        for words in (("--netns", "all"), ("--watch", "1s", "--count", "1")):
            self.assertIn("--output is of one audit", run("audit", *words, "--output", str(FILE), status=2).stderr)
        self.assertEqual(os.listdir(PLACE), [])

    def test_an_ordinary_user_writes_where_it_may(self):
        own = PLACE / "own"
        own.mkdir()
        os.chown(own, NOBODY, NOBODY)

        run(*AUDIT, str(own / "x.prom"), status=0, user=NOBODY)

        self.assertEqual((own / "x.prom").stat().st_uid, NOBODY)
        self.assertIn("permission denied", self.refused(user=NOBODY))


if __name__ == "__main__":
    advisor.main(at_once=2)
