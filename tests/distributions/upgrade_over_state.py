"""Installs a package of Debian over the state that an older version left, and takes its change back.

usage: upgrade_over_state.py PACKAGE     on a private host, by debian_packages.sh
"""

import os
import pathlib
import subprocess
import sys

os.environ["ADVISOR"] = "/usr/bin/sysctl-advisor"
TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path += [str(TESTS / "kernel"), str(TESTS / "support")]
import upgrade_test  # its recordings, and what they are compared with

upgrade_test.advisor.require_private_host()
recorded = upgrade_test.Recorded(TESTS / "state" / "28ec57a" / "committed.json")
assert recorded.changed
os.chmod(upgrade_test.STATE, 0o755)
subprocess.run(["dpkg", "--install", sys.argv[1]], check=True)
assert [row["state"] for row in upgrade_test.history()] == ["committed"]
upgrade_test.run("rollback", status=0)
assert recorded.left() == [], recorded.left()
