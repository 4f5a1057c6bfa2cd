"""What stands beside a limit, or is shared unevenly, made on the kernel and seen by an audit."""

import contextlib
import ctypes
import ctypes.util
import json
import os
import socket
import struct
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
import advisor
from advisor import audit, finding, fired, run
from neighbour import Neighbour

USER = 54321
INSTANCES, WATCHES = 100, 3
LIBC = ctypes.CDLL(ctypes.util.find_library("c"), use_errno=True)


def snapshot():
    return json.loads(run("snapshot", "-", "--interval", "200ms", status=0).stdout)


def with_children(work):
    """Runs `work` in a child, which then waits with a child of its own that inherited what it has.
    Returns the process, which is ready."""
    ready, told = os.pipe()
    child = os.fork()
    if child == 0:
        os.setuid(USER)
        work()
        if os.fork() != 0:
            os.write(told, b"x")
        time.sleep(30)
        os._exit(0)
    os.read(ready, 1)
    return child


def inotify_use():
    """What a snapshot says of it, where it may look into all processes: root of some sandboxes may not."""
    use = snapshot()["inotify"]
    if use["value"] is None:
        raise unittest.SkipTest(use["error"]["message"])
    return use["value"]


def watch():
    for _ in range(INSTANCES):
        instance = LIBC.inotify_init()
        for directory in ("/", "/etc", "/usr")[:WATCHES]:
            LIBC.inotify_add_watch(instance, directory.encode(), 0x100)  # IN_CREATE


class Limits(unittest.TestCase):
    def setUp(self):
        advisor.require_private_host()

    def test_instances_of_inotify_are_counted_by_user_and_each_once(self):
        child = with_children(watch)
        self.addCleanup(subprocess.run, ["pkill", "-KILL", "-U", str(USER)])
        self.addCleanup(os.kill, child, 9)

        use = inotify_use()

        self.assertEqual(use["instances"], {"user": USER, "count": INSTANCES})
        self.assertEqual(use["watches"], {"user": USER, "count": INSTANCES * WATCHES})

    def test_instances_of_programs_that_watch_the_same_are_told_apart(self):
        def few():
            for _ in range(40):
                LIBC.inotify_add_watch(LIBC.inotify_init(), b"/etc", 0x100)

        for _ in range(3):
            self.addCleanup(os.kill, with_children(few), 9)
        self.addCleanup(subprocess.run, ["pkill", "-KILL", "-U", str(USER)])

        self.assertEqual(inotify_use()["instances"], {"user": USER, "count": 120})

    def test_who_may_not_look_into_processes_knows_nothing_of_inotify(self):
        command = ["setpriv", "--bounding-set=-sys_ptrace", advisor.BINARY, "snapshot", "-", "--interval", "200ms"]
        child = with_children(watch)
        self.addCleanup(subprocess.run, ["pkill", "-KILL", "-U", str(USER)])
        self.addCleanup(os.kill, child, 9)

        done = subprocess.run(command, capture_output=True, text=True, check=True)

        self.assertIn("could not be looked into", json.loads(done.stdout)["inotify"]["error"]["message"])

    def test_segments_of_shared_memory_are_held_against_their_limit(self):
        if LIBC.unshare(0x08000000):  # CLONE_NEWIPC
            self.skipTest("no IPC namespace of its own")
        for _ in range(5):
            self.assertGreaterEqual(LIBC.shmget(0, 4096, 0o600), 0)

        self.assertEqual(snapshot()["counters"]["last"]["sysvipc.shm"], 5)

    def test_of_two_listeners_on_a_port_the_idle_one_is_told_from_the_full_one(self):
        listeners = []
        for _ in range(2):
            listener = socket.socket()
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            listener.bind(("127.0.0.1", 8080))
            listener.listen(20)
            listener.setblocking(False)
            listeners.append(listener)
        self.assertFalse(fired(audit("--interval", "0"), "listeners-uneven"))
        busy, held = listeners
        clients = []
        while len(clients) < 200 and not fired(audit("--interval", "0"), "listeners-uneven"):
            for _ in range(10):
                client = socket.socket()
                client.setblocking(False)
                client.connect_ex(("127.0.0.1", 8080))
                clients.append(client)
            while True:  # the worker of this one has time
                try:
                    clients.append(busy.accept()[0])
                except BlockingIOError:
                    break

        uneven = finding(audit("--interval", "0"), "listeners-uneven")

        self.assertEqual(uneven["verdict"], "violated")
        self.assertIn("127.0.0.1:8080 (2 sockets: 21 wait at one, whose backlog is 20, and 0 at another)",
                      uneven["evidence"])

    def test_ports_of_udp_are_held_against_the_range(self):
        advisor.write_parameter("net.ipv4.ip_local_port_range", "40000 40099")
        sockets = []
        for _ in range(85):
            client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            client.connect(("127.0.0.1", 53))
            sockets.append(client)

        used = finding(audit("--interval", "0"), "udp-local-ports")
        applied = run("apply", "--yes", "--interval", "0", "--only", "udp-local-ports", status=0)

        self.assertIn("85 of 100 usable", used["evidence"])
        self.assertEqual(advisor.read_parameter("net.ipv4.ip_local_port_range"), "15000 60999", applied)
        self.assertFalse(fired(audit("--interval", "0"), "udp-local-ports"))
        run("rollback", status=0)
        self.assertTrue(fired(audit("--interval", "0"), "udp-local-ports"))

    def test_peers_that_left_the_network_are_told_by_their_silence(self):
        far = Neighbour()
        with far:
            listener = socket.create_server((far.there, 8080), backlog=64)
        clients = []
        for _ in range(12):
            client = socket.create_connection((far.there, 8080), timeout=10)
            client.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            for option in (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL):
                client.setsockopt(socket.IPPROTO_TCP, option, 1)
            clients.append(client)
        self.assertFalse(fired(audit("--interval", "0"), "dead-peers"))

        with far:
            far.ip("address flush dev v0")
        deadline = time.monotonic() + 10
        while not fired(audit("--interval", "0"), "dead-peers"):
            self.assertLess(time.monotonic(), deadline, "no probe stayed without an answer")
            time.sleep(0.2)

        self.assertIn("12 of 12 connections", finding(audit("--interval", "0"), "dead-peers")["evidence"])
        listener.close()

    def test_advertisements_that_a_router_passes_over_are_told_where_its_route_is_gone(self):
        router = Neighbour()
        advisor.write_parameter("net.ipv6.conf.v0.accept_ra", "1")
        with router:
            source = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
            source.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 255)
            source.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, socket.if_nametoindex("v0"))
        rule = "consistency-forwarding-advertisements"
        self.wait_for_route(source)
        self.assertFalse(fired(audit("--interval", "0"), rule))

        advisor.write_parameter("net.ipv6.conf.all.forwarding", "1")
        told = finding(audit("--interval", "0"), rule)
        advisor.write_parameter("net.ipv6.conf.v0.accept_ra", "2")
        self.wait_for_route(source)

        self.assertEqual(told["verdict"], "violated")
        self.assertIn("v0 got router advertisements", told["evidence"])
        self.assertFalse(fired(audit("--interval", "0"), rule))

    def wait_for_route(self, source):
        """Advertises a router until there is a default route by it."""
        message = struct.pack("!BBHBBHII", 134, 0, 0, 64, 0, 1800, 0, 0)  # RFC 4861, 4.2
        deadline = time.monotonic() + 10
        while not subprocess.run(["ip", "-6", "route", "show", "default"], capture_output=True).stdout:
            self.assertLess(time.monotonic(), deadline, "no route by the advertisement")
            with contextlib.suppress(OSError):  # there is no address of the link yet
                source.sendto(message, ("ff02::1", 0))
            time.sleep(0.1)


if __name__ == "__main__":
    advisor.main()
