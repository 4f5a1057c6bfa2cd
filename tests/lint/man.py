"""The man pages are mdoc without a fault (mandoc -T lint), also the one that the build writes.

usage: man.py [DIRECTORY]      the pages that were built, if any (default: build/check/man)
"""

import glob
import os
import re
import shutil
import subprocess
import sys

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")

if not shutil.which("mandoc"):
    print("skipped: mandoc is not installed")
    sys.exit(77)
built = sys.argv[1] if len(sys.argv) > 1 else f"{ROOT}/build/check/man"
pages = sorted(glob.glob(f"{ROOT}/man/*.[1-9]") + glob.glob(f"{built}/*.[1-9]"))
if len(sys.argv) > 1 and not glob.glob(f"{built}/*.[1-9]"):
    print(f"{built}: the build has written no page")
    sys.exit(1)
# mandoc looks among installed pages for those that a page refers to, and what is installed is chance.
NOT_INSTALLED = "referenced manual not found: Xr "
OF_OTHERS = {"connect 2", "ip-netns 8", "patch 1", "ss 8", "sysctl 2", "sysctl 8", "sysctl.d 5", "systemd 1",
             "systemd-sysctl 8", "systemd-sysctl.service 8", "tcp 7"}
known = OF_OTHERS | {os.path.basename(page).removesuffix(".in").replace(".", " ") for page in glob.glob(f"{ROOT}/man/*")}


def unknown_references(path):
    for number, line in enumerate(open(path), 1):
        for name, section in re.findall(r"^\.Xr (\S+) (\d)", line):
            if f"{name} {section}" not in known:
                yield f"{path}:{number}: refers to {name}({section}), which is neither ours nor known here"


faults = 0
for page in pages:
    linted = subprocess.run(["mandoc", "-T", "lint", "-W", "all", page], capture_output=True, text=True)
    lines = [line for line in linted.stdout.splitlines() if NOT_INSTALLED not in line]
    lines += unknown_references(page)
    if lines:
        print("\n".join(lines))
        faults += 1
print(f"{len(pages)} man pages, {faults} with faults")
sys.exit(1 if faults or not pages else 0)
