"""audit --format prometheus against real sockets, changes and namespaces."""

import os
import socket
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
import advisor
import exposition
from advisor import run

NOBODY = 65534
APPLY = ("apply", "--yes", "--interval", "0", "--set", "net.ipv4.tcp_fin_timeout=45")


def metrics(*arguments, user=None):
    done = run("audit", "--fail-on", "never", "--format", "prometheus", *arguments, user=user, status=0)
    return {(name.removeprefix("sysctl_advisor_"), labels): value
            for (name, labels), value in exposition.series(exposition.parse(done.stdout)).items()}


def labelled(series, name, **labels):
    return series.get((name, tuple(sorted(labels.items()))))


def names(series):
    return {name for name, _ in series}


class Metrics(unittest.TestCase):
    def test_ports_and_queues_are_those_of_the_sockets(self):
        advisor.add_address()
        advisor.write_parameter("net.ipv4.ip_local_port_range", "40000 40099")
        advisor.Server()
        advisor.short_connections(60)
        shared = []
        for _ in range(2):  # sockets that share a port are two rows of one name
            listener = socket.socket()
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            listener.bind((advisor.SERVER, 9090))
            listener.listen(40)
            shared.append(listener)
        waiting = [advisor.connect(port=9090) for _ in range(20)]

        series = metrics("--interval", "200ms")

        towards = {"source": advisor.SERVER, "destination": advisor.SERVER}
        self.assertEqual(labelled(series, "local_ports_usable"), 100)
        self.assertEqual(labelled(series, "destination_local_ports_in_use", **towards, port="8080"), 60)
        self.assertEqual(labelled(series, "local_ports_in_use_max_ratio"), 0.6)
        self.assertEqual(labelled(series, "local_ports_exhausted_min_seconds"), float("inf"))
        queue = labelled(series, "listener_accept_queue_sockets", address=advisor.SERVER, port="9090")
        self.assertTrue(len(waiting) / 2 <= queue <= len(waiting), queue)
        self.assertEqual(labelled(series, "listener_accept_queue_limit", address=advisor.SERVER, port="9090"), 40)

    def test_ports_that_can_be_taken_over_are_in_use_and_not_blocked(self):
        advisor.add_address()
        advisor.write_parameter("net.ipv4.ip_local_port_range", "40000 40099")
        advisor.Server()
        advisor.write_parameter("net.ipv4.tcp_tw_reuse", "0")  # or a slow machine takes ports over here
        advisor.short_connections(90)
        advisor.write_parameter("net.ipv4.tcp_tw_reuse", "1")
        time.sleep(1.5)  # the reuse delay

        series = metrics("--interval", "0")

        self.assertEqual(labelled(series, "local_ports_in_use_max_ratio"), 0.9)
        self.assertLess(labelled(series, "local_ports_blocked_max_ratio"), 0.2)

    def test_a_change_goes_through_its_states(self):
        def states():
            series = metrics("--interval", "0")
            now = [dict(labels)["state"] for (name, labels), value in series.items()
                   if name == "transaction_state" and value == 1]
            deadline = labelled(series, "transaction_deadline_timestamp_seconds")
            return now, deadline, labelled(series, "drift_parameters")

        self.assertEqual(states(), ([], None, 0))
        run(*APPLY, "--confirm-within", "60s", status=0)
        now, deadline, drift = states()
        self.assertEqual((now, drift), (["provisional"], 0))
        self.assertTrue(0 < deadline - time.time() <= 60, deadline)
        run("confirm", status=0)
        self.assertEqual(states(), (["committed"], None, 0))
        advisor.write_parameter("net.ipv4.tcp_fin_timeout", "50")
        self.assertEqual(states(), (["committed"], None, 1))

    def test_what_an_ordinary_user_cannot_read_has_no_series(self):
        run(*APPLY, status=0)

        as_root, as_nobody = metrics("--interval", "0"), metrics("--interval", "0", user=NOBODY)

        of_transactions = {"transaction_state", "drift_parameters"}
        self.assertLessEqual(of_transactions, names(as_root))
        self.assertFalse(of_transactions & names(as_nobody))

    def test_a_named_namespace_is_a_label_of_all_series_and_all_of_them_are_refused(self):
        for name in ("blue", 'a"b\\c'):
            subprocess.run(["ip", "netns", "add", name], check=True)

            series = metrics("--interval", "0", "--netns", name)

            shown = name.replace("\\", "\\\\").replace('"', '\\"')
            self.assertTrue(all(("netns", shown) in labels for _, labels in series), series)
        for kind in ("prometheus", "openmetrics"):
            said = run("audit", "--netns", "all", "--format", kind, status=2).stderr
            self.assertIn("--netns all", said)


if __name__ == "__main__":
    advisor.main(at_once=2)
