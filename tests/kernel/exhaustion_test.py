"""Local ports running out, for real: seen, advised upon, mended, taken back."""

import json
import os
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
import advisor
from advisor import SERVER, audit, finding, fired, run

PORTS = 100


class Exhaustion(unittest.TestCase):
    def setUp(self):
        advisor.add_address()
        advisor.write_parameter("net.ipv4.ip_local_port_range", f"40000 {40000 + PORTS - 1}")
        advisor.Server()

    def test_the_whole_way_there_and_back(self):
        before = advisor.all_parameters()
        made, refused = advisor.short_connections(150)
        self.assertGreaterEqual(made, PORTS)
        self.assertGreater(refused, 0)

        report = audit("--interval", "0")
        seen = advisor.destination(report, SERVER, 8080)
        witness = advisor.socket_states("dst", f"{SERVER}:8080")
        self.assertEqual(advisor.states(seen["states"]), {"TIME-WAIT": witness["TIME-WAIT"]})
        self.assertEqual(seen["ports_in_use"], PORTS)
        exhausted = finding(report, "local-ports-exhausted")
        self.assertEqual((exhausted["verdict"], exhausted["severity"]), ("violated", "critical"))
        self.assertIn(f"{PORTS} of {PORTS} usable local ports", exhausted["evidence"])
        self.assertIn(f"{SERVER}:8080", exhausted["evidence"])
        self.assertTrue(fired(report, "time-wait-reuse"))

        applied = json.loads(run("apply", "--yes", "--interval", "0", "--format", "json", status=0).stdout)
        self.assertEqual(applied["status"], "committed")
        self.assertEqual(advisor.read_parameter("net.ipv4.tcp_tw_reuse"), "1")
        self.assertEqual(advisor.short_connections(150), (150, 0))
        self.assertEqual(run("apply", "--yes", "--interval", "0", status=0).stdout, "nothing to change\n")

        run("rollback", status=0)
        self.assertEqual(advisor.all_parameters(), before)
        self.assertEqual(os.listdir("/etc/sysctl.d"), [])
        self.assertTrue(fired(audit("--interval", "0"), "local-ports-exhausted"))

    def test_timestamps_are_switched_on_before_the_reuse_that_needs_them(self):
        advisor.write_parameter("net.ipv4.ip_local_port_range", "41000 41049")
        advisor.write_parameter("net.ipv4.tcp_timestamps", "0")
        advisor.Server(port=8091)
        advisor.short_connections(50, port=8091)

        planned = json.loads(run("apply", "--dry-run", "--interval", "0", "--format", "json", status=0).stdout)

        order = [change["parameter"] for change in planned["changes"]]
        self.assertLess(order.index("net.ipv4.tcp_timestamps"), order.index("net.ipv4.tcp_tw_reuse"))
        self.assertEqual(advisor.read_parameter("net.ipv4.tcp_timestamps"), "0")

    def test_ports_of_services_below_the_range_are_reserved_before_it_is_widened(self):
        advisor.write_parameter("net.ipv4.ip_local_port_range", "42000 42049")
        advisor.Server(port=20500)
        advisor.short_connections(50, port=20500)

        planned = json.loads(run("apply", "--dry-run", "--interval", "0", "--format", "json", status=0).stdout)

        after = {change["parameter"]: change["after"] for change in planned["changes"]}
        self.assertIn("net.ipv4.ip_local_reserved_ports", after, planned)
        self.assertIn("20500", after["net.ipv4.ip_local_reserved_ports"].split(","))
        order = [change["parameter"] for change in planned["changes"]]
        self.assertLess(order.index("net.ipv4.ip_local_reserved_ports"),
                        order.index("net.ipv4.ip_local_port_range"))

    def test_reuse_that_works_is_not_reported_as_exhaustion(self):
        advisor.write_parameter("net.ipv4.ip_local_port_range", "43000 43049")
        advisor.write_parameter("net.ipv4.tcp_tw_reuse", "1")
        advisor.Server(port=8092)
        advisor.short_connections(50, port=8092)
        time.sleep(1.2)

        report = audit("--interval", "0")

        self.assertFalse(fired(report, "local-ports-exhausted"))
        self.assertEqual(advisor.short_connections(50, port=8092), (50, 0))


if __name__ == "__main__":
    advisor.main()
