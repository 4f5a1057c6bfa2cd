"""systemd understands the units that are installed, and finds them locked up (systemd-analyze)."""

import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
MOST_EXPOSED = 30  # in tenths, of 100

if not shutil.which("systemd-analyze"):
    print("skipped: systemd-analyze is not installed")
    sys.exit(77)
units = sorted(glob.glob(f"{ROOT}/packaging/systemd/*.service"))
timers = sorted(glob.glob(f"{ROOT}/packaging/systemd/*.timer"))
faults = 0


def complain(path, what):
    global faults
    faults += 1
    print(f"{os.path.relpath(path, ROOT)}:1: {what}")


def analyse(path, *command):
    """Unknown keys are only printed, so that nothing may be."""
    done = subprocess.run(["systemd-analyze", *command], capture_output=True, text=True)
    if done.returncode != 0 or (command[0] == "verify" and done.stdout + done.stderr):
        complain(path, f"{command[0]}: {done.stdout}{done.stderr}")


with tempfile.TemporaryDirectory() as directory:
    program = f"{directory}/sysctl-advisor"
    shutil.copy("/bin/true", program)  # what is started must exist
    for path in units + timers:
        text = open(path).read().replace("/usr/bin/sysctl-advisor", program)
        unit = f"{directory}/{os.path.basename(path)}"
        with open(unit, "w") as file:
            file.write(text)
        analyse(path, "verify", "--man=no", unit)
    for path in units:
        unit = f"{directory}/{os.path.basename(path)}"
        analyse(path, "security", "--offline=true", f"--threshold={MOST_EXPOSED}", "--no-pager", unit)
        # What the drop-in holds must be gone before it is loaded.
        if "recover" in path and not re.search(r"^Before=.*\bsystemd-sysctl\.service\b", open(path).read(), re.M):
            complain(path, "runs too late: the files under sysctl.d were loaded by then")
print(f"{len(units)} services, {len(timers)} timers, {faults} faults")
sys.exit(1 if faults or not (units and timers) else 0)
