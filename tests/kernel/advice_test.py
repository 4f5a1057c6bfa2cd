"""Whether the advice for servers, ports and features of TCP helps, tried with real sockets.

That for packets, paths and long-lived connections is tried in advice_paths_test.py; exhaustion_test.py
follows ports that run out through all that the program says of them.
"""

import contextlib
import os
import socket
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
import advisor
from advice import (OPTIONS, Advice, accepted, close, come_through, counters, kept_up,
                    requests_to_connect, tcp_info, until, values, wait_for_route)
from advisor import SERVER, audit, run, write_parameter
from neighbour import Neighbour
from packets import syn

TIMESTAMPS, SACK, SCALING, ECN = 1, 2, 4, 8  # bits of tcpi_options
MTU_DISCOVER = 10  # IP_MTU_DISCOVER


class Servers(Advice):
    def test_a_longer_accept_queue_takes_the_burst_in_once_the_server_listens_again(self):
        write_parameter("net.core.somaxconn", "16")
        server = advisor.Server(closes="never accepts")
        clients = []

        def burst():
            close(clients)
            close(accepted(server.listener))
            server.listener.listen(1000)
            before = counters()
            clients.extend(requests_to_connect(40))
            until(lambda: come_through(clients)
                  + counters()["TcpExt.ListenDrops"] - before["TcpExt.ListenDrops"] >= 40)
            return 40 - come_through(clients), 40

        self.there_and_back("accept-queue-capped", burst, "connections not accepted", 20)

    def test_syncookies_let_clients_in_while_the_queue_of_requests_is_full(self):
        neighbour = Neighbour()
        Neighbour.ip("route add 10.98.0.0/16 via " + neighbour.there)
        write_parameter("net.ipv4.tcp_syncookies", "0")
        write_parameter("net.ipv4.tcp_max_syn_backlog", "64")
        write_parameter("net.ipv4.tcp_no_metrics_save", "1")
        server = advisor.Server(neighbour.here, closes="never accepts", backlog=32)
        with neighbour:
            raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
        clients = []

        def clients_in_a_flood():
            close(clients)
            close(accepted(server.listener))
            for number in range(100):
                raw.sendto(syn(f"10.98.0.{number}", 1024 + number, neighbour.here), (neighbour.here, 0))
            before = counters()
            with neighbour:
                clients.extend(requests_to_connect(20, address=neighbour.here))
            until(lambda: come_through(clients)
                  + counters()["TcpExt.ListenDrops"] - before["TcpExt.ListenDrops"] >= 20)
            return 20 - come_through(clients), 20

        self.there_and_back("syn-backlog-drops", clients_in_a_flood, "clients kept out", 15,
                            load=clients_in_a_flood)

    def test_without_aborts_a_client_that_meets_a_full_queue_is_not_reset(self):
        write_parameter("net.ipv4.tcp_abort_on_overflow", "1")
        server = advisor.Server(closes="never accepts")
        server.listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, 10)
        clients = []

        def burst_at_a_queue_of_ten():
            close(clients)
            close(accepted(server.listener))
            server.listener.listen(1000)
            clients.extend(requests_to_connect(40))
            until(lambda: come_through(clients) == 40)
            server.listener.listen(10)
            before = counters()
            for client in clients:
                client.send(b"x")
            until(lambda: counters()["TcpExt.ListenOverflows"] - before["TcpExt.ListenOverflows"] >= 29)
            return 40 - come_through(clients), 40

        self.there_and_back("accept-queue-aborts", burst_at_a_queue_of_ten, "clients reset", 29,
                            load=burst_at_a_queue_of_ten)


class Ports(Advice):
    def test_room_for_time_wait_keeps_connections_from_being_destroyed_without_it(self):
        write_parameter("net.ipv4.tcp_max_tw_buckets", "100")
        advisor.Server()

        def churn(count=300):
            before = counters()
            advisor.short_connections(count)
            return counters()["TcpExt.TCPTimeWaitOverflow"] - before["TcpExt.TCPTimeWaitOverflow"], count

        self.there_and_back("time-wait-buckets-overflow", churn, "connections destroyed", 200,
                            load=lambda: [advisor.connect().close() for _ in range(20)], by_rate=True)

    def test_a_wider_range_lets_connections_be_made_where_open_ones_hold_all_ports(self):
        self.check_room("local-ports-exhausted", held=100, refused=90)

    def test_so_it_does_where_they_hold_many(self):
        self.check_room("target:net.ipv4.ip_local_port_range", held=40, refused=30,
                        profile="outbound-service")

    def test_so_it_does_over_ipv6(self):
        advisor.add_address("fd00:99::5")
        wait_for_route("fd00:99::5")
        self.check_room("local-ports-exhausted", held=100, refused=90, address="fd00:99::5")

    def check_room(self, rule, held, refused, address=SERVER, **how):
        write_parameter("net.ipv4.ip_local_port_range", "40000 40099")
        server = advisor.Server(address, closes="never")
        clients = [advisor.connect(address) for _ in range(held)]

        def more_connections():
            more = []
            with contextlib.suppress(OSError):
                while len(more) < 90:
                    more.append(advisor.connect(address))
            made = len(more)
            close(more)
            return 90 - made, 90

        self.there_and_back(rule, more_connections, "connections refused", refused, **how)
        close(clients)
        server.listener.close()

    def test_a_reserved_port_is_still_free_when_its_service_starts_again(self):
        self.check_restarts("local-ports-unreserved", 40000)

    def test_so_it_is_where_the_range_begins_low(self):
        self.check_restarts("folklore-low-port-range", 8000)

    def check_restarts(self, rule, low):
        write_parameter("net.ipv4.ip_local_port_range", f"{low} {low + 99}")
        advisor.Server(port=7000, closes="never")
        services, clients, ports = [], [], range(low + 10, low + 15)

        def restart():
            """Five services stop, connections are made while any port is left, and they start again."""
            close(services)
            close(clients)
            with contextlib.suppress(OSError):
                while True:
                    clients.append(advisor.connect(port=7000))
            taken = 0
            for port in ports:
                service = socket.socket()
                services.append(service)
                try:
                    service.bind((SERVER, port))
                except OSError:
                    taken += 1
            close(clients)
            close(services)
            services.extend(socket.create_server((SERVER, port)) for port in ports)
            clients.extend(advisor.connect(port=7000) for _ in range(10))
            return taken, len(ports)

        self.there_and_back(rule, restart, "services whose port is taken", len(ports))

    def test_in_a_wider_range_connecting_finds_a_port_in_the_half_that_it_prefers(self):
        """That half are the even ones here; once all are taken, the kernel searches each time."""
        write_parameter("net.ipv4.ip_local_port_range", "40000 40999")
        server = advisor.Server(closes="never")
        held = [advisor.connect() for _ in range(520)]

        def more_connections():
            clients = [advisor.connect() for _ in range(20)]
            searched = sum(each.getsockname()[1] % 2 for each in clients)
            close(clients)
            return searched, 20

        self.there_and_back("local-ports-pressure", more_connections, "connections after a search", 20)
        close(held)
        server.listener.close()

    def test_a_wider_range_carries_the_rate_for_which_a_small_one_would_run_out(self):
        """What a minute of it takes is reckoned from the kernel's own count of a second."""
        self.interval = "2s"
        write_parameter("net.ipv4.ip_local_port_range", "50000 51999")
        advisor.Server()

        def connection():
            advisor.connect().close()
            time.sleep(0.008)  # so that the range itself lasts for the whole test

        def ports_of_a_minute():
            before = counters()["Tcp.ActiveOpens"]
            with kept_up(connection):
                time.sleep(1)
            needed = 60 * (counters()["Tcp.ActiveOpens"] - before)
            low, high = map(int, advisor.read_parameter("net.ipv4.ip_local_port_range").split())
            return max(0, needed - (high - low + 1)), needed

        self.there_and_back("local-ports-forecast", ports_of_a_minute, "ports short", 1, load=connection)

    def test_ports_in_time_wait_are_taken_over(self):
        write_parameter("net.ipv4.ip_local_port_range", "40000 40099")
        advisor.Server()
        advisor.short_connections(100)
        time.sleep(1.2)  # until they may be taken over

        self.there_and_back("time-wait-reuse", lambda: (advisor.short_connections(50)[1], 50),
                            "connections refused", 50)

    def test_in_a_wider_range_no_connection_hangs_on_a_port_being_taken_over(self):
        write_parameter("net.ipv4.ip_local_port_range", "40000 40099")
        write_parameter("net.ipv4.tcp_tw_reuse", "1")
        advisor.Server()
        advisor.short_connections(100)
        time.sleep(1.2)  # until they may be taken over

        def taken_over():
            before = counters()["TcpExt.TWRecycled"]
            advisor.short_connections(20)
            return counters()["TcpExt.TWRecycled"] - before

        def more_connections():
            taken = taken_over()
            if advisor.read_parameter("net.ipv4.ip_local_port_range") != "40000 40099":
                # By chance the search for a port began among these hundred: it goes on from there.
                for _ in range(5):
                    taken = taken and taken_over()
            return taken, 20

        self.there_and_back("local-ports-held", more_connections, "connections over an old one", 20)

    def test_a_shorter_fin_timeout_sets_free_what_slow_peers_leave_behind(self):
        write_parameter("net.ipv4.tcp_fin_timeout", "300")
        os.makedirs("/etc/sysctl-advisor/profiles", exist_ok=True)
        with open("/etc/sysctl-advisor/profiles/few.toml", "w") as file:
            file.write('name = "few"\nsummary = "for a test"\nextends = ["baseline"]\n'
                       "[options]\nmany_closing = 200\n")
        server = advisor.Server(closes="never")

        def closed_by_us_alone():
            """How many sockets the kernel keeps whole, and longer than a minute."""
            close(server.kept)
            for _ in range(300):
                advisor.connect().close()
            until(lambda: advisor.socket_states().get("FIN-WAIT-2") == 300)
            told = subprocess.run(["ss", "-Htno", "state", "fin-wait-2"], capture_output=True, text=True)
            return told.stdout.count("timer:(keepalive,"), 300

        self.there_and_back("fin-wait-many", closed_by_us_alone, "sockets kept for minutes", 300,
                            profile="few", asks_no_more=True)


class Features(Advice):
    def setUp(self):
        super().setUp()
        advisor.Server(closes="never")

    @staticmethod
    def connections_without(bit, client=contextlib.nullcontext(), address=SERVER):
        clients = []
        for _ in range(20):
            with client:
                clients.append(advisor.connect(address))
        without = sum(not tcp_info(each, OPTIONS) & bit for each in clients)
        close(clients)
        return without, 20

    def test_window_scaling(self):
        write_parameter("net.ipv4.tcp_window_scaling", "0")
        self.there_and_back("tcp-window-scaling-off", lambda: self.connections_without(SCALING),
                            "connections without it", 20)

    def test_selective_acknowledgements(self):
        write_parameter("net.ipv4.tcp_sack", "0")
        self.there_and_back("tcp-sack-off", lambda: self.connections_without(SACK),
                            "connections without them", 20)

    def test_timestamps(self):
        write_parameter("net.ipv4.tcp_timestamps", "0")
        self.there_and_back("tcp-timestamps-off", lambda: self.connections_without(TIMESTAMPS),
                            "connections without them", 20)

    def test_congestion_notification_for_a_peer_that_asks(self):
        write_parameter("net.ipv4.tcp_ecn", "0")
        neighbour = Neighbour()
        advisor.Server(neighbour.here, closes="never")
        with neighbour:
            write_parameter("net.ipv4.tcp_ecn", "1")
        self.there_and_back("tcp-ecn-refused",
                            lambda: self.connections_without(ECN, neighbour, neighbour.here),
                            "connections without it", 20)

    def test_path_mtu_discovery(self):
        write_parameter("net.ipv4.ip_no_pmtu_disc", "1")

        def let_others_fragment():
            clients = [socket.socket() for _ in range(20)]
            without = sum(each.getsockopt(socket.IPPROTO_IP, MTU_DISCOVER) == 0 for each in clients)
            close(clients)
            return without, 20

        self.there_and_back("path-mtu-discovery-off", let_others_fragment, "sockets without it", 20)

    def buffers_that_stay(self):
        """Of five receivers that read at once all that is sent to them, 8 MB each."""
        listener = socket.create_server((SERVER, 8090))
        stay = 0
        for _ in range(5):
            sender = advisor.connect(SERVER, 8090)
            receiver, _ = listener.accept()
            first = receiver.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF)
            left = 8 << 20
            sender.setblocking(False)
            while left:
                with contextlib.suppress(BlockingIOError):
                    sender.send(bytes(131072))
                left -= min(left, len(receiver.recv(131072)))
            stay += receiver.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF) == first
            close([sender, receiver])
        listener.close()
        return stay, 5

    def test_receive_buffers_that_grow(self):
        write_parameter("net.ipv4.tcp_moderate_rcvbuf", "0")
        self.there_and_back("tcp-moderate-rcvbuf-off", self.buffers_that_stay,
                            "buffers that do not grow", 5)


def nothing():
    time.sleep(0.01)


class Values(Advice):
    """Rules that go by a value, and whose effect is not tried; with a load by a rate as well."""

    CASES = [
        ("tcp-dsack-off", "net.ipv4.tcp_dsack", "0", None),
        ("tcp-frto-off", "net.ipv4.tcp_frto", "0", None),
        ("tcp-tail-loss-probe-off", "net.ipv4.tcp_early_retrans", "0", None),
        ("security-syncookies", "net.ipv4.tcp_syncookies", "0", nothing),
        ("time-wait-buckets-low", "net.ipv4.tcp_max_tw_buckets", "1000", nothing),
        ("conntrack-established-timeout",
         "net.netfilter.nf_conntrack_tcp_timeout_established", "600", None),
        ("target:net.core.somaxconn", "net.core.somaxconn", "128", None),
    ]

    def test_each_is_mended_and_brought_back(self):
        for rule, parameter, bad, load in self.CASES:
            if not os.path.exists("/proc/sys/" + parameter.replace(".", "/")):
                continue  # without connection tracking
            with self.subTest(rule):
                good = advisor.read_parameter(parameter)
                write_parameter(parameter, bad)
                self.there_and_back(rule, lambda: (int(advisor.read_parameter(parameter) == bad), 1),
                                    "value", 1, load=load)
                write_parameter(parameter, good)

    def test_all_that_is_advised_is_written_at_once_and_nothing_else(self):
        for _, parameter, bad, _ in self.CASES:
            if os.path.exists("/proc/sys/" + parameter.replace(".", "/")):
                write_parameter(parameter, bad)
        before = values()
        found = audit("--interval", "1s")["findings"]
        advised = {wanted["parameter"]: wanted["advised"] for each in found
                   for wanted in each["recommendations"]}

        run("apply", "--yes", status=0)
        changed = {name: value for name, value in values().items() if value != before[name]}
        again = run("apply", "--yes", status=0).stdout
        run("rollback", status=0)

        self.assertGreaterEqual(len(advised), 6)
        self.assertEqual(changed, advised)
        self.assertEqual(again, "nothing to change\n")
        self.assertEqual(values(), before)


if __name__ == "__main__":
    advisor.main(at_once=4)
