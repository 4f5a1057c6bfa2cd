"""Rates of connections, against the kernel's own count of what was opened and accepted.

Rows of TIME_WAIT tell how fast connections to a destination come and go only while they last. What is
taken over, destroyed, or closed by the peer first leaves none, and then the program must not claim to
know, nor foretell anything.
"""

import os
import sys
import threading
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
import advisor
from advisor import SERVER, audit, destination, finding


class Load:
    """Opens and closes connections, some hundreds a second, while it is entered."""

    def __init__(self, address=SERVER, port=8080, client_closes_first=True):
        self.arguments = address, port, client_closes_first
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)

    def _run(self):
        address, port, client_closes_first = self.arguments
        while not self.stop.is_set():
            try:
                client = advisor.connect(address, port)
            except OSError:  # no port is left just now
                time.sleep(0.01)
                continue
            if not client_closes_first:
                client.recv(1)
            client.close()
            time.sleep(0.002)

    def __enter__(self):
        self.thread.start()
        time.sleep(0.3)

    def __exit__(self, *_):
        self.stop.set()
        self.thread.join()


class Rates(unittest.TestCase):
    def setUp(self):
        advisor.add_address()

    def rates_under(self, load, address=SERVER, port=8080):
        """Of the host, and of that destination."""
        with load:
            report = audit("--interval", "2s")
        self.assertGreater(report["load"]["rates"]["opened_per_second"], 20)
        towards = destination(report, address, port)
        return report, report["load"]["rates"], towards and towards["opened_per_second"]

    def assert_nothing_is_foretold(self, report):
        self.assertEqual(finding(report, "local-ports-forecast")["verdict"], "satisfied")

    def test_where_rows_last_a_destination_has_the_rate_that_the_kernel_counts(self):
        advisor.Server()

        _, rates, towards = self.rates_under(Load())

        self.assertTrue(rates["destinations_are_whole"])
        self.assertAlmostEqual(towards, rates["opened_per_second"], delta=0.1 * towards)
        self.assertAlmostEqual(rates["accepted_per_second"], towards, delta=0.1 * towards)

    def test_a_rate_that_would_use_up_the_ports_is_foretold(self):
        advisor.write_parameter("net.ipv4.ip_local_port_range", "50000 53999")
        advisor.Server()

        report, rates, _ = self.rates_under(Load())

        self.assertTrue(rates["destinations_are_whole"])
        forecast = finding(report, "local-ports-forecast")
        self.assertEqual(forecast["verdict"], "violated")
        self.assertRegex(forecast["evidence"], "runs out in [0-9.]+ s; it carries 66.7 connections/s")
        self.assertEqual(finding(audit("--interval", "0"), "local-ports-forecast")["verdict"], "unknown")

    def test_what_the_server_closes_first_leaves_no_row_here(self):
        advisor.write_parameter("net.ipv4.ip_local_port_range", "50000 50999")
        advisor.Server(closes="first")

        report, rates, _ = self.rates_under(Load(client_closes_first=False))

        self.assertFalse(rates["destinations_are_whole"])
        self.assert_nothing_is_foretold(report)

    def test_ports_that_are_taken_over_are_no_rate(self):
        advisor.write_parameter("net.ipv4.ip_local_port_range", "50000 50099")
        advisor.write_parameter("net.ipv4.tcp_tw_reuse", "1")
        advisor.Server()
        advisor.short_connections(100)
        time.sleep(1.5)  # until they may be taken over

        report, rates, towards = self.rates_under(Load())

        self.assertGreater(rates["reused_per_second"], 0)
        self.assertFalse(rates["destinations_are_whole"])
        self.assertLess(towards, rates["opened_per_second"])
        self.assert_nothing_is_foretold(report)

    def test_a_full_bucket_table_is_no_rate(self):
        advisor.write_parameter("net.ipv4.tcp_max_tw_buckets", "50")
        advisor.Server()

        report, rates, _ = self.rates_under(Load())

        self.assertFalse(rates["destinations_are_whole"])
        self.assertEqual(finding(report, "time-wait-buckets-overflow")["verdict"], "violated")
        self.assert_nothing_is_foretold(report)

    def test_a_burst_that_is_over_is_no_rate(self):
        advisor.write_parameter("net.ipv4.ip_local_port_range", "50000 50999")
        advisor.Server()
        advisor.short_connections(400)

        report = audit("--interval", "1s")

        self.assertLess(destination(report, SERVER, 8080)["opened_per_second"], 20)
        self.assert_nothing_is_foretold(report)

    def test_between_loopback_addresses_each_connection_counts_once(self):
        advisor.Server("127.0.0.1", 8090)

        _, rates, towards = self.rates_under(Load("127.0.0.1", 8090), "127.0.0.1", 8090)

        self.assertTrue(rates["destinations_are_whole"])
        self.assertAlmostEqual(towards, rates["opened_per_second"], delta=0.1 * towards)


advisor.main()
