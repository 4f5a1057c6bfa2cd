"""Hosts that are well: a load that works, on the kernel's own values, is no reason to warn anybody."""

import contextlib
import os
import socket
import sys
import threading
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
import advisor
from advisor import SERVER, audit, write_parameter
from neighbour import FarNeighbour
from provisional import until

PAUSE = 0.005  # seconds between two requests of one client: some hundreds a second
ANSWER = bytes(2000)


def answer(connection):
    """Answers each request of a connection until it is closed."""
    with connection, contextlib.suppress(OSError):
        while connection.recv(100):
            connection.sendall(ANSWER)


def serve(listener, handle=answer):
    with contextlib.suppress(OSError):
        while True:
            threading.Thread(target=handle, args=[listener.accept()[0]], daemon=True).start()


def ask(connection):
    connection.sendall(b"request")
    left = len(ANSWER)
    while left:
        left -= len(connection.recv(left))


def ask_once(address, port):
    with advisor.connect(address, port) as connection:
        ask(connection)


class Healthy(unittest.TestCase):
    PROFILES = ["baseline"]

    def setUp(self):
        advisor.add_address()
        self.ended = threading.Event()
        self.loads, self.calls, self.troubles = [], [], []

    def start(self, function, *arguments, pause=PAUSE):
        """Calls it over and over again, beside the test."""
        self.loads.append(function)
        def repeat():
            while not self.ended.is_set():
                try:
                    function(*arguments)
                    self.calls.append(function)
                except OSError as error:
                    if not self.ended.is_set():
                        self.troubles.append(error)
                    return
                time.sleep(pause)
        threading.Thread(target=repeat, daemon=True).start()

    def start_server(self, address=SERVER, port=8080, handle=answer):
        listener = socket.create_server((address, port), backlog=1024)
        threading.Thread(target=serve, args=[listener, handle], daemon=True).start()

    def check_nothing_is_wrong(self, warm_up=0.3):
        time.sleep(warm_up)
        for profile in self.PROFILES:
            report = audit("--interval", "1s", "--profile", profile)
            wrong = [(found["rule"], found["evidence"]) for found in report["findings"]
                     if found["verdict"] == "violated" and found["severity"] in ("warning", "critical")]
            self.said(profile, report)
            self.assertEqual(wrong, [])
        # A busy machine takes its time for them.
        were_loads = until(lambda: all(self.calls.count(load) >= 20 for load in set(self.loads)))
        self.ended.set()
        self.assertEqual(self.troubles, [])
        self.assertTrue(were_loads)

    def said(self, profile, report):
        """For those who want to see all of it."""

    def test_a_web_server_whose_clients_keep_their_connections(self):
        neighbour = FarNeighbour(delay=0.005)
        self.start_server(neighbour.here)
        with neighbour:
            kept = [advisor.connect(neighbour.here) for _ in range(20)]
            for connection in kept:
                self.start(ask, connection, pause=0.05)
            for _ in range(3):
                self.start(ask_once, neighbour.here, 8080, pause=0.03)
        self.check_nothing_is_wrong()

    def test_short_connections_whose_ports_are_used_again(self):
        write_parameter("net.ipv4.ip_local_port_range", "40000 40999")
        write_parameter("net.ipv4.tcp_tw_reuse", "1")
        self.start_server()
        for _ in range(400):
            ask_once(SERVER, 8080)
        self.start(ask_once, SERVER, 8080)
        self.check_nothing_is_wrong(1.5)

    def test_a_service_over_udp(self):
        neighbour = FarNeighbour(delay=0.002)
        service = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        service.bind((neighbour.here, 5353))
        self.start(lambda: service.sendto(*service.recvfrom(1500)), pause=0)
        with neighbour:
            client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.start(client.sendto, bytes(500), (neighbour.here, 5353), pause=0.001)
        self.start(client.recv, 1500, pause=0)
        self.check_nothing_is_wrong()

    def test_a_host_with_nothing_to_do(self):
        self.check_nothing_is_wrong()

    def test_a_database_with_pools_of_connections(self):
        neighbour = FarNeighbour(delay=0.001)
        self.start_server(neighbour.here, 5432)
        with neighbour:
            pool = [advisor.connect(neighbour.here, 5432) for _ in range(40)]
        for connection in pool:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for connection in pool[:10]:
            self.start(ask, connection, pause=0.05)
        self.check_nothing_is_wrong()

    def test_a_proxy_before_a_local_backend(self):
        def forward(client):
            with client, contextlib.suppress(OSError):
                while client.recv(100):
                    ask_once("127.0.0.1", 9000)
                    client.sendall(ANSWER)
        neighbour = FarNeighbour(delay=0.005)
        self.start_server("127.0.0.1", 9000)
        self.start_server(neighbour.here, 8080, forward)
        with neighbour:
            clients = [advisor.connect(neighbour.here) for _ in range(5)]
        for connection in clients:
            self.start(ask, connection, pause=0.05)
        self.check_nothing_is_wrong()

    def test_a_large_transfer_over_loopback(self):
        listener = socket.create_server((SERVER, 8080))
        sender = advisor.connect()
        receiver = listener.accept()[0]
        self.start(sender.sendall, bytes(1 << 18), pause=0)
        self.start(receiver.recv, 1 << 18, pause=0)
        self.check_nothing_is_wrong()

    def test_a_client_that_asks_for_names(self):
        neighbour = FarNeighbour(delay=0.005)
        with neighbour:
            service = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        service.bind((neighbour.there, 53))
        self.start(lambda: service.sendto(*service.recvfrom(512)), pause=0)

        def query():
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
                client.sendto(bytes(60), (neighbour.there, 53))
                client.recv(512)
        for _ in range(4):
            self.start(query)
        self.check_nothing_is_wrong()


if __name__ == "__main__":
    advisor.main(at_once=4)
