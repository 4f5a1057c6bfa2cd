"""What the program sees of the socket table, against ss(8) and against load with known answers."""

import os
import queue
import socket
import subprocess
import sys
import threading
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
import advisor
from advisor import SERVER, audit, destination, finding, fired, states


def all_states(report):
    """Client and server side together, as ss -tan lists them."""
    counts = {"LISTEN": report["load"]["listener_count"]} if report["load"]["listener_count"] else {}
    for side in ("client", "server"):
        for state, count in states(report["load"][side]).items():
            counts[state] = counts.get(state, 0) + count
    return counts


class Observation(unittest.TestCase):
    def setUp(self):
        advisor.add_address()
        advisor.add_address("2001:db8::5")
        # On a busy machine a late ACK finds the peer gone, and its answer (RST) would end TIME_WAIT.
        advisor.write_parameter("net.ipv4.tcp_rfc1337", "1")

    def test_twenty_parallel_requests_then_a_pool_of_five(self):
        """The experiment that a connection pool is usually shown with."""
        advisor.Server(port=8100, closes="never")
        requests = [advisor.connect(port=8100) for _ in range(20)]
        self.assertEqual(states(destination(audit("--interval", "0"), SERVER, 8100)["states"])["ESTAB"], 20)
        for client in requests:
            client.close()

        pool = queue.Queue()
        for _ in range(5):
            pool.put(advisor.connect(port=8100))

        def request():
            connection = pool.get()
            connection.send(b"x")
            pool.put(connection)

        threads = [threading.Thread(target=request) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        self.assertEqual(states(destination(audit("--interval", "0"), SERVER, 8100)["states"])["ESTAB"], 5)

    def test_every_state_is_counted_as_ss_counts_it(self):
        advisor.Server(port=8101, closes="never")
        kept = [advisor.connect(port=8101) for _ in range(7)]
        half_closed = [advisor.connect(port=8101) for _ in range(3)]
        for client in half_closed:
            client.shutdown(socket.SHUT_WR)
        advisor.Server(port=8102)
        advisor.short_connections(11, port=8102)

        report = audit("--interval", "0")

        self.assertEqual(all_states(report), advisor.socket_states())
        self.assertEqual(report["load"]["read_from"], "sock_diag")

    def test_every_destination_is_counted_as_ss_counts_it(self):
        expected = {}
        for number in range(8):
            address, port = f"10.99.1.{number}", 8200 + number
            advisor.add_address(address)
            advisor.Server(address, port)
            advisor.short_connections(5 * number + 1, address, port)
        for line in subprocess.run(["ss", "-Htan"], capture_output=True, text=True).stdout.splitlines():
            state, _, _, source, peer = line.split()
            if state == "TIME-WAIT":
                key = (source.rsplit(":", 1)[0], *peer.rsplit(":", 1))
                expected[key] = expected.get(key, 0) + 1

        report = audit("--interval", "0")

        seen = {(load["source"], load["destination"], str(load["port"])): states(load["states"])["TIME-WAIT"]
                for load in report["load"]["destinations"]}
        self.assertEqual(seen, expected)
        self.assertEqual(len(seen), 8)
        self.assertTrue(all(load["missed"] == 0 for load in report["load"]["destinations"]))

    def test_the_process_behind_a_busy_destination_is_named(self):
        advisor.write_parameter("net.ipv4.ip_local_port_range", "50000 50099")
        advisor.Server(port=8110, closes="never")
        clients = [advisor.connect(port=8110) for _ in range(20)]

        load = destination(audit("--interval", "0"), SERVER, 8110)
        others = audit("--interval", "0", user=65534)["load"]

        self.assertEqual([owner["pid"] for owner in load["owners"]], [os.getpid()])
        self.assertEqual(others["destinations"][0]["owners"], [])
        self.assertIn("root can", others["owners_missing"])

    def test_sockets_between_loopback_addresses_are_told_apart(self):
        advisor.Server(address="127.0.0.1", port=8111)
        advisor.short_connections(6, "127.0.0.1", 8111)
        advisor.Server(port=8111)
        advisor.short_connections(4, port=8111)

        load = audit("--interval", "0")["load"]

        self.assertEqual(states(load["loopback"]), {"TIME-WAIT": 6})
        self.assertEqual(states(load["client"]), {"TIME-WAIT": 10})

    def test_ipv6_destinations_are_seen_as_well(self):
        advisor.Server(address="2001:db8::5", port=8103, closes="never")
        clients = [advisor.connect("2001:db8::5", 8103) for _ in range(4)]

        report = audit("--interval", "0")

        self.assertEqual(states(destination(report, "2001:db8::5", 8103)["states"]), {"ESTAB": 4})

    def test_reserved_ports_are_not_usable(self):
        advisor.write_parameter("net.ipv4.ip_local_port_range", "50000 50099")
        advisor.write_parameter("net.ipv4.ip_local_reserved_ports", "50000-50009,60000")

        report = audit("--interval", "0")

        self.assertEqual(report["load"]["usable_ports"], 90)

    def test_thousands_of_server_side_time_wait_call_for_no_parameter(self):
        advisor.Server(port=8104, closes="first")
        advisor.short_connections(2000, port=8104, client_closes_first=False)

        report = audit("--interval", "0", "--profile", "web-server")

        # A client port that comes again takes the place of the row it left. The kernel draws them at
        # random from half the range (14 116 ports): of 2000 some 1865 are different.
        self.assertGreaterEqual(states(report["load"]["server"])["TIME-WAIT"], 1700)
        self.assertEqual(states(report["load"]["client"]).get("TIME-WAIT", 0), 0)
        said = finding(report, "time-wait-server-side")
        self.assertEqual((said["verdict"], said["severity"]), ("violated", "info"))
        self.assertIn("No parameter needs to change", said["because"])
        advised = [wanted["parameter"] for found in report["findings"] for wanted in found["recommendations"]]
        for parameter in ("tcp_tw_reuse", "ip_local_port_range", "tcp_max_tw_buckets", "tcp_fin_timeout"):
            self.assertNotIn("net.ipv4." + parameter, advised)

    def test_time_wait_destroyed_over_the_limit_is_a_rate_and_not_a_total(self):
        advisor.Server(port=8105)
        advisor.write_parameter("net.ipv4.tcp_max_tw_buckets", "16")
        ended = threading.Event()

        def connect_all_the_time():
            while not ended.is_set():
                advisor.short_connections(20, port=8105)

        load = threading.Thread(target=connect_all_the_time)
        load.start()
        try:
            during = audit("--interval", "1s")
        finally:
            ended.set()
            load.join()
        after = audit("--interval", "300ms")

        overflow = finding(during, "time-wait-buckets-overflow")
        self.assertEqual(overflow["verdict"], "violated")
        # what a minute of that rate needs
        per_second = float(overflow["evidence"].split(" connections/s")[0].replace(" ", ""))
        advised = int(overflow["recommendations"][0]["advised"])
        self.assertGreater(advised, 54 * per_second)
        self.assertEqual(finding(after, "time-wait-buckets-overflow")["verdict"], "satisfied")
        self.assertTrue(fired(after, "time-wait-buckets-low"))

    def test_one_sample_leaves_rates_unknown_and_says_how_to_know(self):
        report = audit("--interval", "0")

        overflow = finding(report, "time-wait-buckets-overflow")
        self.assertEqual(overflow["verdict"], "unknown")
        self.assertIn("--interval", overflow["missing"][0])

    def test_a_full_accept_queue_names_who_limits_it(self):
        application = advisor.Server(port=8106, closes="never accepts", backlog=5)
        waiting = []
        for _ in range(8):
            client = socket.socket()
            client.setblocking(False)
            client.connect_ex((SERVER, 8106))
            waiting.append(client)

        report = audit("--interval", "0")
        self.assertTrue(fired(report, "accept-queue-application"))
        self.assertFalse(fired(report, "accept-queue-capped"))

        advisor.write_parameter("net.core.somaxconn", "16")
        application.listener.listen(1000)
        for _ in range(20):
            client = socket.socket()
            client.setblocking(False)
            client.connect_ex((SERVER, 8106))
            waiting.append(client)
        report = audit("--interval", "0")

        capped = finding(report, "accept-queue-capped")
        self.assertEqual(capped["verdict"], "violated")
        self.assertIn(f"{SERVER}:8106 (17 wait, backlog 16", capped["evidence"])
        self.assertIn(f"(pid {os.getpid()})", capped["evidence"])
        self.assertEqual(report["load"]["listeners"][0]["owners"][0]["pid"], os.getpid())
        self.assertIn("listen() again", capped["remedy"])

    def test_churn_to_one_destination_advises_a_pool(self):
        advisor.Server(port=8107, closes="last")
        advisor.short_connections(150, port=8107)
        advisor.Server(port=8108, closes="never")
        clients = [advisor.connect(port=8108) for _ in range(9)]

        churn = finding(audit("--interval", "0"), "connection-churn")

        self.assertEqual(churn["verdict"], "violated")
        self.assertEqual(churn["recommendations"], [])
        rows = advisor.socket_states("dst", f"{SERVER}:8107")["TIME-WAIT"]
        self.assertIn(f"To {SERVER}:8107 at least {rows / 5:g} connections/s", churn["evidence"])
        self.assertIn("a small one will do, as none of these", churn["remedy"])


if __name__ == "__main__":
    advisor.main()
