"""Records what one version of the program leaves on a host, for the versions after it.

usage: ADVISOR=/path/to/sysctl-advisor python3 tests/state/record.py tests/state/VERSION

Needs root and strace. Each recording is made on a private host of its own (private-host.sh).
"""

import json
import os
import pathlib
import signal
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
import advisor  # noqa: E402
import faults  # noqa: E402
import host_file  # noqa: E402
from world import DROP_INS, STATE, World, parameter_paths  # noqa: E402

PROFILE = "/etc/sysctl-advisor/profiles/recorded.toml"
DROP_IN = f"{DROP_INS}/99-zz-sysctl-advisor.conf"
APPLY = ["apply", "--yes", "--interval", "0", "--profile", "recorded"]
SNAPSHOT_OF = "exhausted-client"

# A parameter that moves others along, a vector, and two that stand alone.
MIXED = ('"net.ipv4.ip_forward" = 1\n"net.ipv4.ip_local_port_range" = { covers = [20000, 60999] }\n'
         '"net.ipv4.tcp_fin_timeout" = 45\n"net.ipv4.tcp_retries2" = 12\n')
PAIR = '"net.ipv4.tcp_fin_timeout" = 45\n"net.ipv4.tcp_retries2" = 12\n'


def written(name):
    return "/proc/sys/" + name.replace(".", "/")


def profile(targets):
    os.makedirs(os.path.dirname(PROFILE), exist_ok=True)
    with open(PROFILE, "w") as file:
        file.write(f'name = "recorded"\nsummary = "for a recording"\n[targets]\n{targets}')


def inject(what, *names):
    """Runs the apply with trouble at what it writes to these parameters; its exit status."""
    paths = [option for name in names for option in ("-P", written(name))]
    return faults.strace([*paths, "-o", "/dev/null", "-e", "trace=write", "-e", f"inject=write:{what}"], APPLY)[0]


def committed():
    """Carried out in whole."""
    profile(MIXED)
    advisor.run(*APPLY, status=0)


def taken_back():
    """Carried out, and taken back by a second transaction."""
    profile(MIXED)
    advisor.run(*APPLY, status=0)
    advisor.run("rollback", status=0)


def provisional():
    """To be confirmed within an hour; the process that waits for that is ended."""
    profile(MIXED)
    advisor.run(*APPLY, "--confirm-within", "60m", status=0)
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            words = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            ours = os.readlink(f"/proc/{pid}/ns/net") == os.readlink("/proc/self/ns/net")
        except OSError:
            continue
        if ours and b"--wait" in words:
            os.kill(int(pid), signal.SIGKILL)


def cut_off_between():
    """Killed when it was to write the port range: of four parameters some are written."""
    profile(MIXED)
    assert inject("signal=KILL", "net.ipv4.ip_local_port_range") == -signal.SIGKILL


def cut_off_at_the_end():
    """Killed when the commit record was to come to its place: everything is changed."""
    profile(MIXED)
    last = faults.last_rename(APPLY)
    advisor.run("rollback", status=0)
    # Counted on a host that has no transactions.
    subprocess.run(["rm", "-r", f"{STATE}/transactions"], check=True)
    assert faults.kill_at(last, APPLY)[0] == -signal.SIGKILL


def undone():
    """The kernel refused the second parameter, and the first was put back."""
    profile(PAIR)
    assert inject("error=EINVAL:when=2", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_retries2") == 2


def stuck():
    """The second parameter could not be written, and then the first not be put back."""
    profile(PAIR)
    assert inject("error=EIO:when=2+", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_retries2") == 3


# How each is made, and whether there had been a drop-in of ours.
RECORDINGS = {"committed": (committed, True), "taken-back": (taken_back, False),
              "provisional": (provisional, False), "cut-off-between": (cut_off_between, True),
              "cut-off-at-the-end": (cut_off_at_the_end, False), "undone": (undone, True),
              "stuck": (stuck, True)}


def name_of(path):
    return path.removeprefix("/proc/sys/").replace("/", ".")


def texts(files):
    return {path: text.decode() for path, (_, text) in sorted(files.items()) if text is not None}


def recording(name):
    """What is recorded: the files that are left, and what was changed from what to what."""
    made, had_drop_in = RECORDINGS[name]
    if had_drop_in:
        with open(DROP_IN, "w") as file:
            file.write("# ours\nnet.ipv4.tcp_sack = 1\n")
    before = World(parameter_paths())
    made()
    after = World(before.paths)
    parameters = {name_of(path): {"before": before.value(name_of(path)), "after": after.value(name_of(path))}
                  for path in after.paths if after.parameters[path] != before.parameters[path]}
    return {"what": made.__doc__, "program": advisor.run("--version", status=0).stdout.strip(),
            "kernel": os.uname().release, "parameters": parameters, "drop_ins_before": texts(before.drop_ins),
            "drop_ins": texts(after.drop_ins), "state": texts(after.state)}


def main(directory):
    os.makedirs(directory, exist_ok=True)
    for name in RECORDINGS:
        done = subprocess.run([HERE.parent / "support" / "private-host.sh", sys.executable, __file__, "--inside", name],
                              capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"{name}: {done.stdout}{done.stderr}")
        pathlib.Path(directory, f"{name}.json").write_text(done.stdout)
        print(name)
    with host_file.expanded(SNAPSHOT_OF) as root:
        advisor.run("--root", root, "snapshot", f"{directory}/snapshot.json", "--interval", "0", status=0)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--inside"]:
        advisor.require_private_host()
        print(json.dumps(recording(sys.argv[2]), indent=1))
    else:
        main(sys.argv[1])
