"""A small Debian with systemd as process 1, on an ext4 disk for a virtual machine.

The packages come from the sources that apt of this machine knows, as dependencies of a few that are
named here. They are downloaded and unpacked once, below the cache of vm.py; nothing is installed, and
nothing of them is run before the machine boots.
"""

import glob
import hashlib
import os
import shutil
import subprocess
import tempfile

import vm

PACKAGES = ("base-files", "base-passwd", "coreutils", "dash", "diffutils", "grep", "kmod", "procps",
            "sed", "systemd-sysv", "usr-is-merged", "util-linux")
TOOLS = ("cmake", "ninja", "mke2fs", "unshare")
DISK_MEGABYTES = 512
SOURCES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
# What a machine that is there for a minute does not need, and what is a link below.
UNUSED = ("usr/share/doc", "usr/share/man", "usr/share/locale", "usr/share/info", "usr/lib/udev/hwdb.d",
          "usr/share/zoneinfo", "var/run")

# What the maintainer scripts would have written, and a part of /checks that runs at the end of a boot.
FILES = {
    "etc/fstab": "/dev/nvme0n1 / ext4 defaults 0 1\n",
    "etc/hostname": "advised\n",
    "etc/machine-id": "0123456789abcdef0123456789abcdef\n",
    "etc/systemd/system/checks.service": """[Service]
Type=exec
ExecStart=/bin/sh -c 'exec sh "/checks/$part" >/dev/ttyS0 2>&1'
""",
}
LINKS = {
    "etc/systemd/system/default.target": "/lib/systemd/system/multi-user.target",
    "etc/systemd/system/getty.target": "/dev/null",  # nobody logs in
    "etc/systemd/system/multi-user.target.wants/checks.service": "../checks.service",
    "var/run": "/run",
    # Each costs a part of a second.
    **{f"etc/systemd/system/{unit}": "/dev/null" for unit in (
        "dev-hugepages.mount", "dev-mqueue.mount", "modprobe@.service", "sys-kernel-debug.mount",
        "sys-kernel-tracing.mount")},
}
# LeakSanitizer would need ptrace(2), which a unit may forbid.
APPEND = ("root=/dev/nvme0n1 rootfstype=ext4 ro panic=-1 systemd.show_status=0 "
          "systemd.setenv=ASAN_OPTIONS=detect_leaks=0")


def tree(packages=PACKAGES):
    """The directory with the unpacked Debian, of these packages and what they depend on."""
    name = hashlib.sha256(repr((packages, UNUSED, FILES, LINKS)).encode()).hexdigest()[:12]
    target = os.path.join(vm.CACHE, f"debian-{name}")
    if not os.path.isdir(target):
        os.makedirs(vm.CACHE, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=vm.CACHE) as work:
            _unpack(_download(work, packages), f"{work}/root")
            os.rename(f"{work}/root", target)
    return target


def _download(work, packages):
    """The packages and all that they depend on, as if nothing were installed here."""
    os.makedirs(f"{work}/archives/partial")
    open(f"{work}/status", "w").close()
    command = ["apt-get", "-q", "-y", "-o", f"Dir::State::status={work}/status",
               "-o", f"Dir::Cache::archives={work}/archives", "-o", "Debug::NoLocking=1",
               "-o", "APT::Sandbox::User=", "--no-install-recommends", "--download-only", "install",
               *packages]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0 and os.geteuid() == 0:  # lists that are missing or too old
        subprocess.run(["apt-get", "-q", "update"], capture_output=True)
        done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise vm.Missing(f"a Debian with systemd cannot be downloaded: {done.stderr.strip()[-200:]}")
    return sorted(glob.glob(f"{work}/archives/*.deb"))


def _unpack(packages, root):
    """Below one /usr, as systemd of Debian expects it."""
    for folder in ("bin", "sbin", "lib", "lib64"):
        os.makedirs(f"{root}/usr/{folder}")
        os.symlink(f"usr/{folder}", f"{root}/{folder}")
    for package in packages:
        files = subprocess.run(["dpkg-deb", "--fsys-tarfile", package], check=True,
                               stdout=subprocess.PIPE).stdout
        subprocess.run(["tar", "-x", "-C", root, "--keep-directory-symlink", "--no-same-owner"],
                       input=files, check=True)
    for folder in UNUSED:
        shutil.rmtree(f"{root}/{folder}", ignore_errors=True)
    for name in ("passwd", "group"):
        shutil.copy(f"{root}/usr/share/base-passwd/{name}.master", f"{root}/etc/{name}")
    _write(root, FILES)
    for path, target in LINKS.items():
        os.makedirs(os.path.dirname(f"{root}/{path}"), exist_ok=True)
        os.symlink(target, f"{root}/{path}")


def _write(root, files):
    for path, text in files.items():
        os.makedirs(os.path.dirname(f"{root}/{path}"), exist_ok=True)
        with open(f"{root}/{path}", "w") as file:
            file.write(text)


def _install(root, work):
    """The program under test, as `cmake --install` of the preset that users build puts it there."""
    build = f"{work}/build"
    quietly = {"check": True, "stdout": subprocess.DEVNULL}
    subprocess.run(["cmake", "--preset", "release", "-B", build], cwd=SOURCES, **quietly)
    shutil.copy(vm.BINARY, f"{build}/sysctl-advisor")
    _write(build, {"man/sysctl-advisor-rules.5": ""})  # nobody reads it there
    subprocess.run(["cmake", "--install", build], env={**os.environ, "DESTDIR": root}, **quietly)
    for library in vm.libraries(vm.BINARY):
        if not os.path.exists(root + library):
            shutil.copy(library, root + library)


class Debian:
    """A machine with the program installed. What was on its disk when it went off is there again when
    it is started."""

    def __init__(self, series, files, modules=(), install=_install, packages=PACKAGES):
        """`files` are {path in the machine: text}, those of /checks among them; `modules` are the
        modules of the kernel that are there, once depmod(8) ran. `install` puts the program into a root,
        and may use a directory."""
        self.kernel = vm.kernel(series)
        unpacked = tree(packages)
        self.folder = tempfile.mkdtemp(prefix="advisor-debian-")
        self.disk = f"{self.folder}/disk"
        root = f"{self.folder}/root"
        shutil.copytree(unpacked, root, symlinks=True)
        install(root, self.folder)
        _write(root, files)
        if modules:
            shutil.copytree(vm.modules(series, modules), f"{root}/usr/lib/modules", dirs_exist_ok=True)
        with open(self.disk, "wb") as file:
            file.truncate(DISK_MEGABYTES << 20)
        # All files belong to root there.
        as_root = [] if os.geteuid() == 0 else ["unshare", "--map-root-user"]
        subprocess.run([*as_root, "mke2fs", "-q", "-t", "ext4", "-d", root, self.disk], check=True)
        shutil.rmtree(root)

    def start(self, part):
        """The running machine, which runs that part of /checks when it is up."""
        return vm.start(self.kernel, f"{APPEND} systemd.setenv=part={part}", self.disk,
                        "-smp", str(min(2, os.cpu_count())))

    def close(self):
        shutil.rmtree(self.folder, ignore_errors=True)
