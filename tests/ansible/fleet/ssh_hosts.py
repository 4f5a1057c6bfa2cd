"""Hosts that are reached by SSH, and by nothing else. Each has a network, mounts and a name of its own, as
private-host.sh makes them, and an sshd in it; all are linked to a bridge of the control node, which is a private
host too. Nothing listens outside of these namespaces."""

import os
import shutil
import subprocess
import sys
import uuid

HERE = os.path.dirname(os.path.abspath(__file__))
TESTS = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(TESTS, "support"))
import advisor
import packages

BRIDGE = "fleet"
CONTROL = "10.88.0.1"
SSHD_CONFIG = """\
ListenAddress 0.0.0.0
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/../client_key.pub
PidFile none
StrictModes no
PermitRootLogin prohibit-password
PasswordAuthentication no
Subsystem sftp internal-sftp
LogLevel ERROR
"""


def run(*command, **options):
    return subprocess.run(command, check=True, capture_output=True, text=True, **options).stdout


def ip(arguments):
    run("ip", *arguments.split())


def key(path):
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", path)


def sshd(cache):
    """Debian's, unpacked, as a command line that finds its libraries; `packages.Missing` if it is not to be had."""
    server = packages.unpacked(cache, "openssh-server", "./usr/sbin/sshd", "./usr/lib/openssh/*")
    libraries = packages.unpacked(cache, "libwrap0", "./usr/lib/*")
    found = [folder for folder, _, files in os.walk(libraries) if any(".so" in name for name in files)]
    os.environ["LD_LIBRARY_PATH"] = ":".join(found)
    return os.path.join(server, "usr/sbin/sshd")


class Host:
    """One of them, with its first link to the bridge."""

    def __init__(self, number, root, server):
        self.name = f"h{number}"
        self.address = f"10.88.{number // 250}.{number % 250 + 2}"
        self.folder = os.path.join(root, self.name)
        os.mkdir(self.folder)
        key(self.folder + "/host_key")
        for name, text in (("machine-id", uuid.uuid4().hex + "\n"),
                           ("sshd_config", SSHD_CONFIG.format(folder=self.folder))):
            with open(os.path.join(self.folder, name), "w") as file:
                file.write(text)
        with open(self.folder + "/log", "w") as log:
            self.process = subprocess.Popen(
                ["unshare", "--uts", os.path.join(TESTS, "support/private-host.sh"), os.path.join(HERE, "host.sh"),
                 self.name, self.folder, server], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True)
        if self.process.stdout.readline() != "ready\n":
            with open(self.folder + "/log") as log:
                raise AssertionError(f"{self.name} did not come about: {log.read()}")
        ip(f"link add {self.name} type veth peer name eth0 netns {self.process.pid}")
        ip(f"link set {self.name} master {BRIDGE} up")
        self.inside("ip", "address", "add", self.address + "/16", "dev", "eth0")
        self.inside("ip", "link", "set", "eth0", "up")

    def start(self):
        self.process.stdin.write("go\n")
        self.process.stdin.flush()

    def inside(self, *command):
        """Runs a command on the host, without SSH."""
        return run("nsenter", "--target", str(self.process.pid), "--net", "--mount", "--uts", *command)

    def read(self, parameter):
        return " ".join(self.inside("cat", "/proc/sys/" + parameter.replace(".", "/")).split())

    def write(self, parameter, value):
        path = "/proc/sys/" + parameter.replace(".", "/")
        self.inside("sh", "-c", f"test ! -e /proc/sys/net/core/netdev_max_backlog && echo {value} > {path}")

    def reach_by_another_line(self):
        """From now on the control node reaches the host by an address on a second line, while the host answers by
        the first one: rp_filter = 1 on the host takes that for a forgery, and drops it."""
        self.address = "10.99.0.2"
        ip(f"link add {self.name}-b type veth peer name eth1 netns {self.process.pid}")
        ip(f"link set {self.name}-b up")
        ip(f"route add {self.address}/32 dev {self.name}-b src {CONTROL}")
        self.inside("ip", "address", "add", self.address + "/32", "dev", "eth1")
        self.inside("ip", "link", "set", "eth1", "up")
        for line in ("all", "default", "eth0", "eth1"):
            self.write(f"net.ipv4.conf.{line}.rp_filter", 0)

    def stop(self):
        """The host and what was started on it, such as a watchdog, which has no terminal to end with."""
        self.process.kill()
        self.process.wait()


class SshHosts:
    """So many hosts, and the files by which a client reaches them."""

    def __init__(self, count, root, cache):
        advisor.require_private_host()
        server = sshd(cache)
        self.root = root
        self.write_passwd()
        key(os.path.join(root, "client_key"))
        ip(f"link add {BRIDGE} type bridge")
        ip(f"address add {CONTROL}/16 dev {BRIDGE}")
        ip(f"link set {BRIDGE} up")
        self.hosts = [Host(number, root, server) for number in range(1, count + 1)]

    def write_passwd(self):
        """With the user that sshd needs; and what root's shell does at home on this machine, it does not do there."""
        with open("/etc/passwd") as file:
            others = [line for line in file if not line.startswith(("root:", "sshd:"))]
        path = os.path.join(self.root, "passwd")
        with open(path, "w") as file:
            file.writelines(["root:x:0:0:root:/run:/bin/sh\n", "sshd:x:61349:65534::/run/sshd:/usr/sbin/nologin\n", *others])
        run("mount", "--bind", path, "/etc/passwd")

    def start(self):
        for host in self.hosts:
            host.start()

    def stop(self):
        for host in self.hosts:
            host.stop()

    def inventory(self, *more):
        """One line a host, and more lines."""
        lines = [f"{host.name} ansible_host={host.address}" for host in self.hosts]
        return "\n".join([*lines, *more]) + "\n"

    def reaches(self, host):
        """Whether a new connection comes about, and a command on the host succeeds."""
        done = subprocess.run(["ssh", *self.options().split(), "-o", "ConnectTimeout=5", "-i", f"{self.root}/client_key",
                               "root@" + host.address, "true"], capture_output=True, stdin=subprocess.DEVNULL)
        return done.returncode == 0

    def options(self):
        return f"-F none -o StrictHostKeyChecking=accept-new -o UserKnownHostsFile={self.root}/known_hosts"

    def environment(self):
        """What makes ansible-playbook reach them."""
        os.makedirs("/run/sockets", exist_ok=True)
        return {
            "ANSIBLE_PRIVATE_KEY_FILE": os.path.join(self.root, "client_key"),
            "ANSIBLE_REMOTE_USER": "root",
            "ANSIBLE_SSH_CONTROL_PATH_DIR": "/run/sockets",
            "ANSIBLE_SSH_ARGS": self.options() + " -o ControlMaster=auto -o ControlPersist=20s",
            "ANSIBLE_TIMEOUT": "5",
            "ANSIBLE_FORKS": "10",
            "ANSIBLE_PIPELINING": "1",
        }


def why_not(cache):
    """Why there can be no such hosts here; None if there can. Downloads what is not there yet."""
    for program in ("ip", "nsenter", "ssh", "ssh-keygen", "apt-get", "dpkg-deb"):
        if not shutil.which(program):
            return program + " is not installed"
    try:
        sshd(cache)
    except packages.Missing as missing:
        return str(missing)
    return None
