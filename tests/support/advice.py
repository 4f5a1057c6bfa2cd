"""Measuring whether advice helps: a problem is made, found, mended as advised, and brought back.

What is measured are counts: connections refused, datagrams lost. The third measurement, after
`rollback`, shows that it was the change that mended it. For each rule a line is printed:

    accept-queue-capped   23 of 40 connections not accepted -> 0 -> 23
"""

import concurrent.futures
import contextlib
import errno
import json
import select
import socket
import struct
import threading
import time
import unittest

import advisor
from advisor import SERVER, audit, finding, run, write_parameter

STATE, OPTIONS = 0, 5  # bytes of struct tcp_info
ESTABLISHED = 1
CLOSED_PORT = 9


def tcp_info(connection, byte):
    return connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 104)[byte]


def values():
    """What each parameter of this namespace is."""
    lines = (line.split(" = ", 1) if " = " in line else (line.rstrip(" ="), "")
             for line in advisor.all_parameters())
    return {name: " ".join(value.split()) for name, value in lines}


def counters():
    """What the kernel counts in this namespace: "TcpExt.ListenDrops" and the like."""
    counted = {}
    for name in ("netstat", "snmp"):
        with open(f"/proc/thread-self/net/{name}") as file:
            lines = file.read().splitlines()
        for names, numbers in zip(lines[::2], lines[1::2]):
            group, *fields = names.split()
            counted.update((group.replace(":", ".") + field, int(number))
                           for field, number in zip(fields, numbers.split()[1:]))
    return counted


@contextlib.contextmanager
def kept_up(load):
    """Calls `load` over and over again, beside what is done meanwhile."""
    ended = threading.Event()
    begun = threading.Event()

    def repeat():
        while not ended.is_set():
            load()
            begun.set()

    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        running = pool.submit(repeat)
        while not begun.wait(0.01) and not running.done():
            pass
        try:
            yield
        finally:
            ended.set()
            running.result()


def until(condition, seconds=20):
    """Waits until it is true, and no longer than that."""
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.01)


def close(sockets):
    """By a reset, so that nothing of them is left."""
    for each in sockets:
        each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        each.close()
    sockets.clear()


def requests_to_connect(count, port=8080, address=SERVER):
    clients = []
    for _ in range(count):
        client = socket.socket()
        client.setblocking(False)
        client.connect_ex((address, port))
        clients.append(client)
    return clients


def come_through(clients):
    """How many of them are connected, as far as they know."""
    return sum(tcp_info(client, STATE) == ESTABLISHED for client in clients)


def accepted(listener):
    """The connections that wait there."""
    listener.setblocking(False)
    connections = []
    with contextlib.suppress(BlockingIOError):
        while True:
            connections.append(listener.accept()[0])
    return connections


def transfer(sender, receiver, amount):
    """How many bytes were under way at the most."""
    most, unsent, left = 0, amount, amount
    sender.setblocking(False)
    while left:
        readable, writable, _ = select.select([receiver], [sender] if unsent else [], [], 5)
        if readable:
            left -= len(receiver.recv(1 << 20))
        if writable:
            unsent -= sender.send(bytes(min(unsent, 1 << 16)))
        told = sender.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 104)
        segment, under_way = struct.unpack_from("I", told, 16)[0], struct.unpack_from("I", told, 24)[0]
        most = max(most, under_way * segment)
    return most


def endless_transfer(sender, receiver):
    """Until one of them is closed."""
    with contextlib.suppress(OSError, ValueError):
        while True:
            transfer(sender, receiver, 1 << 40)


def wait_for_route(address):
    """The kernel makes the routes to a new address of IPv6 a moment after the address."""
    def is_there():
        with socket.socket(socket.AF_INET6) as probe:
            probe.settimeout(1)
            return probe.connect_ex((address, CLOSED_PORT)) == errno.ECONNREFUSED
    until(is_there)


def is_violated(found):
    return found["verdict"] == "violated"


class Advice(unittest.TestCase):
    interval = "300ms"  # between two samples, where a rule needs a rate

    def setUp(self):
        advisor.add_address()
        # On a busy machine a late ACK finds the peer gone, and its answer (RST) would end TIME_WAIT.
        write_parameter("net.ipv4.tcp_rfc1337", "1")

    def under(self, load, look, is_found=lambda _: True):
        """What `look` sees with those options while `load` goes on. On a busy machine a load has moments
        without the problem, so it looks again until `is_found`, and no longer than 20 s."""
        end = time.monotonic() + 20
        with kept_up(load) if load else contextlib.nullcontext():
            seen = look("--interval", self.interval if load else "0")
            while load and not is_found(seen) and time.monotonic() < end:
                seen = look("--interval", self.interval)
            return seen

    def told(self, rule, profile, load, is_found=lambda _: True):
        """What an audit says of that rule."""
        return self.under(load, lambda *interval: finding(audit("--profile", profile, *interval), rule), is_found)

    def carry_out(self, rule, profile, load):
        def apply(*interval):
            arguments = ["--yes", "--format", "json", "--profile", profile, "--only", rule, *interval]
            return json.loads(run("apply", *arguments, status=0).stdout)
        return self.under(load, apply, lambda applied: applied["changes"])

    def there_and_back(self, rule, measure, suffer, worst, *, load=None, profile="baseline",
                       by_rate=False, asks_no_more=False):
        """Three times `measure` makes the problem, and counts who suffers: at least `worst` of them, but
        nobody while the advice of the rule is in force.

        `by_rate`: what is advised depends on a rate, so that it differs from one run to the next.
        `asks_no_more`: the rule still speaks, of what no parameter mends, but advises nothing.
        """
        before = values()
        problem, of = measure()
        found = self.told(rule, profile, load, is_violated)
        self.assertEqual(found["verdict"], "violated", found)
        advised = {wanted["parameter"]: wanted["advised"] for wanted in found["recommendations"]}
        self.assertTrue(advised, found)

        applied = self.carry_out(rule, profile, load)
        written = {change["parameter"]: change["after"] for change in applied["changes"]}
        self.assertEqual(set(written) if by_rate else written, set(advised) if by_rate else advised)
        moved = {change["parameter"] for change in applied["moved"]}
        changed = {name: value for name, value in values().items()
                   if value != before.get(name) and name not in moved}
        self.assertEqual(changed, written)
        cured, _ = measure()
        after = self.told(rule, profile, load)
        self.assertEqual(after["recommendations"], [], after)
        silent = ["violated"] if asks_no_more else ["satisfied", "not-applicable"]
        self.assertIn(after["verdict"], silent, after)

        run("rollback", status=0)
        self.assertEqual(values(), before)
        back, _ = measure()
        self.assertEqual(self.told(rule, profile, load, is_violated)["verdict"], "violated")
        print(f"{rule:<36} {problem} of {of} {suffer} -> {cured} -> {back}", flush=True)
        self.assertGreaterEqual(problem, worst)
        self.assertEqual(cured, 0)
        self.assertGreaterEqual(back, worst)
