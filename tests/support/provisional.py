"""A change that must be confirmed, on a private host, and those who wait for its deadline."""

import json
import os
import time

import advisor
from advisor import read_parameter, run

PROFILES = "/etc/sysctl-advisor/profiles"
DROP_IN = "/etc/sysctl.d/99-zz-sysctl-advisor.conf"
LOCK = "/var/lib/sysctl-advisor/lock"
TIMEOUT = "net.ipv4.tcp_fin_timeout"
RANGE = "net.ipv4.ip_local_port_range"
APPLY = ["apply", "--yes", "--interval", "0", "--profile", "two"]
UNIT = "sysctl-advisor-recover.service"
UNITS = "/etc/systemd/system"
PATIENCE = 60  # seconds; the machine may be slow


def profile(name, targets):
    os.makedirs(PROFILES, exist_ok=True)
    with open(f"{PROFILES}/{name}.toml", "w") as file:
        file.write(f'name = "{name}"\nsummary = "for a test"\n[targets]\n')
        file.writelines(f'"{key}" = {value}\n' for key, value in targets.items())


def apply(within, *args, status=0):
    return run(*APPLY, "--confirm-within", within, *args, status=status)


def install_unit(place=UNITS):
    """What takes back at boot what nobody confirmed, as `cmake --install` leaves it."""
    advisor.require_private_host()
    os.makedirs(f"{place}/sysinit.target.wants")
    with open(f"{place}/{UNIT}", "w") as file:
        file.write("[Service]\nExecStart=/usr/bin/sysctl-advisor recover --at-boot\n")
    os.symlink(f"../{UNIT}", f"{place}/sysinit.target.wants/{UNIT}")


def soon(seconds):
    """A deadline that this program is in time for, and that is soon over: some seconds, or more if it
    is slow, as it is with sanitizers on a busy machine."""
    begun = time.monotonic()
    run("history", status=0)
    slowness = (time.monotonic() - begun) / 0.2
    return f"{round(seconds * min(max(slowness, 1), 5))}s"


def newest():
    return json.loads(run("history", "--format", "json", status=0).stdout)["transactions"][0]


def applied():
    return (read_parameter(TIMEOUT), read_parameter(RANGE), os.path.exists(DROP_IN)) == (
        "45", "20000 60999", True)


def untouched():
    return (read_parameter(TIMEOUT), read_parameter(RANGE), os.path.exists(DROP_IN)) == (
        "60", "32768 60999", False)


def watchdogs():
    """The processes of this private host that wait for a deadline."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                words = file.read().split(b"\0")
            same = os.readlink(f"/proc/{pid}/ns/net") == os.readlink("/proc/self/ns/net")
        except OSError:
            continue
        if same and words[0].decode() == os.path.realpath(advisor.BINARY) and b"--wait" in words:
            found.append(int(pid))
    return found


def until(condition):
    """Waits for it; whether it came true."""
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up:
        if condition():
            return True
        time.sleep(0.1)
    return False


def undone():
    """Waits until everything is as before, and the journal says so."""
    return until(untouched) and until(lambda: newest()["state"] == "rolled-back")


def pass_deadline():
    assert until(lambda: newest()["seconds_left"] in (0, None))
