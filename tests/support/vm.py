"""Debian's kernels in virtual machines without KVM: what needs a whole machine of its own.

The kernels and a static busybox come from Debian's packages: downloaded and unpacked, not installed,
below $ADVISOR_VM_CACHE. A machine boots from an initramfs with busybox, the program under test and
its shared libraries, runs one script, and powers off.
"""

import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import packages
from packages import Missing

BINARY = os.environ["ADVISOR"]  # the program under test
CACHE = os.environ.get("ADVISOR_VM_CACHE") or os.path.join(tempfile.gettempdir(), "advisor-vm")
KERNELS = ("6.1", "6.12")
KERNEL_PACKAGES = ("linux-image-cloud-amd64", "linux-image-6.12-cloud-amd64")  # which is which depends on the release
SKIPPED = 77  # the exit status by which ctest knows a test that could not run here
TOOLS = ("qemu-system-x86_64", "cpio", "apt-get", "apt-cache", "dpkg-deb", "ldd")

INIT = """#!/bin/busybox sh
/bin/busybox --install -s /bin
export PATH=/bin HOME=/tmp ASAN_OPTIONS=detect_leaks=0:verify_asan_link_order=0
mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev; mount -t tmpfs tmp /tmp
ip link set lo up
for module in @LOADED@; do insmod "$(find /lib/modules -name "$module.ko*")"; done
echo "@@BEGIN $(uname -r)"
sh /script 2>&1
echo "@@END $?"
poweroff -f
"""


def skip(why):
    print(f"skipped: {why}")
    sys.exit(SKIPPED)


def require_tools(*more):
    for tool in (*TOOLS, *more):
        if not shutil.which(tool):
            skip(f"{tool} is not here")
    if os.uname().machine != "x86_64":
        skip("the kernels are for x86_64")


def _unpacked(package, *patterns, into=None):
    return packages.unpacked(CACHE, package, *patterns, into=into)


def _kernel_package(series):
    depends = subprocess.run(["apt-cache", "depends", *KERNEL_PACKAGES], capture_output=True, text=True)
    package = re.search(rf"Depends: (linux-image-{re.escape(series)}\.\S+)", depends.stdout)
    if not package:
        raise Missing(f"this Debian has no kernel {series}")
    return package[1]


def kernel(series):
    """The path of Debian's kernel of that series ("6.1")."""
    return glob.glob(_unpacked(_kernel_package(series), "./boot/vmlinuz-*") + "/boot/vmlinuz-*")[0]


def modules(series, names):
    """A /lib/modules with those modules of that kernel, which depmod(8) has not seen."""
    package = _kernel_package(series)
    unpacked = _unpacked(package, "*/modules.builtin*", "*/modules.order",
                         *(f"*/{name}.ko*" for name in names), into="-".join([package, *names]))
    return glob.glob(f"{unpacked}/**/lib/modules", recursive=True)[0]


def main(*series, tools=(), ready=None):
    """Runs the tests of the script that was called once those kernels, tools, and what `ready` fetches are
    there; otherwise says what is missing."""
    require_tools(*tools)
    try:
        for each in series:
            kernel(each)
        if ready:
            ready()
    except Missing as missing:
        skip(missing)
    unittest.main(verbosity=2)


def libraries(program):
    """The shared libraries of a program, the loader among them."""
    listed = subprocess.run(["ldd", program], capture_output=True, text=True).stdout
    return re.findall(r"(/\S+) \(0x", listed)


def start(kernel_image, append, disk, *arguments):
    """A running machine with that kernel and, unless `disk` is None, that disk as /dev/nvme0n1. Its
    console is the standard output; `append` goes to the kernel command line."""
    drive = [] if not disk else [
        "-drive", f"file={disk},format=raw,if=none,id=disk,cache=writeback",
        "-device", "nvme,drive=disk,serial=1"]
    return subprocess.Popen(
        ["qemu-system-x86_64", "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
         "-machine", "pc", "-accel", "tcg", "-cpu", "max", "-smp", "1", "-m", "768", "-nic", "none",
         "-kernel", kernel_image, "-serial", "stdio", *drive, *arguments,
         "-append", f"console=ttyS0 quiet loglevel=1 mitigations=off tsc=reliable {append}"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        errors="replace")


class Machine:
    """One machine: an initramfs that runs a script, a kernel, and maybe a disk."""

    def __init__(self, series, script, files=None, programs=(), disk=None, append="", memory=768, loaded=()):
        """`files` are {path in the machine: text}; `programs` are copied to /bin with their libraries;
        `append` goes to the kernel command line; `memory` is in MiB; `loaded` are modules, each after
        those that it needs."""
        self.kernel = kernel(series)
        self.append = append
        self.disk = disk
        self.memory = memory
        self.folder = tempfile.mkdtemp(prefix="advisor-vm-")
        root = f"{self.folder}/root"
        for folder in ("bin", "proc", "sys", "dev", "tmp", "etc/sysctl.d", "run", "var/lib", "disk"):
            os.makedirs(f"{root}/{folder}")
        # Below /usr since Debian 13.
        package = _unpacked("busybox-static", "*/bin/busybox")
        busybox, = glob.glob(f"{package}/**/bin/busybox", recursive=True)
        shutil.copy(busybox, f"{root}/bin/busybox")
        for program in (BINARY, *programs):
            # Of the memory of a machine half is for files.
            stripped = f"{root}/bin/{os.path.basename(program)}"
            subprocess.run(["strip", "-o", stripped, program], check=True)
            for library in libraries(program):
                os.makedirs(root + os.path.dirname(library), exist_ok=True)
                shutil.copy(library, root + library)
        if loaded:
            shutil.copytree(modules(series, loaded), f"{root}/lib/modules")
        init = INIT.replace("@LOADED@", " ".join(loaded))
        for path, text in {"/init": init, "/script": script, **(files or {})}.items():
            os.makedirs(root + os.path.dirname(path), exist_ok=True)
            with open(root + path, "w") as file:
                file.write(text)
        os.chmod(f"{root}/init", 0o755)
        subprocess.run("find . -print0 | cpio --quiet --null -o -H newc -R 0:0 | gzip -1 > ../initramfs",
                       shell=True, check=True, cwd=root)
        shutil.rmtree(root)

    def start(self):
        """The running machine; its console is the standard output."""
        return start(self.kernel, f"panic=-1 {self.append}", self.disk, "-initrd", f"{self.folder}/initramfs",
                     "-m", str(self.memory))

    def run(self, timeout=300):
        """Boots it and waits until it is off; (the exit status of the script, the lines it printed)."""
        running = self.start()
        try:
            text = running.communicate(timeout=timeout)[0].replace("\r", "")
        finally:
            running.kill()
        found = re.search(r"^@@BEGIN [^\n]*\n(.*)^@@END (\d+)$", text, re.DOTALL | re.MULTILINE)
        if not found:
            raise AssertionError(f"the machine did not come to an end:\n{text[-3000:]}")
        return int(found[2]), found[1].splitlines()

    def close(self):
        shutil.rmtree(self.folder, ignore_errors=True)
