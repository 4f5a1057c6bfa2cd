"""What README.md and the pages of man/symptoms show is what happens: their commands are run, with real
sockets on a private host, and what they print is compared with what stands there (support/documents.py).

Each page has a scene, which makes the trouble that the page is about and looks whether it is gone once
its advice was followed.
"""

import contextlib
import ctypes
import errno
import json
import os
import pathlib
import re
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
import advisor
import host_file
from advice import accepted, close, counters, endless_transfer, kept_up, requests_to_connect
from advisor import write_parameter
from documents import ROOT, Reader, blocks, steps
from neighbour import FarNeighbour, Neighbour
from provisional import install_unit

CLIENT, SERVER = "10.0.0.17", "10.0.0.5"
RANGE = "32768 60999"
CLONE_NEWUTS = 0x04000000

# A page whose commands tests/ansible/collection_test.py runs.
COLLECTION = "packaging/ansible/README.md"
# What is not run here, and the file that runs it.
ELSEWHERE = {
    **dict.fromkeys((
        "ansible-galaxy collection build /usr/share/sysctl-advisor/ansible",
        "ansible-galaxy collection install sysctl_advisor-linux-1.0.0.tar.gz",
        "ansible-playbook sysctl_advisor.linux.audit -i hosts",
        "ansible-playbook sysctl_advisor.linux.remediate -i hosts",
        "ansible-playbook sysctl_advisor.linux.remediate -i hosts --check --diff",
        "ansible-playbook sysctl_advisor.linux.report -i hosts -e sysctl_advisor_lines=hosts.jsonl",
        "ansible-playbook sysctl_advisor.linux.rollback -i hosts"), COLLECTION),
    "sh packaging/run.sh audit": "tests/distributions/readme_commands.sh",
    "sh packaging/test.sh": "tests/distributions/readme_commands.sh",
}


def connect_shortly():
    """Whether a connection could be made to the server; this side closes it first."""
    with socket.socket() as client:
        try:
            client.connect((SERVER, 8080))
        except OSError as error:
            assert error.errno == errno.EADDRNOTAVAIL, error
            return False
    return True


def hold_ports(count):
    """Client-side TIME_WAIT on so many ports of the usual range. A piece of the range at a time: the
    kernel searches long for the last free ports of a large one."""
    low, high = map(int, RANGE.split())
    for first in range(low, high, 1000):
        last = min(first + 999, high, low + count - 1)
        if last <= first:
            break
        write_parameter("net.ipv4.ip_local_port_range", f"{first} {last}")
        for _ in range(last - first + 1):
            connect_shortly()
    write_parameter("net.ipv4.ip_local_port_range", RANGE)


def put(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)


def acknowledged(connection):
    """tcpi_bytes_acked."""
    told = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 128)
    return struct.unpack_from("Q", told, 120)[0]


def read_number(path):
    return int(pathlib.Path(path).read_text())


class Documents(unittest.TestCase):
    def setUp(self):
        install_unit()
        # A reset that comes late on a busy machine would end TIME_WAIT.
        write_parameter("net.ipv4.tcp_rfc1337", "1")
        assert ctypes.CDLL(None).unshare(CLONE_NEWUTS) == 0
        socket.sethostname("gateway-1")
        self.directory = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.directory)

    def follow(self, page, deeds=None, before=lambda: None, root=None):
        """Types all that a page says; `root` is that of a recorded host, which the program sees instead."""
        reader = Reader(self.directory, deeds, before)
        if root:
            reader.stand_in("sysctl-advisor", f'exec {advisor.BINARY} --root {root} "$@"')
            reader.stand_in("sysctl", f'cd {root}/proc/sys\n'
                            'for name; do echo "$name = $(cat "$(echo "$name" | tr . /)")"; done')
        for block in blocks(page):
            reader.follow(page, block)
        return reader


class Symptoms(Documents):
    def test_each_page_has_a_test_here_and_is_named_by_the_readme_and_the_manual(self):
        pages = sorted(path.stem for path in (ROOT / "man/symptoms").glob("*.md"))

        self.assertEqual([page for page in pages if not hasattr(self, "test_" + page.replace("-", "_"))], [])
        for document in ("README.md", "man/sysctl-advisor.8"):
            named = re.findall(r"/symptoms/([a-z-]+)\.md", (ROOT / document).read_text())
            self.assertEqual(sorted(named), pages)

    def test_local_ports(self):
        with Neighbour(CLIENT, SERVER):
            advisor.Server(SERVER)
        hold_ports(28232)
        self.assertFalse(connect_shortly())

        def load():
            connect_shortly()
            time.sleep(0.02)

        with kept_up(load):
            self.follow("man/symptoms/local-ports.md")

    def test_accept_queue(self):
        """A server that pauses, at bursts of clients: its queue is to hold them until it goes on."""
        pathlib.Path("/proc/self/comm").write_text("app")
        neighbour = Neighbour(SERVER, CLIENT)
        write_parameter("net.core.somaxconn", "128")
        server = advisor.Server(SERVER, closes="never accepts", backlog=4096)
        clients, ended, paused = [], threading.Event(), threading.Event()

        def bursts():
            with neighbour:
                while not ended.is_set():
                    clients.extend(requests_to_connect(400, address=SERVER))
                    paused.set()
                    ended.wait(2.5)
                    paused.clear()
                    close(accepted(server.listener))
                    close(clients)

        def in_a_pause():
            paused.clear()
            self.assertTrue(paused.wait(20))
            time.sleep(0.2)

        def restarted():
            server.listener.listen(4096)

        load = threading.Thread(target=bursts)
        load.start()
        try:
            self.follow("man/symptoms/accept-queue.md", {"sudo systemctl restart app": restarted}, in_a_pause)
            before = counters()
            in_a_pause()
            self.assertEqual(counters()["TcpExt.ListenOverflows"], before["TcpExt.ListenOverflows"])
        finally:
            ended.set()
            load.join()

    def test_lost_at_boot(self):
        """What the administrator set by hand, and in a file that a later one undoes."""
        put("/etc/sysctl.d/60-app.conf", "# the application wants long queues\nnet.core.somaxconn = 8192\n")
        put("/etc/sysctl.d/99-vendor.conf", "net.core.somaxconn = 1024\n")
        write_parameter("net.core.somaxconn", "1024")

        def reboot():
            """What a boot does for the parameters of a network namespace."""
            write_parameter("net.core.somaxconn", "4096")
            subprocess.run(["sysctl", "--system"], capture_output=True)

        self.follow("man/symptoms/lost-at-boot.md", {"sudo reboot": reboot})

    def test_conntrack_full(self):
        """A recorded router, since the table is one of the whole machine; what its kernel counts goes on."""
        router = self.enterContext(host_file.expanded("conntrack-full-router"))
        settings, counted = f"{router}/proc/sys/net/netfilter", f"{router}/proc/net/stat/nf_conntrack"
        put(f"{settings}/nf_conntrack_count", "8192\n")
        head, first, *others = pathlib.Path(counted).read_text().splitlines()
        names, numbers = head.split(), first.split()

        def drops():
            if read_number(f"{settings}/nf_conntrack_max") > 8192:
                return time.sleep(0.05)
            numbers[names.index("drop")] = f"{int(numbers[names.index('drop')], 16) + 2:08x}"
            put(counted + ".new", "\n".join([head, " ".join(numbers), *others]) + "\n")
            os.replace(counted + ".new", counted)
            time.sleep(0.05)

        with kept_up(drops):
            self.follow("man/symptoms/conntrack-full.md", root=router)

    def test_slow_transfer(self):
        neighbour = FarNeighbour(CLIENT, SERVER, delay=0.025, rate=10e6)
        for host in (contextlib.nullcontext(), neighbour):
            with host:
                write_parameter("net.ipv4.tcp_congestion_control", "reno")
                write_parameter("net.ipv4.tcp_no_metrics_save", "1")
        write_parameter("net.ipv4.tcp_wmem", "4096 16384 262144")
        with neighbour:
            listener = socket.create_server((SERVER, 8080))
        sender = advisor.connect(SERVER)
        receiver = listener.accept()[0]
        threading.Thread(target=endless_transfer, args=(sender, receiver), daemon=True).start()

        def rate():
            """Bytes of a second that the peer acknowledged."""
            before = acknowledged(sender)
            time.sleep(1)
            return acknowledged(sender) - before

        time.sleep(1)  # until it has left slow start
        slow = rate()
        self.follow("man/symptoms/slow-transfer.md")
        # What was lost when it grew is sent again first, and then reno takes its time.
        self.assertTrue(any(rate() > 1.3 * slow for _ in range(20)))
        close([sender])


class Readme(Documents):
    """Each block of README.md by itself."""

    PAGE = "README.md"

    def blocks(self, *languages):
        return [block for block in blocks(self.PAGE) if block.language in languages]

    @contextlib.contextmanager
    def busy_client(self):
        """More than half of its ports are taken, and it goes on connecting."""
        with Neighbour(CLIENT, SERVER):
            advisor.Server(SERVER)
        hold_ports(15000)

        def load():
            connect_shortly()
            time.sleep(0.01)

        with kept_up(load):
            yield

    def follow_block(self, number):
        for copy in ("90-tuning.conf", "roles/base/files/90-tuning.conf"):
            put(f"{self.directory}/{copy}", (ROOT / "tests/cli/files/90-tuning.conf").read_text())
        Reader(self.directory).follow(self.PAGE, self.blocks("console")[number])

    def test_advice_is_seen_carried_out_and_taken_back(self):
        with self.busy_client():
            self.follow_block(0)

    def test_a_host_is_looked_at_from_elsewhere_and_over_and_over(self):
        self.follow_block(1)

    def test_two_times_are_compared(self):
        """Somebody lowered a limit, and then more clients came than are served."""
        neighbour = Neighbour(SERVER, CLIENT)
        listener = socket.create_server((SERVER, 9090), backlog=16)

        def clients(count, accepted):
            with neighbour:
                here = [advisor.connect(SERVER, 9090) for _ in range(count)]
            return here + [listener.accept()[0] for _ in range(accepted)]

        kept = clients(1, 1)
        for _ in range(11):
            kept += clients(1, 1)
        put(f"{self.directory}/yesterday.json", advisor.run("snapshot", "-", "--interval", "0", status=0).stdout)
        write_parameter("net.core.somaxconn", "128")
        for _ in range(388):
            kept += clients(1, 1)
        kept += clients(17, 0)

        self.follow_block(2)

    def test_files_are_judged(self):
        self.follow_block(3)

        self.assertEqual(len(json.loads(pathlib.Path(self.directory, "lint.sarif").read_text())["runs"]), 1)
        advisor.run("profiles", "check", f"{self.directory}/tuning.toml", status=0)

    def test_a_change_is_confirmed(self):
        with self.busy_client():
            self.follow_block(4)

    def test_advice_is_proven(self):
        self.follow_block(5)

        self.assertEqual(len(self.blocks("console")), 6, "each block has a test here")
        listed = json.loads(advisor.run("prove", "--list", "--format", "json", status=0).stdout)["proofs"]
        self.assertIn(f"There are {len(listed)} proofs", (ROOT / self.PAGE).read_text())
        self.assertEqual(sum(one["claim"] == "does nothing" for one in listed), 9)

    def test_what_is_not_run_here_is_run_elsewhere(self):
        commands = [step.command for block in self.blocks("sh") for step in steps(block)]
        self.assertEqual(sorted(commands), sorted(ELSEWHERE))
        for command, place in ELSEWHERE.items():
            self.assertRegex((ROOT / place).read_text(), rf"(?m)^ *{re.escape(command)}( |$)")

    def test_files_that_are_shown_are_right(self):
        for block in self.blocks("toml"):
            put(block.lines[0].removeprefix("# "), "\n".join(block.lines) + "\n")
            advisor.run("profiles", "check", block.lines[0].removeprefix("# "), status=0)
        self.assertIn("net.core.somaxconn", advisor.run("profiles", "show", "gateway", status=0).stdout)

        commands = [line.split("validate: ")[1] for block in self.blocks("yaml") for line in block.lines
                    if "validate: " in line]
        hooks = re.findall(r"id: ([a-z-]+)", "\n".join(sum((block.lines for block in self.blocks("yaml")), [])))
        self.assertEqual((len(commands), len(hooks)), (1, 1))
        tuning = str(ROOT / "tests/cli/files/90-tuning.conf")
        self.assertIn("warning", Reader(self.directory).type(commands[0].replace("%s", tuning)))
        self.assertIn(f"id: {hooks[0]}\n", (ROOT / ".pre-commit-hooks.yaml").read_text())

    def test_what_is_counted_and_listed_is_there(self):
        text = (ROOT / self.PAGE).read_text()
        profiles = names(advisor.run("profiles", "--format", "json", status=0), "profiles")
        in_all = [part for name in profiles for part in ("--profile", name)]
        rules = names(advisor.run("rules", "--format", "json", *in_all, status=0), "rules", "id")
        parameters = names(advisor.run("parameters", "--format", "json", status=0), "parameters")
        rules = {rule for rule in rules if not rule.startswith("target:")}
        self.assertIn(f"{len(profiles)} profiles, {len(rules)} rules and what is known of "
                      f"{len(parameters)} parameters", text)
        for name in profiles - {"baseline"}:
            self.assertIn(f"`{name}`", text)

        table = re.findall(r"`([a-z]+)`", "".join(re.findall(r"(?m)^\| (`.*?) \|", text)))
        offered = re.search(r"ommands:\n((?:  .*\n)+)", advisor.run("--help").stdout)[1]
        self.assertEqual(sorted(table), sorted(re.findall(r"(?m)^  ([a-z]+) ", offered)))


def names(answer, kind, key="name"):
    return {one[key] for one in json.loads(answer.stdout)[kind]}


if __name__ == "__main__":
    advisor.main(at_once=2)
