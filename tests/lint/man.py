"""The man pages are mdoc without a fault (mandoc -T lint)."""

import glob
import os
import shutil
import subprocess
import sys

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")

if not shutil.which("mandoc"):
    print("skipped: mandoc is not installed")
    sys.exit(77)
pages = sorted(glob.glob(f"{ROOT}/man/*.[1-9]"))
faults = 0
for page in pages:
    linted = subprocess.run(["mandoc", "-T", "lint", "-W", "all", page], capture_output=True, text=True)
    print(linted.stdout, end="")
    faults += linted.returncode != 0
print(f"{len(pages)} man pages, {faults} with faults")
sys.exit(1 if faults or not pages else 0)
