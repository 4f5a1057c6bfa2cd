"""The man pages are mdoc without a fault (mandoc -T lint), also the one that the build writes. They say
which version they are of, and no reader sees the name of another system in their headers.

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
# Pages of BSD leave the name of the system to the reader's; ours name the program.
SYSTEM_NAMED = "operating system explicitly specified: Os sysctl-advisor "
VERSION = re.search(r"^project\(sysctl-advisor VERSION (\S+)", open(f"{ROOT}/CMakeLists.txt").read(), re.MULTILINE)[1]
OF_OTHERS = {"accept 2", "connect 2", "ip-netns 8", "less 1", "listen 2", "patch 1", "ss 8", "ssh 1", "sysctl 2",
             "sysctl 8", "sysctl.d 5", "systemd 1",
             "systemd-sysctl 8", "systemd-sysctl.service 8", "tcp 7"}
known = OF_OTHERS | {os.path.basename(page).removesuffix(".in").replace(".", " ") for page in glob.glob(f"{ROOT}/man/*")}


def unknown_references(path):
    for number, line in enumerate(open(path), 1):
        for name, section in re.findall(r"^\.Xr (\S+) (\d)", line):
            if f"{name} {section}" not in known:
                yield f"{path}:{number}: refers to {name}({section}), which is neither ours nor known here"


def headers(path):
    """The first and the last line, as mandoc(1) and groff(1) show them."""
    for command in (["mandoc", "-T", "utf8"], ["groff", "-m", "doc", "-T", "utf8"]):
        if shutil.which(command[0]):
            shown = subprocess.run([*command, path], capture_output=True, text=True).stdout.split("\n")
            lines = [line for line in shown if line.strip()]
            yield command[0], lines[0] + lines[-1]


def faults_of_headers(path):
    for program, shown in headers(path):
        if "BSD" in shown:
            yield f"{path}:1: {program} shows another system: {shown}"
        if f"sysctl-advisor {VERSION}" not in shown:
            yield f"{path}:1: {program} does not show the version {VERSION} of CMakeLists.txt: {shown}"


faults = 0
for page in pages:
    linted = subprocess.run(["mandoc", "-T", "lint", "-W", "all", page], capture_output=True, text=True)
    lines = [line for line in linted.stdout.splitlines()
             if NOT_INSTALLED not in line and SYSTEM_NAMED not in line]
    lines += [*unknown_references(page), *faults_of_headers(page)]
    if lines:
        print("\n".join(lines))
        faults += 1
print(f"{len(pages)} man pages, {faults} with faults")
sys.exit(1 if faults or not pages else 0)
