"""What the tests of the real program share: running it, and making socket load for it to see.

Everything here is meant to run under private-host.sh: it changes parameters and opens sockets.
A test script ends with `advisor.main()`, which runs each of its tests on a private host of its own.
"""

import concurrent.futures
import json
import os
import socket
import subprocess
import sys
import threading
import time
import unittest

BINARY = os.environ["ADVISOR"]  # the program under test
SERVER = "10.99.0.5"  # an address of our own that is not loopback, so tcp_tw_reuse = 2 does not apply

# What starts a program so that it does not see processes of other tests, which may be in network
# namespaces of their own.
ALONE = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc", "--propagation", "private"]


def require_private_host():
    """Ends the run unless nothing that is written here can reach the machine."""
    if os.path.exists("/proc/sys/net/core/netdev_max_backlog"):
        sys.exit("refused: run this under tests/support/private-host.sh")


def run(*args, user=None, status=None, input_text=None, alone=False):
    """Runs the program, if wished alone (ALONE); checks its exit status if one is given."""
    command = [*(ALONE if alone else ()), BINARY, *args]
    if user:
        command = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", *command]
    done = subprocess.run(command, capture_output=True, text=True, input=input_text, timeout=120)
    if status is not None and done.returncode != status:
        raise AssertionError(
            f"{' '.join(args)} ended with {done.returncode}, not {status}\n{done.stdout}{done.stderr}"
        )
    return done


def audit(*args, user=None):
    """The report of an audit, as read from its JSON."""
    done = run("audit", "--format", "json", *args, user=user)
    if done.returncode not in (0, 1):
        raise AssertionError(done.stderr)
    return json.loads(done.stdout)


def finding(report, rule):
    """The finding of one rule."""
    return next(found for found in report["findings"] if found["rule"] == rule)


def fired(report, rule):
    return finding(report, rule)["verdict"] == "violated"


def destination(report, address, port):
    """What the report says of the sockets towards one destination; None if there are none."""
    for load in report["load"]["destinations"]:
        if (load["destination"], load["port"]) == (address, port):
            return load
    return None


def states(listed):
    """How many sockets are in each state, of such a list in a report."""
    return {one["state"]: one["sockets"] for one in listed}


def write_parameter(name, value):
    require_private_host()
    with open("/proc/sys/" + name.replace(".", "/"), "w") as file:
        file.write(value + "\n")


def read_parameter(name):
    with open("/proc/sys/" + name.replace(".", "/")) as file:
        return " ".join(file.read().split())


def all_parameters():
    """sysctl -a of this namespace, but for what changes by itself."""
    text = subprocess.run(["sysctl", "-a", "--pattern", "^net\\."], capture_output=True, text=True)
    return [line for line in text.stdout.splitlines() if "nf_conntrack_count" not in line]


def add_address(address=SERVER):
    require_private_host()
    length = 128 if ":" in address else 32
    options = ["nodad"] if ":" in address else []
    subprocess.run(["ip", "address", "add", f"{address}/{length}", "dev", "lo", *options], check=True)
    for _ in range(500):  # until there is a route to it: for IPv6 the kernel adds that a little later
        with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM) as probe:
            if probe.connect_ex((address, 9)) == 0:
                return
        time.sleep(0.01)
    raise AssertionError(f"there is no route to {address}")


def socket_states(*ss_filter):
    """Counts of `ss -tan` by state, the independent witness."""
    listed = subprocess.run(["ss", "-Htan", *ss_filter], capture_output=True, text=True, check=True)
    counts = {}
    for line in listed.stdout.splitlines():
        state = line.split()[0]
        counts[state] = counts.get(state, 0) + 1
    return counts


class Server:
    """Accepts connections and keeps them, or closes each one: first, or after the client did."""

    def __init__(self, address=SERVER, port=8080, closes="last", backlog=1024):
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self.listener = socket.socket(family)
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind((address, port))
        self.listener.listen(backlog)
        self.closes = closes
        self.kept = []
        if closes != "never accepts":
            threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            if self.closes == "never":
                self.kept.append(connection)
                continue
            if self.closes == "last":
                connection.recv(1)  # returns when the client has closed
            connection.close()


def connect(address=SERVER, port=8080):
    client = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
    client.connect((address, port))
    return client


def short_connections(count, address=SERVER, port=8080, client_closes_first=True):
    """Opens and closes `count` connections one after the other; how many were made and refused."""
    made = refused = 0
    for _ in range(count):
        try:
            client = connect(address, port)
        except OSError:
            refused += 1
            continue
        if not client_closes_first:
            client.recv(1)
        client.close()
        made += 1
    for _ in range(50):  # until the last FIN was answered, which a busy machine takes its time for
        if not {"FIN-WAIT-1", "FIN-WAIT-2"} & set(socket_states("dst", f"[{address}]:{port}")):
            break
        time.sleep(0.1)
    return made, refused


def let_rates_pass():
    """Waits until no row of TIME_WAIT is young enough to tell a rate, which a second audit might not
    see any more."""
    time.sleep(5.5)


SKIPPED = 77  # the exit status by which ctest knows a test that could not run here


def main(at_once=1):
    """Runs the test named on the command line here, or else each one on a private host of its own;
    `at_once` of them at a time, if none of them minds."""
    script = os.path.abspath(sys.argv[0])
    if len(sys.argv) > 1:
        unittest.main(verbosity=2, warnings="ignore")
    if os.geteuid() != 0:
        print("skipped: a network namespace of one's own needs root")
        sys.exit(SKIPPED)
    private_host = os.path.join(os.path.dirname(os.path.abspath(__file__)), "private-host.sh")
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"])
    names = [test.id().removeprefix("__main__.") for case in suite for test in case]

    def passes(name):
        done = subprocess.run([private_host, sys.executable, script, name], text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        print(done.stdout, end="", flush=True)
        return done.returncode == 0

    with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
        failed = [name for name, passed in zip(names, pool.map(passes, names)) if not passed]
    print(f"{len(names)} tests, each on its own private host; failed: {', '.join(failed) or 'none'}")
    sys.exit(1 if failed or not names else 0)


def wait_until_asleep(process, seconds=30):
    """Returns once a process waits for something, and not merely for a moment."""
    wanted, seen = 5, 0
    for _ in range(seconds * 20):
        with open(f"/proc/{process.pid}/stat") as file:
            state = file.read().rsplit(") ", 1)[1][0]
        seen = seen + 1 if state == "S" else 0
        if seen == wanted:
            return
        time.sleep(0.05)
    raise AssertionError(f"process {process.pid} does not come to wait for anything")
