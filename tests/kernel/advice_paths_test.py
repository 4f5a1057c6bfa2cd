"""Whether the advice for packets, paths and long-lived connections helps, tried with other hosts."""

import contextlib
import fcntl
import json
import os
import select
import socket
import struct
import subprocess
import sys
import threading
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
import advisor
from advice import Advice, close, counters, endless_transfer, transfer, until, wait_for_route
from advisor import SERVER, write_parameter
from neighbour import FarNeighbour, Neighbour
from packets import datagram_socket, packet, received

UNSENT = 0x894B  # SIOCOUTQNSD
MORE_FRAGMENTS = 0x2000
SOL_RAW, ICMP_FILTER = 255, 1


def window(connection):
    """Its congestion window, in segments: tcpi_snd_cwnd."""
    told = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 104)
    return struct.unpack_from("I", told, 80)[0]


class Packets(Advice):
    @staticmethod
    def lost(sender, receiver, to, size=100):
        """How many of 20 datagrams do not come."""
        received(receiver, 1000, 0)  # what is left of the load
        for _ in range(20):
            sender.sendto(bytes(size), to)
        return 20 - received(receiver, 20), 20

    @staticmethod
    def sent(sender, to, size=100):
        """The same without an end, as a load."""
        def one():
            sender.sendto(bytes(size), to)
            time.sleep(0.005)
        return one

    def test_the_loose_check_lets_packets_in_whose_way_back_is_another_link(self):
        neighbour, _ = Neighbour(), Neighbour("10.88.0.1", "10.88.0.2", "v1")
        write_parameter("net.ipv4.conf.all.rp_filter", "1")
        receiver = datagram_socket(neighbour.here, 9000)
        with neighbour:
            Neighbour.ip("address add 10.88.0.7/32 dev v0")
            write_parameter("net.ipv4.conf.all.arp_announce", "2")  # the check drops what asks otherwise
            sender = datagram_socket("10.88.0.7")

        def packets_from_there():
            return self.lost(sender, receiver, (neighbour.here, 9000))

        self.there_and_back("reverse-path-drops", packets_from_there, "datagrams dropped", 20,
                            load=self.sent(sender, (neighbour.here, 9000)))

    def test_room_for_fragments_lets_packets_be_put_together_beside_incomplete_ones(self):
        neighbour = Neighbour()
        write_parameter("net.ipv4.ipfrag_low_thresh", "49152")
        write_parameter("net.ipv4.ipfrag_high_thresh", "65536")
        receiver = datagram_socket(neighbour.here, 9000)
        with neighbour:
            raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
            sender = datagram_socket(neighbour.there)
        numbers = iter(range(1, 10000))

        def packets_in_fragments():
            for _ in range(60):
                raw.sendto(packet(neighbour.there, neighbour.here, socket.IPPROTO_UDP, bytes(1400),
                                  next(numbers), MORE_FRAGMENTS), (neighbour.here, 0))
            return self.lost(sender, receiver, (neighbour.here, 9000), 4000)

        self.there_and_back("fragments-memory", packets_in_fragments, "datagrams lost", 20,
                            load=self.sent(sender, (neighbour.here, 9000), 4000))

    def test_room_for_fragments_of_ipv6(self):
        neighbour = Neighbour()
        Neighbour.ip("address add fd00:77::1/64 dev v0 nodad")
        write_parameter("net.ipv6.ip6frag_low_thresh", "49152")
        write_parameter("net.ipv6.ip6frag_high_thresh", "65536")
        wait_for_route("fd00:77::1")
        receiver = datagram_socket("fd00:77::1", 9000)
        with neighbour:
            Neighbour.ip("address add fd00:77::2/64 dev v0 nodad")
            wait_for_route("fd00:77::1")
            wait_for_route("fd00:77::2")
            raw = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_FRAGMENT)
            sender = datagram_socket("fd00:77::2")
        numbers = iter(range(1, 10000))

        def packets_in_fragments():
            for _ in range(60):
                head = struct.pack("!BBHI", socket.IPPROTO_UDP, 0, 1, next(numbers))
                raw.sendto(head + bytes(1400), ("fd00:77::1", 0))
            return self.lost(sender, receiver, ("fd00:77::1", 9000), 4000)

        self.there_and_back("fragments-memory-v6", packets_in_fragments, "datagrams lost", 20,
                            load=self.sent(sender, ("fd00:77::1", 9000), 4000))

    def test_more_icmp_errors_a_second_tell_clients_that_nobody_listens(self):
        if not os.path.exists("/proc/sys/net/ipv4/icmp_msgs_per_sec"):
            self.skipTest("this kernel has one limit for all network namespaces")
        neighbour = Neighbour()
        write_parameter("net.ipv4.icmp_msgs_per_sec", "10")
        write_parameter("net.ipv4.icmp_ratelimit", "0")
        with neighbour:
            sender = datagram_socket(neighbour.there)

        def at_a_closed_port():
            """200 datagrams, at most 500 in a second."""
            before = counters()
            for _ in range(200):
                sender.sendto(b"x", (neighbour.here, 9001))
                time.sleep(0.002)
            return counters()["Icmp.OutRateLimitGlobal"] - before["Icmp.OutRateLimitGlobal"], 200

        self.there_and_back("icmp-errors-suppressed", at_a_closed_port, "errors not sent", 100,
                            load=at_a_closed_port, by_rate=True)

    def test_what_neighbours_send_to_127_0_0_1_does_not_come_in(self):
        neighbour = Neighbour()
        write_parameter("net.ipv4.conf.all.route_localnet", "1")
        receiver = datagram_socket("127.0.0.1", 9000)
        with neighbour:
            frames = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(0x0800))
        card = self.card("v0")
        payload = struct.pack("!HHHH", 9000, 9000, 12, 0) + b"live"
        frame = packet(neighbour.there, "127.0.0.1", socket.IPPROTO_UDP, payload)

        def sent_to_localhost():
            for _ in range(20):
                frames.sendto(frame, ("v0", 0x0800, 0, 0, card))
            return received(receiver, 20), 20

        self.there_and_back("security-route-localnet", sent_to_localhost, "datagrams come in", 20)

    @staticmethod
    def card(link):
        """Its address."""
        told = subprocess.run(["ip", "-json", "link", "show", link], capture_output=True, check=True)
        return bytes.fromhex(json.loads(told.stdout)[0]["address"].replace(":", ""))

    def test_packets_that_choose_their_route_do_not_come_in(self):
        neighbour = Neighbour()
        Neighbour.ip("address add 10.77.0.9/32 dev lo")
        write_parameter("net.ipv4.conf.all.accept_source_route", "1")
        receiver = datagram_socket("10.77.0.9", 9000)
        with neighbour:
            sender = datagram_socket(neighbour.there)
        first_hop = bytes([131, 7, 4]) + socket.inet_aton(neighbour.here) + b"\0"
        sender.setsockopt(socket.IPPROTO_IP, socket.IP_OPTIONS, first_hop)

        def routed_by_their_sender():
            lost, of = self.lost(sender, receiver, ("10.77.0.9", 9000))
            return of - lost, of

        self.there_and_back("security-source-routes", routed_by_their_sender, "datagrams come in", 20)

    def test_a_broadcast_is_not_answered(self):
        neighbour = Neighbour()
        write_parameter("net.ipv4.icmp_echo_ignore_broadcasts", "0")
        with neighbour:
            sender = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
        sender.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        sender.setsockopt(SOL_RAW, ICMP_FILTER, struct.pack("I", 0xFFFFFFFE))  # answers (0) alone

        def echo_requests():
            for _ in range(20):
                sender.sendto(struct.pack("!BBHHH", 8, 0, 0xF7FE, 1, 0), ("10.77.0.255", 0))
            return received(sender, 20), 20

        self.there_and_back("target:net.ipv4.icmp_echo_ignore_broadcasts", echo_requests, "answers", 20,
                            profile="hardened")

    def test_a_router_forwards(self):
        near, far = Neighbour(), Neighbour("10.88.0.1", "10.88.0.2", "v1")
        write_parameter("net.ipv4.ip_forward", "0")
        with near:
            Neighbour.ip("route add default via " + near.here)
            sender = datagram_socket(near.there)
        with far:
            receiver = datagram_socket(far.there, 9000)

        self.there_and_back("target:net.ipv4.ip_forward",
                            lambda: self.lost(sender, receiver, (far.there, 9000)),
                            "datagrams not forwarded", 20, profile="router")


def bytes_in_send_buffer(connection):
    """With the kernel's overhead: SK_MEMINFO_WMEM_QUEUED of SO_MEMINFO (since Linux 4.12)."""
    so_meminfo, words, wmem_queued = 55, 9, 5
    return struct.unpack(f"{words}I", connection.getsockopt(socket.SOL_SOCKET, so_meminfo, 4 * words))[wmem_queued]


class Connections(Advice):
    def test_probing_gets_large_segments_over_a_path_that_swallows_them(self):
        neighbour = FarNeighbour(longest=1300)
        Neighbour.ip(f"route change 10.77.0.0/24 dev v0 src {neighbour.here} rto_min 20ms")
        write_parameter("net.ipv4.tcp_no_metrics_save", "1")
        write_parameter("net.ipv4.tcp_retries1", "1")  # it then probes after 0.6 s, not 3
        with neighbour:
            listener = socket.create_server((neighbour.there, 8080))
        clients, peers = [], []

        def transfers():
            close(clients)
            close(peers)
            for _ in range(5):
                clients.append(advisor.connect(neighbour.there))
                peers.append(listener.accept()[0])
                clients[-1].sendall(bytes(5000))
            come = [0] * 5

            def all_come():
                for number, peer in enumerate(peers):
                    if select.select([peer], [], [], 0)[0]:
                        come[number] += len(peer.recv(65536))
                return min(come) == 5000
            until(all_come, 2.5)
            return sum(each < 5000 for each in come), 5

        self.there_and_back("mtu-black-hole", transfers, "connections stuck", 5)

    def test_what_a_program_writes_ahead_stays_short(self):
        neighbour = Neighbour()
        write_parameter("net.ipv4.tcp_wmem", "4096 2097152 4194304")
        with neighbour:
            listener = socket.create_server((neighbour.there, 8080))
        clients, peers = [], []

        def writers_whose_peer_reads_nothing():
            close(clients)
            close(peers)
            for _ in range(5):
                clients.append(advisor.connect(neighbour.there))
                peers.append(listener.accept()[0])
                clients[-1].setblocking(False)
                with contextlib.suppress(BlockingIOError):
                    while True:
                        clients[-1].send(bytes(16384))
            unsent = (struct.unpack("i", fcntl.ioctl(each, UNSENT, bytes(4)))[0] for each in clients)
            return sum(each >= 262144 for each in unsent), 5

        self.there_and_back("target:net.ipv4.tcp_notsent_lowat", writers_whose_peer_reads_nothing,
                            "connections with 256 KiB unsent", 5, profile="low-latency")

    def test_keepalive_comes_before_gateways_forget(self):
        server = advisor.Server(closes="never")
        clients = []

        def connections():
            close(clients)
            close(server.kept)
            clients.extend(advisor.connect() for _ in range(20))
            idle = (each.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) for each in clients)
            return sum(each > 240 for each in idle), 20

        self.there_and_back("target:net.ipv4.tcp_keepalive_time", connections,
                            "connections probed too late", 20, profile="database")

    def test_a_longer_fin_timeout_answers_a_peer_that_is_slow_to_close(self):
        write_parameter("net.ipv4.tcp_fin_timeout", "1")
        listener = socket.create_server((SERVER, 8080))

        def slow_peers():
            """They close when the other ends are gone, or else after two seconds."""
            peers = []
            for _ in range(20):
                client = advisor.connect()
                peers.append(listener.accept()[0])
                client.close()
            until(lambda: advisor.socket_states().get("FIN-WAIT-2") == 20)
            until(lambda: "FIN-WAIT-2" not in advisor.socket_states(), 2)
            before = counters()
            for peer in peers:
                peer.close()
            until(lambda: "LAST-ACK" not in advisor.socket_states())
            return counters()["Tcp.OutRsts"] - before["Tcp.OutRsts"], 20

        self.there_and_back("folklore-fin-timeout", slow_peers, "peers reset", 20)

    def test_timestamps_let_ports_be_taken_over(self):
        write_parameter("net.ipv4.ip_local_port_range", "40000 40049")
        write_parameter("net.ipv4.tcp_tw_reuse", "1")
        write_parameter("net.ipv4.tcp_timestamps", "0")
        ports = iter(range(8080, 8090))

        def all_ports_twice():
            """Towards another destination each time."""
            port = next(ports)
            advisor.Server(port=port)
            advisor.short_connections(50, port=port)
            time.sleep(1.2)  # until they may be taken over
            return advisor.short_connections(50, port=port)[1], 50

        self.there_and_back("consistency-reuse-timestamps", all_ports_twice, "connections refused", 50)

    def test_a_connection_that_pauses_keeps_its_window(self):
        self.check_pauses("slow-start-after-idle", 12, 0.015)

    def test_so_does_one_of_a_proxy(self):
        self.check_pauses("target:net.ipv4.tcp_slow_start_after_idle", 5, 0.005, profile="reverse-proxy")

    def check_pauses(self, rule, count, delay, **how):
        for name, value in (("congestion_control", "reno"), ("no_metrics_save", "1")):
            write_parameter(f"net.ipv4.tcp_{name}", value)
        neighbour = FarNeighbour(delay=delay)
        with neighbour:
            listener = socket.create_server((neighbour.there, 8080))
        clients = [advisor.connect(neighbour.there) for _ in range(count)]
        peers = [listener.accept()[0] for _ in clients]

        def after_a_pause():
            for client in clients:
                threading.Thread(target=client.sendall, args=[bytes(200_000)], daemon=True).start()
            for peer in peers:
                left = 200_000
                while left:
                    left -= len(peer.recv(left))
            windows = [window(client) for client in clients]
            time.sleep(1)  # more than the timeout of each
            for client, peer in zip(clients, peers):
                client.sendall(b"x")
            smaller = sum(window(client) < before for client, before in zip(clients, windows))
            for peer in peers:
                peer.recv(1)
            time.sleep(0.25)  # until it is a pause for the program
            return smaller, count

        self.there_and_back(rule, after_a_pause, "windows smaller after a pause", count, **how)

    def check_buffers(self, rule, parameter, bad, here_receives, **how):
        """Transfers of which at the most as much is under way as the buffer holds; with a `load` one
        goes on all the time."""
        neighbour = FarNeighbour(delay=0.015, rate=12e6)
        write_parameter("net.ipv4.tcp_congestion_control", "reno")
        write_parameter("net.ipv4.tcp_no_metrics_save", "1")
        write_parameter(parameter, bad)
        with neighbour:
            write_parameter("net.ipv4.tcp_congestion_control", "reno")
            listener = socket.create_server((neighbour.there, 8080))
        pairs = []

        def ends():
            """Of a new connection: who sends, and who receives."""
            pairs.append((advisor.connect(neighbour.there), listener.accept()[0]))
            return pairs[-1][::-1] if here_receives else pairs[-1]

        def transfers():
            while pairs:
                close(list(pairs.pop()))
            most = [transfer(*ends(), 2_000_000) for _ in range(3)]
            while pairs:
                close(list(pairs.pop()))
            if "load" in how:
                sender, receiver = ends()
                threading.Thread(target=endless_transfer, args=(sender, receiver), daemon=True).start()
                until(lambda: bytes_in_send_buffer(sender) >= 131072)  # it has left slow start
            return sum(each < 262144 for each in most), 3

        self.there_and_back(rule, transfers, "transfers held back", 3, **how)

    def test_a_larger_send_buffer_lets_more_be_under_way(self):
        self.check_buffers("tcp-send-buffer-short", "net.ipv4.tcp_wmem", "4096 16384 262144", False,
                           load=lambda: time.sleep(0.01))

    def test_so_does_the_one_for_long_paths(self):
        self.check_buffers("target:net.ipv4.tcp_wmem", "net.ipv4.tcp_wmem", "4096 16384 262144", False,
                           profile="wan-transfer")

    def test_a_larger_receive_buffer_for_long_paths_lets_more_be_under_way(self):
        self.check_buffers("target:net.ipv4.tcp_rmem", "net.ipv4.tcp_rmem", "4096 131072 262144", True,
                           profile="wan-transfer")


if __name__ == "__main__":
    advisor.main(at_once=4)
