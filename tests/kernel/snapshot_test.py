"""snapshot on this kernel: what root sees, but for secrets, and what an audit then says."""

import json
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
import advisor
from advisor import run

FILE = "/var/lib/sysctl-advisor/snapshot.json"
KEY = "00112233-44556677-8899aabb-ccddeeff"


class Snapshot(unittest.TestCase):
    def test_secrets_are_not_in_it_and_what_root_alone_reads_is(self):
        advisor.write_parameter("net.ipv4.tcp_fastopen_key", KEY)
        advisor.write_parameter("net.ipv6.conf.lo.stable_secret", "2001:db8::17")
        with open("/etc/sysctl.d/keys.conf", "w") as file:
            file.write(f"# the key\nnet.ipv4.tcp_fastopen_key = {KEY}\nnet.ipv4.tcp_tw_reuse = 2\n")

        text = run("snapshot", "-", "--interval", "0", status=0).stdout

        self.assertNotIn(KEY, text)
        self.assertNotIn("2001:db8::17", text)
        snapshot = json.loads(text)
        parameters = snapshot["parameters"]
        unread = {one["name"]: one["error"]["kind"] for one in snapshot["unread_parameters"]}
        for name in ("net.ipv4.tcp_fastopen_key", "net.ipv6.conf.lo.stable_secret"):
            self.assertEqual(unread[name], "denied")
        self.assertEqual(parameters["fs.protected_symlinks"], advisor.read_parameter("fs.protected_symlinks"))
        self.assertIn("net.ipv4.conf.lo.rp_filter", parameters)
        self.assertIn("net.ipv4.tcp_tw_reuse = 2", text)

    def test_an_audit_of_it_says_what_one_of_the_host_says(self):
        advisor.add_address()
        advisor.write_parameter("net.ipv4.ip_local_port_range", "40000 40099")
        server = advisor.Server()
        advisor.short_connections(90)
        advisor.let_rates_pass()
        run("snapshot", FILE, "--interval", "0", status=0)
        of_host = advisor.audit("--interval", "0")

        of_file = advisor.audit("--from", FILE)

        self.assertTrue(server)
        self.assertTrue(advisor.fired(of_file, "time-wait-reuse"))
        self.assertEqual(of_file["load"]["destinations"][0]["ports_in_use"],
                         of_host["load"]["destinations"][0]["ports_in_use"])
        for found in of_host["findings"]:
            again = advisor.finding(of_file, found["rule"])
            self.assertEqual((again["verdict"], again["recommendations"]),
                             (found["verdict"], found["recommendations"]), found["rule"])

    def test_an_ordinary_user_takes_one_and_what_it_may_not_read_stays_unknown(self):
        text = run("snapshot", "-", "--interval", "0", user=65534, status=0).stdout

        # Of mode 0600, and no secret.
        unread = json.loads(text)["unread_parameters"]
        error = next(one["error"] for one in unread if one["name"] == "vm.mmap_rnd_bits")
        self.assertEqual(error["kind"], "denied")
        self.assertEqual(error["message"], "cannot read vm.mmap_rnd_bits: permission denied")

    def test_a_profile_that_is_wrong_does_not_stop_it(self):
        os.makedirs("/etc/sysctl-advisor/profiles")
        with open("/etc/sysctl-advisor/profiles/broken.toml", "w") as file:
            file.write("nonsense\n")

        done = run("snapshot", FILE, "--interval", "0", status=0)

        self.assertIn("the profile broken is wrong", done.stderr)
        run("audit", "--from", FILE, status=0)


advisor.main()
