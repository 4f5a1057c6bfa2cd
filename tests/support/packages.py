"""Packages of Debian that are downloaded and unpacked, but not installed: nothing of them is started."""

import glob
import os
import subprocess
import tempfile
import threading


class Missing(Exception):
    """Why there can be no package of that kind here."""


_UNPACKING = threading.Lock()  # machines are made side by side, and share what is unpacked


def unpacked(cache, package, *patterns, into=None):
    """The directory below `cache` with those files of a package; downloaded once."""
    with _UNPACKING:
        target = os.path.join(cache, into or package)
        if not os.path.isdir(target):
            _unpack(cache, package, target, patterns)
        return target


def _unpack(cache, package, target, patterns):
    os.makedirs(cache, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as work:
        download = ["apt-get", "-q", "download", package]
        options = {"cwd": work, "capture_output": True, "text": True}
        done = subprocess.run(download, **options)
        if done.returncode != 0 and os.geteuid() == 0:  # lists that are missing or too old
            subprocess.run(["apt-get", "-q", "update"], **options)
            done = subprocess.run(download, **options)
        packages = glob.glob(f"{work}/*.deb")
        if not packages:
            raise Missing(f"{package} cannot be downloaded: {done.stderr.strip()[-200:]}")
        tar = subprocess.run(["dpkg-deb", "--fsys-tarfile", packages[0]], check=True,
                             stdout=subprocess.PIPE).stdout
        os.mkdir(f"{work}/files")
        subprocess.run(["tar", "-x", "-C", f"{work}/files", "--wildcards", *patterns], input=tar,
                       check=True)
        try:
            os.rename(f"{work}/files", target)
        except OSError:  # another test was faster
            if not os.path.isdir(target):
                raise
