"""The program of another machine, which qemu-user runs here: its unit tests pass, and it says of each
recorded host what the program of this machine says.

usage: other_machine.py ARCHITECTURE PROGRAM     for example: other_machine.py arm64 build/release/sysctl-advisor

It is built by packaging/static.sh. Where pages have 64 KiB, what depends on that is tried by unit tests.
"""

import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))
import host_file

# They stand on calls of the kernel that qemu-user does not have: openat2(2), which keeps what a copied tree
# links to within it, and the cookie of a network namespace.
UNTRIED = (
    "files: a link of a copied tree is followed within the tree",
    "sysctl tree: of a copied tree no pipe*device or endless file is read",
    "trusted files: no link of a copied tree leads a write out of it",
    "identity: of this process it is whole*and the same each time",
)
QEMU = {"arm64": "qemu-aarch64"}  # by the name of the architecture in Debian


def audit(*program):
    done = subprocess.run([*program, "audit", "--interval", "0", "--fail-on", "never"], capture_output=True,
                          text=True)
    return done.returncode, done.stdout, done.stderr


def main(architecture, here):
    qemu = QEMU[architecture]
    built = ROOT / "build" / f"static-{architecture}"
    subprocess.run(["sh", "packaging/static.sh", architecture], cwd=ROOT, check=True,
                   env={**os.environ, "ADVISOR_TESTS": "ON"})
    tried = subprocess.run([qemu, built / "tests" / "unit_tests", "--test-case-exclude=" + ",".join(UNTRIED)])
    print("not tried:", *UNTRIED, sep="\n    ", flush=True)
    names = sorted(path.stem for path in host_file.HOSTS.glob("*.host"))
    differ = []
    for name in names:
        with host_file.expanded(name) as root:
            if audit(here, "--root", root) != audit(qemu, built / "sysctl-advisor", "--root", root):
                differ.append(name)
    print(f"{len(names)} hosts, of which {len(differ)} are judged differently: {differ}")
    return 1 if tried.returncode or differ or not names else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
