"""`prove` on this kernel: as anybody, and as root on a private host; what is wrong in proofs; and that
nothing of a proof is left, whenever it is ended.

What only root may change is tried on a private host. The rest is run as nobody, who cannot change
anything of this machine.
"""

import concurrent.futures
import contextlib
import ctypes
import json
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
import advisor

ROOT = pathlib.Path(__file__).resolve().parents[2]
PRIVATE_HOST = str(ROOT / "tests" / "support" / "private-host.sh")
NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=-all"]
SHIPPED = ROOT / "profiles" / "proofs"
OWN = "/etc/sysctl-advisor/profiles/proofs"
THOROUGH = os.environ.get("ADVISOR_PROOFS") == "all"
QUICK = ["accept-queue-capped", "somaxconn-without-listen", "time-wait-reuse"]
QUICK_AS_ROOT = ["accept-queue-capped", "tcp-ecn-refused", "tcp-tail-loss-probe-off"]
MEMORY = 256 << 20  # of address space, that a process of a ground may have
CLONE_NEWUSER = 0x10000000
OWN_PROOF = """
[[proof]]
id = "own"
rule = "local-ports-pressure"
claim = "works"
says = "For a test."
effect = "at once"
place = "loopback"
start = { "net.ipv4.ip_local_port_range" = "40000 40009" }
load = { kind = "hold", held = 0, connections = 5 }
counts = "connections refused"
before = "figure == 0"
applied = "figure == 0"
rolled_back = "figure == 0"
"""
USELESS = '{ "net.ipv4.tcp_orphan_retries" = "4" }'


def prove(*words, prefix=(), status=None, program=None):
    done = subprocess.run([*prefix, program or advisor.BINARY, "prove", *words], capture_output=True,
                          text=True, timeout=600)
    if status is not None and done.returncode != status:
        raise AssertionError(f"prove {words} ended with {done.returncode}\n{done.stdout}{done.stderr}")
    return done


def verdicts(text):
    return {one["id"]: one["verdict"] for one in json.loads(text)["proofs"]}


def parameters():
    """Every parameter of this machine that does not move by itself."""
    told = subprocess.run(["sysctl", "-a"], capture_output=True, text=True).stdout.splitlines()
    moving = re.compile(r"random\.|-nr |-state |_count |ns_last_pid|dirty|hung|sched_domain|cdrom|"
                        r"inode|file-nr|pty\.nr|seccomp.actions|boot_id|uuid|entropy|acct")
    return [line for line in told if not moving.search(line)]


def processes_of(program):
    """Those that run the program, wherever they are."""
    found = []
    for entry in os.listdir("/proc"):
        try:
            if entry.isdigit() and os.readlink(f"/proc/{entry}/exe").startswith(program):
                found.append(int(entry))
        except OSError:
            pass  # it is gone, or is none of ours to look at
    return found


def until_gone(program, seconds=20):
    end = time.monotonic() + seconds
    while processes_of(program) and time.monotonic() < end:
        time.sleep(0.005)
    return processes_of(program)


def traces():
    """What a proof could leave on this machine."""
    links = subprocess.run(["ip", "-o", "link"], capture_output=True, text=True).stdout.count("\n")
    mounts = pathlib.Path("/proc/self/mountinfo").read_text().count("\n")
    files = sorted(name for place in ("/tmp", "/run", "/var/tmp", "/dev/shm")
                   for name in os.listdir(place) if "prove" in name or "proof" in name)
    return links, mounts, files


def on_private_host(script, *words):
    """Runs a shell script there; `$0` is the program."""
    return subprocess.run([PRIVATE_HOST, "sh", "-c", script, advisor.BINARY, *words],
                          capture_output=True, text=True, timeout=900)


class Proofs(unittest.TestCase):
    def setUp(self):
        # Somebody else must be able to run it.
        self.place = tempfile.mkdtemp(prefix="advisor-")
        os.chmod(self.place, 0o755)
        self.program = shutil.copy(advisor.BINARY, self.place + "/sysctl-advisor")
        self.before = parameters(), traces()

    def tearDown(self):
        left = until_gone(self.program)
        shutil.rmtree(self.place)
        self.assertEqual(left, [])
        self.assertEqual((parameters(), traces()), self.before)

    def proven(self, *words, prefix):
        done = prove(*words, "--format", "json", prefix=prefix, program=self.program)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return json.loads(done.stdout)["proofs"]

    def require_a_ground_of_nobody(self):
        if subprocess.run([*NOBODY, "unshare", "--user", "true"], capture_output=True).returncode != 0:
            self.skipTest("who is not root can make no user namespace here, as in a chroot")

    def test_anybody_can_watch_advice_work(self):
        self.require_a_ground_of_nobody()
        results = self.proven(*QUICK, prefix=NOBODY)

        self.assertEqual({one["id"]: one["verdict"] for one in results}, dict.fromkeys(QUICK, "proven"))
        by_id = {one["id"]: one for one in results}
        reuse, listen = by_id["time-wait-reuse"], by_id["somaxconn-without-listen"]
        self.assertEqual([reuse[phase] for phase in ("before", "applied", "rolled_back")],
                         [{"count": count, "of": 50} for count in (50, 0, 50)])
        self.assertEqual(listen["helped"]["count"], 0)
        self.assertGreater(listen["applied"]["count"], 20)

    def test_root_can_on_a_private_host(self):
        results = self.proven(*QUICK_AS_ROOT, prefix=[PRIVATE_HOST])

        self.assertEqual({one["verdict"] for one in results}, {"proven"})

    @unittest.skipUnless(THOROUGH, "ADVISOR_PROOFS=all makes all of them")
    def test_all_are_proven(self):
        for prefix in (NOBODY, [PRIVATE_HOST]):
            with self.subTest(prefix=prefix[0]):
                results = self.proven("--all", prefix=prefix)

                works = [one for one in results if one["claim"] == "works"]
                self.assertGreaterEqual(len(works), 20)
                self.assertGreaterEqual(len(results) - len(works), 8)
                self.assertEqual({one["id"]: one["why"] for one in results if one["verdict"] != "proven"}, {})

    def test_nothing_is_left_when_it_is_killed(self):
        random.seed(1)

        def kill_one(proof):
            running = subprocess.Popen([*NOBODY, self.program, "prove", proof],
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(random.choice([random.uniform(0, 0.1), random.uniform(0, 3)]))
            running.send_signal(random.choice([signal.SIGKILL, signal.SIGTERM, signal.SIGINT]))
            running.wait()

        # All at a time in the quick suite; one after the other tells better which of them left what.
        proofs = ["time-wait-reuse", "dead-peers"] * (100 if THOROUGH else 15)
        at_once = 1 if THOROUGH else len(proofs)
        for first in range(0, len(proofs), at_once):
            with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
                list(pool.map(kill_one, proofs[first:first + at_once]))

            self.assertEqual(until_gone(self.program), [])
        self.assertEqual(traces(), self.before[1])

    def test_memory_of_a_ground_is_limited(self):
        self.require_a_ground_of_nobody()
        running = subprocess.Popen([*NOBODY, self.program, "prove", "dead-peers"],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        limits = set()
        end = time.monotonic() + 10
        while len(limits) < 2 and time.monotonic() < end and running.poll() is None:
            for process in processes_of(self.program):
                with contextlib.suppress(OSError):
                    text = pathlib.Path(f"/proc/{process}/limits").read_text()
                    limits.add(re.search(r"Max address space +(\S+)", text)[1])
            time.sleep(0.005)
        running.kill()
        running.wait()

        if b"__asan_init" in pathlib.Path(self.program).read_bytes():
            self.skipTest("a build that looks for errors of memory has no limit")
        self.assertIn(str(MEMORY), limits)

    def test_an_advice_replaced_by_a_useless_one_has_no_effect(self):
        names = None if THOROUGH else ["accept-queue-capped", "connection-pool", "somaxconn-without-listen",
                                       "fewer-buckets-and-held-ports"]
        script, wanted = f"mkdir -p {OWN}\n", {}
        for file in sorted(SHIPPED.glob("*.toml")):
            text, expected = spoilt(file.read_text(), names)
            wanted.update(expected)
            script += f"cat > {OWN}/{file.name} <<'END_OF_FILE'\n{text}\nEND_OF_FILE\n"
        done = on_private_host(script + 'exec "$0" prove --format json "$@"', *wanted)

        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertEqual(verdicts(done.stdout), wanted)


# What makes the change of a counter-proof help, where the program does in the proof as it is.
CONTRARY = {
    "somaxconn-above-a-backlog": ("backlog = 16,", "backlog = 1000,"),
    "syn-backlog-with-cookies": ('change = { "net.ipv4.tcp_max_syn_backlog" = "8192" }',
                                 'change = { "net.ipv4.tcp_syncookies" = "0" }'),
    "reuse-of-what-came-in": ('"net.ipv4.tcp_tw_reuse" = "1"', '"net.ipv4.tcp_max_tw_buckets" = "0"'),
}


def spoilt(text, names):
    """The proofs of a file, with what is tried in them replaced by what does the contrary, and the
    verdict that each must get then."""
    parts, wanted = text.split("[[proof]]"), {}
    for number, part in enumerate(parts):
        name = re.search(r'(?m)^id = "(.*)"', part)
        if not number or (names is not None and name[1] not in names):
            continue
        helps = re.search(r"(?m)^helps = (.*)", part)
        mended = CONTRARY.get(name[1])
        if mended:
            assert mended[0] in part, name[1]
            part = part.replace(*mended)
        elif helps:
            part = re.sub(r"(?m)^change = .*", "change = " + helps[1], part)
        elif "listens_once = true" in part:
            part = part.replace(", listens_once = true", "").replace("program_helps = true\n",
                                                                     f"helps = {USELESS}\n")
        elif "pool = 5" in part:
            part = part.replace("pool = 5", "pool = 20")
        elif "\nchange = " in part:
            part = re.sub(r"(?m)^change = .*", f"change = {USELESS}", part)
        else:
            part = part.rstrip().split("[[unproven]]")
            part = f"\nchange = {USELESS}{part[0]}\n" + "".join("\n[[unproven]]" + rest for rest in part[1:])
        parts[number] = part
        wanted[name[1]] = "not reproduced" if 'claim = "does nothing"' in part else "no effect"
    return "[[proof]]".join(parts), wanted


class Mistakes(unittest.TestCase):
    def refused(self, *words):
        done = prove(*words, prefix=NOBODY, status=2)
        self.assertEqual(done.stdout, "")
        return done.stderr

    def test_a_rule_that_there_is_not(self):
        self.assertIn('did you mean "time-wait-reuse"?', self.refused("time-wait-reus"))

    def test_a_rule_without_a_proof_tells_why(self):
        self.assertIn("not in a namespace", self.refused("udp-memory-limit", "time-wait-reuse"))
        self.assertIn("nobody has written one", self.refused("connection-pool", "paws-rejects"))

    def test_a_file_that_is_wrong_is_told_with_the_place(self):
        wrong = (SHIPPED / "servers.toml").read_text().replace('kind = "burst"', 'kind = "bust"', 1)
        line = wrong[:wrong.index('"bust"')].count("\n") + 1
        done = on_private_host(f"mkdir -p {OWN}\ncat > {OWN}/servers.toml <<'E'\n{wrong}\nE\n"
                               'exec "$0" prove time-wait-reuse')

        self.assertEqual(done.returncode, 2, done.stdout)
        self.assertEqual(done.stdout, "")
        self.assertIn(f"{OWN}/servers.toml:{line}:", done.stderr)
        self.assertIn('did you mean "burst"?', done.stderr)

    def test_what_does_not_go_together(self):
        self.assertIn("say what to prove", self.refused())
        self.assertIn("--all means every proof", self.refused("--all", "time-wait-reuse"))
        self.assertIn("--list tries no proof", self.refused("--all", "--list"))

    def test_a_proof_that_fails_has_no_verdict(self):
        """It holds more connections than there are ports."""
        broken = OWN_PROOF.replace("held = 0", "held = 100")
        done = on_private_host(f"mkdir -p {OWN}\ncat > {OWN}/own.toml <<'E'\n{broken}\nE\n"
                               '"$0" prove own; echo "ended with $?"; exec "$0" prove own --format json')

        self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
        self.assertIn("FAILED  own", done.stdout)
        self.assertIn("no local port is left for what is held", done.stdout)
        self.assertIn("1 proof: 1 failed\nended with 2\n", done.stdout)
        result = json.loads(done.stdout.split("ended with 2\n")[1])["proofs"][0]
        self.assertEqual((result["verdict"], result["why"]), (None, None))
        self.assertIn("no local port is left", result["error"])

    def test_what_takes_too_much_of_the_whole_machine_is_not_tried(self):
        greedy = OWN_PROOF + "takes = { orphans = 9999 }\n"
        done = on_private_host(f"mkdir -p {OWN}\ncat > {OWN}/own.toml <<'E'\n{greedy}\nE\n"
                               'exec "$0" prove own')

        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("CANNOT RUN HERE  own", done.stdout)
        self.assertIn("it takes 9999 orphans", done.stdout)

    def test_a_host_without_user_namespaces_says_which_setting_it_is(self):
        done = self.without_namespaces(1000)

        self.assertEqual(verdicts(done.stdout), {"time-wait-reuse": "cannot run here"})
        self.assertIn("user.max_user_namespaces is 0", done.stdout)

    def test_so_does_one_without_network_namespaces(self):
        done = self.without_namespaces(1000, "net")

        self.assertEqual(verdicts(done.stdout), {"time-wait-reuse": "cannot run here"})
        self.assertIn("user.max_net_namespaces is 0", done.stdout)

    def test_root_needs_none(self):
        self.assertEqual(verdicts(self.without_namespaces(0).stdout), {"time-wait-reuse": "proven"})

    def test_a_profile_of_the_name_that_a_proof_uses_does_no_harm(self):
        done = on_private_host("mkdir -p /etc/sysctl-advisor/profiles\n"
                               "printf 'name = \"proof\"\nsummary = \"s\"\n' "
                               "> /etc/sysctl-advisor/profiles/proof.toml\n"
                               'exec "$0" prove accept-queue-capped --format json')

        self.assertEqual(set(verdicts(done.stdout).values()), {"proven"}, done.stdout + done.stderr)

    def without_namespaces(self, user, kind="user"):
        done = subprocess.run([sys.executable, __file__, "--without-namespaces", str(user), kind],
                              capture_output=True, text=True)
        if done.returncode == advisor.SKIPPED:
            self.skipTest("no user namespace can be made here, as in a chroot")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done


def without_namespaces(user, kind):
    """Runs a proof as a user of a user namespace, in which no namespace of a kind may be made."""
    ready, mapped = os.pipe(), os.pipe()
    child = os.fork()
    if child == 0:
        if ctypes.CDLL(None).unshare(CLONE_NEWUSER) != 0:
            os._exit(advisor.SKIPPED)
        os.write(ready[1], b".")
        os.read(mapped[0], 1)
        os.setresgid(0, 0, 0)
        os.setresuid(0, 0, 0)
        pathlib.Path(f"/proc/sys/user/max_{kind}_namespaces").write_text("0")
        os.setresuid(user, user, user)
        os.execv(advisor.BINARY, [advisor.BINARY, "prove", "time-wait-reuse", "--format", "json"])
    os.close(ready[1])
    if os.read(ready[0], 1):
        for ids in ("uid_map", "gid_map"):
            pathlib.Path(f"/proc/{child}/{ids}").write_text("0 0 65536")
        os.write(mapped[1], b".")
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


if __name__ == "__main__":
    if os.geteuid() != 0:
        print("skipped: to become nobody, and a private host, needs root")
        sys.exit(advisor.SKIPPED)
    if sys.argv[1:2] == ["--without-namespaces"]:
        without_namespaces(int(sys.argv[2]), sys.argv[3])
    unittest.main(verbosity=2)
