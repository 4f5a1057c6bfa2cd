"""The program of a release build is what one that runs as root should be: hard to take over.

usage: hardening.py PROGRAM
"""

import re
import shutil
import subprocess
import sys

SKIPPED = 77

if len(sys.argv) < 2:
    print("skipped: there is no release build to look at (ADVISOR_RELEASE_BINARY)")
    sys.exit(SKIPPED)
if not shutil.which("readelf"):
    print("skipped: readelf is not installed")
    sys.exit(SKIPPED)
PROGRAM = sys.argv[1]


def told(*options):
    return subprocess.run(["readelf", "--wide", *options, PROGRAM], check=True, capture_output=True,
                          text=True).stdout


header, segments, dynamic, symbols = (told(option) for option in ("-h", "-l", "-d", "-s"))
# What must be there, and the line of readelf(1) that shows it.
WANTED = {
    "it is loaded at a random address (PIE)": (header, r"Type:\s+DYN"),
    "tables of the linker are read-only (RELRO)": (segments, r"GNU_RELRO"),
    "all symbols are bound when it starts (BIND_NOW)": (dynamic, r"FLAGS.*\bNOW\b"),
    "its stack holds no code": (segments, r"GNU_STACK\s.*\sRW\s"),
    "overwritten stacks are noticed (-fstack-protector)": (symbols, r"__stack_chk_fail"),
    "calls of libc check sizes (_FORTIFY_SOURCE)": (symbols, r"__(read|memcpy|memmove|snprintf|vsnprintf|readlink)\w*_chk"),
    "the standard library checks indices (_GLIBCXX_ASSERTIONS)": (symbols, r"__glibcxx_assert_fail"),
}
faults = [f"{PROGRAM}:1: not so: {what}" for what, (text, pattern) in WANTED.items()
          if not re.search(pattern, text)]
print("\n".join(faults + [f"{len(WANTED)} properties, {len(faults)} faults"]))
sys.exit(1 if faults else 0)
