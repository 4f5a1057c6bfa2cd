"""`audit --netns all`: many network namespaces over one interval, of which those with findings are shown."""

import json
import os
import re
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
import advisor
from terminal import sent_to_terminal

NAMESPACES = 60
INTERVAL = 2  # seconds
AUDIT = [*advisor.ALONE, advisor.BINARY, "audit", "--netns", "all", "--profile", "many"]
PROFILES = "/etc/sysctl-advisor/profiles"
PROFILE = """
name = "many"
summary = "for a test"
rules = ["local-ports"]
[targets]
"net.ipv4.tcp_fin_timeout" = { at_least = 30 }
"""
# Ten local ports, all of them taken by connections to one server.
FULL = """
import socket, subprocess, sys
subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
with open("/proc/sys/net/ipv4/ip_local_port_range", "w") as file:
    file.write("40000 40009")
server = socket.create_server(("127.0.0.1", 8080))
clients = [socket.create_connection(server.getsockname()) for _ in range(10)]
print("full", flush=True)
sys.stdin.read()
"""


def name_of(number):
    return f"n{number:02}"


def add_namespaces(count):
    commands = "\n".join(f"netns add {name_of(number)}" for number in range(count))
    subprocess.run(["ip", "-batch", "-"], input=commands, check=True, text=True)


def audit_all(*args, status):
    """What `audit --netns all` prints."""
    done = subprocess.run([*AUDIT, *args], capture_output=True, text=True, timeout=120)
    if done.returncode != status:
        raise AssertionError(f"ended with {done.returncode}\n{done.stdout}{done.stderr}")
    return done


def headings(text):
    return re.findall(r"^Network namespace (\S+)", text, re.M)


class ManyNamespaces(unittest.TestCase):
    def setUp(self):
        advisor.require_private_host()
        os.makedirs(PROFILES, exist_ok=True)
        with open(f"{PROFILES}/many.toml", "w") as file:
            file.write(PROFILE)
        add_namespaces(NAMESPACES)
        subprocess.run(["ip", "netns", "exec", "n07", "sysctl", "-qw", "net.ipv4.tcp_fin_timeout=5"], check=True)
        full = subprocess.Popen(["ip", "netns", "exec", "n31", sys.executable, "-c", FULL], text=True,
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.addCleanup(full.wait)
        self.addCleanup(full.stdin.close)
        self.assertEqual(full.stdout.readline(), "full\n")

    def test_those_with_something_to_change_are_shown_and_the_rest_is_counted(self):
        shown = audit_all("--interval", "0", status=1).stdout
        brief = audit_all("--interval", "0", "--brief", status=1).stdout
        every = audit_all("--interval", "0", "-v", status=1).stdout

        for text in (shown, brief):
            self.assertEqual(headings(text), ["n07", "n31"])
            self.assertTrue(text.endswith("\n\n59 network namespaces have nothing to change; -v prints them as well.\n"),
                            text)
        self.assertIn("NOTE  target:net.ipv4.tcp_fin_timeout", shown)
        self.assertIn("CRITICAL  local-ports-exhausted", shown)
        self.assertEqual(headings(every), ["without", *map(name_of, range(NAMESPACES))])
        self.assertNotIn("nothing to change; -v", every)

    def test_json_holds_them_all(self):
        answer = audit_all("--interval", f"{INTERVAL}s", "--format", "json", status=1).stdout

        document = json.loads(answer)
        self.assertEqual(answer, json.dumps(document, indent=2, ensure_ascii=False) + "\n")
        entries = document["namespaces"]
        self.assertEqual([entry["name"] for entry in entries], [None, *map(name_of, range(NAMESPACES))])
        self.assertEqual([entry["name"] for entry in entries if entry["report"]["asks"]], ["n07", "n31"])
        intervals = [entry["report"]["interval_seconds"] for entry in entries]
        self.assertGreaterEqual(min(intervals), INTERVAL - 0.001)

    @unittest.skipUnless(shutil.which("strace"), "needs strace")
    def test_all_of_them_wait_for_one_interval(self):
        trace = "/etc/sysctl-advisor/trace"
        strace = ["strace", "-f", "-qq", "-o", trace, "-e", "trace=clock_nanosleep"]

        subprocess.run([*advisor.ALONE, *strace, *AUDIT[len(advisor.ALONE):], "--interval", f"{INTERVAL}s"], check=False,
                       capture_output=True, timeout=120, env={**os.environ, "ASAN_OPTIONS": "detect_leaks=0"})

        with open(trace) as file:
            waits = re.findall(r"clock_nanosleep\(.*?tv_sec=(\d+), tv_nsec=(\d+)", file.read())
        waited = sum(int(seconds) + int(nanoseconds) / 1e9 for seconds, nanoseconds in waits)
        # What reads the own namespace, and what reads the others, waits for an interval at most; less on a
        # busy machine, on which the reading alone takes as long.
        processes = 1 + min(len(os.sched_getaffinity(0)), 16)
        self.assertLessEqual(waited, INTERVAL * processes)

    def test_one_that_cannot_be_entered_says_why_and_the_rest_is_told(self):
        with open("/run/netns/n60", "w"):
            pass

        text = audit_all("--interval", "0", status=2).stdout
        document = json.loads(audit_all("--interval", "0", "--format", "json", status=2).stdout)

        self.assertEqual(headings(text), ["n07", "n31", "n60"])
        self.assertIn("Network namespace n60\nn60 is no network namespace\n\n59 network namespaces have", text)
        broken = document["namespaces"][-1]
        self.assertEqual((broken["report"], broken["error"]), (None, "n60 is no network namespace"))
        self.assertTrue(all(entry["report"] for entry in document["namespaces"][:-1]))

    def test_those_that_this_user_may_not_enter_are_counted_and_named_on_request(self):
        drop = ["setpriv", "--bounding-set", "-sys_admin"]  # as of an ordinary user

        def audit(*args):
            done = subprocess.run([*advisor.ALONE, *drop, *AUDIT[len(advisor.ALONE):], "--interval", "0", *args],
                                  text=True, capture_output=True, timeout=120)
            self.assertEqual(done.returncode, 2, done.stderr)
            return done.stdout

        text, every, lines = audit(), audit("-v"), audit("--format", "jsonl")

        self.assertEqual(text, "1 network namespace has nothing to change; -v prints it as well.\n"
                               "60 network namespaces may not be entered by this user: run this command with\n"
                               "sudo; -v says which.\n")
        self.assertEqual(headings(every), ["without", *map(name_of, range(NAMESPACES))])
        self.assertIn("cannot enter network namespace n59: operation not permitted", every)
        self.assertEqual([json.loads(line)["status"] for line in lines.splitlines()[1:]], ["failed"] * NAMESPACES)

    def test_one_with_a_name_that_is_a_word_of_ours_is_not_taken_for_the_host_itself(self):
        with open("/run/netns/all", "w"):
            pass

        lines = audit_all("--interval", "0", "--format", "jsonl", status=2).stdout.splitlines()

        of_all, = [json.loads(line) for line in lines if json.loads(line)["host"]["netns"] == "all"]
        self.assertEqual(of_all["status"], "failed")
        self.assertEqual(sum(json.loads(line)["host"]["netns"] == "" for line in lines), 1)

    def test_each_is_a_line_among_those_of_other_hosts(self):
        with open("/run/netns/n60", "w"):
            pass

        lines = audit_all("--interval", "0", "--format", "jsonl", "--label", "rack 7", status=2).stdout.splitlines()

        hosts = [json.loads(line) for line in lines]
        self.assertEqual([host["host"]["netns"] for host in hosts], ["", *map(name_of, range(NAMESPACES + 1))])
        self.assertEqual([host["host"]["netns"] for host in hosts if host["asks"]], ["n07", "n31"])
        self.assertEqual(len({(host["host"]["id"], host["host"]["name"]) for host in hosts}), 1)
        self.assertTrue(all(host["labels"] == ["rack 7"] for host in hosts))
        self.assertEqual((hosts[-1]["status"], hosts[-1]["error"]), ("failed", "n60 is no network namespace"))
        self.assertNotIn("failed", [host["status"] for host in hosts[:-1]])
        # What files make of the next boot is of the host's own.
        self.assertEqual([host["host"]["netns"] for host in hosts if host["boot"]], [""])

    def test_what_is_wrong_with_the_command_is_said_once(self):
        for args, sentence in ((("--profile", "nosuch"), "nosuch"), (("--only", "nosuch"), "nosuch")):
            with self.subTest(args):
                done = audit_all(*args, status=2)

                self.assertEqual(done.stdout, "")
                self.assertEqual(done.stderr.count(sentence), 1, done.stderr)
                line = audit_all(*args, "--format", "jsonl", status=2).stdout
                host = json.loads(line)
                self.assertEqual((line.count("\n"), host["host"]["netns"], host["status"]), (1, "", "failed"))
                self.assertIn(sentence, host["error"])

    def test_a_terminal_shows_what_is_waited_for(self):
        sent, ended = sent_to_terminal([*AUDIT, "--interval", "100ms"], streams=["stderr"],
                                       stdout=subprocess.DEVNULL, env={**os.environ, "TERM": "xterm"})

        self.assertEqual((sent, ended), (b"\r\x1b[Kreading 61 network namespaces ...\r\x1b[K", 1))


if __name__ == "__main__":
    advisor.main()
