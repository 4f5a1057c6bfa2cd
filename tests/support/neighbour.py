"""Other hosts beside a private host: network namespaces at the other end of a link."""

import collections
import contextlib
import ctypes
import fcntl
import os
import select
import socket
import struct
import subprocess
import threading
import time
import unittest

import advisor

SIOCETHTOOL, ETHTOOL_GLINK = 0x8946, 0xA
TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 1, 0x1000


class Neighbour:
    """A host beside this one, at the other end of a link: what is made `with` it is made there."""

    def __init__(self, here="10.77.0.1", there="10.77.0.2", link="v0"):
        advisor.require_private_host()
        self.here, self.there, self.link = here, there, link
        self.namespaces = [os.open("/proc/thread-self/ns/net", os.O_RDONLY)]
        self._enter_new()
        self.namespaces.append(os.open("/proc/thread-self/ns/net", os.O_RDONLY))
        self.__exit__()
        self.lay_line()
        self.ip(f"address add {here}/24 dev {link}")
        self.ip(f"link set {link} up")
        with self:
            self.ip("link set lo up")
            self.ip(f"address add {there}/24 dev {link}")
            self.ip(f"link set {link} up")
            self.wait_for_link()
        self.wait_for_link()

    def lay_line(self):
        path = f"/proc/{os.getpid()}/fd/{self.namespaces[1]}"
        self.ip(f"link add {self.link} type veth peer name {self.link} netns {path}")

    @staticmethod
    def ip(arguments):
        subprocess.run(["ip", *arguments.split()], check=True)

    @staticmethod
    def _call(function, *arguments):
        if function(*arguments):
            raise OSError(ctypes.get_errno(), "no network namespace of its own")

    def wait_for_link(self):
        """A new link loses what is sent until the kernel has noticed that it is up, up to a second later.
        It notices at once if it is asked (ethtool's ETHTOOL_GLINK)."""
        told = ctypes.create_string_buffer(struct.pack("II", ETHTOOL_GLINK, 0))
        question = struct.pack("16sQ16x", self.link.encode(), ctypes.addressof(told))
        end = time.monotonic() + 10
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
            while struct.unpack("II", told.raw[:8])[1] == 0:
                fcntl.ioctl(asked, SIOCETHTOOL, question)
                if time.monotonic() > end:
                    raise AssertionError(f"the link {self.link} does not come up")

    def _enter_new(self):
        self._call(ctypes.CDLL(None, use_errno=True).unshare, 0x40000000)  # CLONE_NEWNET

    def _move(self, namespace):
        self._call(ctypes.CDLL(None, use_errno=True).setns, namespace, 0x40000000)

    def __enter__(self):
        self._move(self.namespaces[1])
        return self

    def __exit__(self, *_):
        self._move(self.namespaces[0])


class FarNeighbour(Neighbour):
    """Behind a line on which each packet takes `delay` seconds, and none longer than `longest` arrives.

    It carries `rate` bytes a second, and has a queue for what it carries in QUEUE seconds.
    """

    QUEUE = 0.02

    def __init__(self, *ends, delay=0.0, longest=1500, rate=1e9):
        self.delay, self.longest, self.rate = delay, longest, rate
        super().__init__(*ends)

    def lay_line(self):
        ends = [self._tunnel()]
        with self:
            ends.append(self._tunnel())
        threading.Thread(target=self._carry, args=ends, daemon=True).start()

    def _tunnel(self):
        try:
            end = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
            fcntl.ioctl(end, TUNSETIFF, struct.pack("16sH22x", self.link.encode(), IFF_TUN | IFF_NO_PI))
        except OSError as error:
            raise unittest.SkipTest(f"/dev/net/tun: {error.strerror}")
        self.ip(f"link set {self.link} txqueuelen 5000")
        return end

    def _carry(self, here, there):
        under_way = {here: collections.deque(), there: collections.deque()}  # by where they go
        free = {here: 0.0, there: 0.0}  # when the line will have sent what it took
        while True:
            now = time.monotonic()
            for end, packets in under_way.items():
                while packets and packets[0][0] <= now:
                    with contextlib.suppress(OSError):
                        os.write(end, packets.popleft()[1])
            due = min((packets[0][0] for packets in under_way.values() if packets), default=now + 60)
            for end in select.select([here, there], [], [], max(0, due - now))[0]:
                packet, to, now = os.read(end, 65536), there if end == here else here, time.monotonic()
                sent = max(now, free[to]) + len(packet) / self.rate
                if len(packet) <= self.longest and sent - now <= self.QUEUE:
                    free[to] = sent
                    under_way[to].append((sent + self.delay, packet))
