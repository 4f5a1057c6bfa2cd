"""Every parameter of a namespace that may be changed without harm, applied and taken back."""

import glob
import os
import sys
import tomllib
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
import advisor
from world import PARAMETERS, World, parameter_paths

HERE = os.path.dirname(os.path.abspath(__file__))
ROWS = os.path.join(HERE, "..", "..", "profiles", "parameters")
PROFILE = "/etc/sysctl-advisor/profiles/every.toml"


def rows():
    """{key: table} of the catalogue."""
    found = {}
    for path in glob.glob(f"{ROWS}/net-*.toml"):
        with open(path, "rb") as file:
            found.update(tomllib.load(file))
    return found


def instances(key):
    """The parameters that a row speaks of: of an interface, those of lo, all and default."""
    if "*" not in key:
        return [key]
    return [key.replace("*", name) for name in ("all", "default", "lo")]


def other_value(row, now):
    """Some value that the row allows and that does not stand now; None if there is none to try."""
    if row.get("access", "read-write") != "read-write" or "one_way" in row or "runs_code" in row:
        return None
    if row["type"] == "bool":
        return {"0": "1", "1": "0"}.get(now)
    if row["type"] == "int" and now.isdigit():
        low, high = row.get("min", 0), row.get("max", 2**31 - 1)
        for value in (int(now) + 1, int(now) - 1):
            if low <= value <= high:
                return str(value)
    return None


def wishes():
    """{parameter: value}: for each parameter of this namespace another value than it has."""
    found = {}
    for key, row in rows().items():
        for name in instances(key):
            path = f"{PARAMETERS}/../{name.replace('.', '/')}"
            if os.access(path, os.R_OK | os.W_OK):
                try:
                    value = other_value(row, advisor.read_parameter(name))
                except OSError:
                    continue
                if value is not None:
                    found[name] = value
    return found


def sorted_out(wanted, start):
    """Those that the kernel takes, apart: what changes nothing else, and what moves others along."""
    alone, moving = {}, {}
    for name, value in wanted.items():
        try:
            advisor.write_parameter(name, value)
        except OSError:
            continue
        now = World(start.paths)
        moved = [path for path in start.paths if now.parameters[path] != start.parameters[path]]
        if now.value(name) == value:
            (alone if len(moved) == 1 else moving)[name] = value
        start.restore(now)
    return alone, moving


def write_profile(targets):
    os.makedirs(os.path.dirname(PROFILE), exist_ok=True)
    with open(PROFILE, "w") as file:
        file.write('name = "every"\nsummary = "for a test"\n[targets]\n')
        file.writelines(f'"{name}" = {value}\n' for name, value in targets.items())


class Restoration(unittest.TestCase):
    def setUp(self):
        advisor.require_private_host()
        self.start = World(parameter_paths())
        self.sysctl = advisor.all_parameters()
        self.alone, self.moving = sorted_out(wishes(), self.start)

    def applies_and_takes_back(self, targets):
        write_profile(targets)
        advisor.run("apply", "--yes", "--interval", "0", "--profile", "every", status=0)
        after = World(self.start.paths)
        for name, value in targets.items():
            self.assertEqual(after.value(name), value, name)

        advisor.run("rollback", status=0)

        now = World(self.start.paths)
        self.assertEqual(self.start.differences(now), [])
        self.assertEqual(advisor.all_parameters(), self.sysctl)
        self.start.restore(now)  # and the next one begins without a history

    def test_all_that_stand_alone_in_one_transaction(self):
        print(f"{len(self.alone)} parameters")
        self.assertGreater(len(self.alone), 150)
        self.applies_and_takes_back(self.alone)

    def test_each_that_moves_others_along(self):
        print(f"{len(self.moving)} parameters: {' '.join(self.moving)}")
        self.assertIn("net.ipv4.ip_forward", self.moving)
        for name, value in self.moving.items():
            with self.subTest(name):
                self.applies_and_takes_back({name: value})
            self.start.restore()


if __name__ == "__main__":
    advisor.main(at_once=os.cpu_count())
