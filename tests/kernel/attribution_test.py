"""Who changed this host is kept and shown, and the log of the host hears of it without being waited for."""

import fcntl
import json
import os
import pty
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import termios
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
import advisor
import faults
from advisor import read_parameter, run

PROFILES = "/etc/sysctl-advisor/profiles"
APPLY = ["apply", "--yes", "--interval", "0", "--profile", "one"]
TIMEOUT = "net.ipv4.tcp_fin_timeout"
LOG = "/dev/log"
NOTICE, ERROR = "29", "27"  # of the facility daemon
HEAD = re.compile(r"^<(\d+)>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d sysctl-advisor\[\d+\]: ")
HERE = os.path.dirname(os.path.abspath(__file__))
PATIENCE = 60  # seconds; a run that waits for the log never ends


def profile(name, targets):
    os.makedirs(PROFILES, exist_ok=True)
    with open(f"{PROFILES}/{name}.toml", "w") as file:
        file.write(f'name = "{name}"\nsummary = "for a test"\n[targets]\n')
        file.writelines(f'"{key}" = {value}\n' for key, value in targets.items())


def own_devices():
    """A /dev of this private host, in which no log listens yet."""
    top = "/var/lib/sysctl-advisor/dev"
    os.mkdir(top)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=0755", "tmpfs", top], check=True)
    for name in ("null", "zero", "full", "random", "urandom", "tty", "ptmx"):
        with open(f"{top}/{name}", "w"):
            pass
        subprocess.run(["mount", "--bind", f"/dev/{name}", f"{top}/{name}"], check=True)
    os.mkdir(f"{top}/pts")
    subprocess.run(["mount", "--bind", "/dev/pts", f"{top}/pts"], check=True)
    os.symlink("/proc/self/fd", f"{top}/fd")
    subprocess.run(["mount", "--rbind", top, "/dev"], check=True)
    assert not os.path.lexists(LOG)


def listener(kind=socket.SOCK_DGRAM):
    log = socket.socket(socket.AF_UNIX, kind)
    log.bind(LOG)
    log.setblocking(False)
    return log


def records(log):
    """What was received: (priority, text) of each."""
    found = []
    while True:
        try:
            record = log.recv(8192).decode()
        except BlockingIOError:
            return found
        head = HEAD.match(record)
        assert head, record
        found.append((head[1], record[head.end():]))


def history_in_words():
    """Without regard to where lines are broken, which depends on how long the names are."""
    return " ".join(run("history", status=0).stdout.split())


def history():
    text = run("history", "--format", "json", status=0).stdout
    answer = json.loads(text)
    try:
        import jsonschema
    except ImportError:
        return answer["transactions"]
    with open(f"{HERE}/../../packaging/schemas/history.schema.json") as file:
        jsonschema.validate(answer, json.load(file))
    return answer["transactions"]


class Log(unittest.TestCase):
    def setUp(self):
        advisor.require_private_host()
        own_devices()
        profile("one", {TIMEOUT: 45})
        profile("two", {TIMEOUT: 45, "net.ipv4.tcp_retries2": 12})

    def told(self, log, priority, start):
        """Exactly one record, with that beginning."""
        (given, text), = records(log)
        self.assertEqual(given, priority, text)
        self.assertTrue(text.startswith(start), text)
        return text

    def test_each_change_of_state_is_one_record(self):
        log = listener()

        run(*APPLY, status=0)
        self.assertIn("; apply one, 1 parameter, /etc/sysctl.d/99-zz-sysctl-advisor.conf; asked by ",
                      self.told(log, NOTICE, "transaction 1: committed;"))
        run(*APPLY, status=0)  # nothing to change
        run("history", status=0)
        run("rollback", "--dry-run", status=0)
        self.assertEqual(records(log), [])
        run("rollback", status=0)
        self.told(log, NOTICE, "transaction 2: committed; rollback of 1, 1 parameter")
        run(*APPLY, "--confirm-within", "60s", status=0)
        self.told(log, NOTICE, "transaction 3: provisional until 20")
        run("confirm", status=0)
        self.told(log, NOTICE, "transaction 3 was confirmed: committed; apply one")
        run("rollback", status=0)
        self.told(log, NOTICE, "transaction 4: committed; rollback of 3")
        run(*APPLY, "--confirm-within", "60s", status=0)
        self.told(log, NOTICE, "transaction 5: provisional until 20")
        run("rollback", status=0)
        self.told(log, NOTICE, "transaction 5 was taken back before it was confirmed: rolled-back; apply one")

    @unittest.skipUnless(shutil.which("strace"), "needs strace")
    def test_what_was_cut_off_or_could_not_be_put_back_is_told_too(self):
        log = listener()
        words = ["apply", "--yes", "--interval", "0", "--profile", "two"]
        paths = [word for name in (TIMEOUT, "net.ipv4.tcp_retries2")
                 for word in ("-P", "/proc/sys/" + name.replace(".", "/"))]

        def write_with(trouble, command, status):
            done = faults.strace([*paths, "-o", "/dev/null", "-e", "trace=write",
                                  "-e", f"inject=write:{trouble}"], command)
            self.assertEqual(done[0], status, done[1])

        write_with("signal=KILL:when=2", words, -signal.SIGKILL)
        self.assertEqual(records(log), [])
        run("recover", status=0)
        self.told(log, NOTICE, "transaction 1 had been cut off: rolled-back; apply two")
        write_with("error=EINVAL:when=2", words, 2)
        self.told(log, NOTICE, "transaction 2 failed: rolled-back; apply two")
        write_with("error=EIO:when=2+", words, 3)
        self.told(log, ERROR, "transaction 3 failed: stuck; apply two")
        run("recover", status=0)
        self.told(log, NOTICE, "transaction 3 could not be put back: rolled-back; apply two")
        self.assertEqual(read_parameter(TIMEOUT), "60")

    def test_a_full_log_holds_nothing_up(self):
        log = listener()
        client = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        client.setblocking(False)
        with self.assertRaises(BlockingIOError):
            while True:
                client.sendto(b"filled", LOG)

        for command in (APPLY, ["rollback"], [*APPLY, "--confirm-within", "3s"]):
            start = time.monotonic()
            done = subprocess.run([advisor.BINARY, *command], capture_output=True, text=True, timeout=PATIENCE)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertLess(time.monotonic() - start, PATIENCE)
        self.assertEqual(read_parameter(TIMEOUT), "45")
        give_up = time.monotonic() + PATIENCE
        while read_parameter(TIMEOUT) != "60" and time.monotonic() < give_up:
            time.sleep(0.1)

        self.assertEqual(read_parameter(TIMEOUT), "60", "the watchdog is not held up either")
        with self.assertRaises(AssertionError):  # what fills it, and none of ours
            records(log)

    def test_a_log_that_is_absent_or_in_the_way_holds_nothing_up(self):
        def dead():
            listener().close()

        def stream():
            """Takes one connection, and nobody accepts it."""
            self.stream = listener(socket.SOCK_STREAM)
            self.stream.listen(0)

        makers = {"absent": lambda: None, "dead": dead, "stream": stream, "a directory": lambda: os.mkdir(LOG),
                  "a pipe": lambda: os.mkfifo(LOG), "a file": lambda: open(LOG, "w").close(),
                  "a loop": lambda: os.symlink(LOG, LOG)}
        for what, make in makers.items():
            with self.subTest(what):
                make()

                run(*APPLY, status=0)
                run("rollback", status=0)

                self.assertEqual(read_parameter(TIMEOUT), "60")
                if os.path.isdir(LOG):
                    os.rmdir(LOG)
                elif os.path.lexists(LOG):
                    os.remove(LOG)

    def test_of_a_copied_tree_the_log_hears_nothing(self):
        log = listener()
        root = "/var/lib/sysctl-advisor/root"
        for folder in ("proc/sys/net/ipv4", "etc/sysctl.d"):
            os.makedirs(f"{root}/{folder}")
        with open(f"{root}/proc/sys/net/ipv4/tcp_fin_timeout", "w") as file:
            file.write("60\n")
        profile("one", {TIMEOUT: 45})
        shutil.copytree(PROFILES, f"{root}{PROFILES}")

        done = run("--root", root, *APPLY)

        self.assertIn(done.returncode, (0, 2), done.stderr)
        self.assertEqual(records(log), [])


class Who(unittest.TestCase):
    def setUp(self):
        advisor.require_private_host()
        profile("one", {TIMEOUT: 45})

    def test_nobody_logged_in_and_no_terminal(self):
        with open("/proc/self/loginuid") as file:
            login = int(file.read())

        subprocess.run([advisor.BINARY, *APPLY], check=True, capture_output=True, stdin=subprocess.DEVNULL,
                       start_new_session=True, env={"PATH": os.environ["PATH"]})

        caller = history()[0]["caller"]
        self.assertEqual(caller["login_uid"], None if login == 0xFFFFFFFF else login)
        self.assertEqual([caller[key] for key in ("sudo_user", "sudo_uid", "tty")], [None] * 3)
        self.assertEqual(caller["command"], " ".join([advisor.BINARY, *APPLY]))
        self.assertIsNone(history()[0]["ended_by"])

    @unittest.skipUnless(os.path.exists("/proc/self/loginuid"), "needs a kernel with audit")
    def test_the_login_and_what_sudo_says(self):
        user = pwd.getpwuid(1)

        def log_in():
            with open("/proc/self/loginuid", "w") as file:
                file.write("1")

        try:
            subprocess.run([advisor.BINARY, *APPLY], check=True, capture_output=True, preexec_fn=log_in,
                           env={**os.environ, "SUDO_USER": "mallory\x1b[31m", "SUDO_UID": "1007"})
        except subprocess.SubprocessError:
            self.skipTest("nobody can be logged in here")

        caller = history()[0]["caller"]
        self.assertEqual((caller["login_uid"], caller["login"]), (1, user.pw_name))
        self.assertEqual((caller["sudo_user"], caller["sudo_uid"]), ("mallory\x1b[31m", 1007))
        text = history_in_words()
        self.assertIn(f"asked by {user.pw_name} (login uid 1), by sudo of mallory?[31m", text)

    def test_the_terminal_is_known_though_nothing_is_read_from_it(self):
        _, terminal = pty.openpty()
        name = os.ttyname(terminal)

        subprocess.run([advisor.BINARY, *APPLY], check=True, capture_output=True, stdin=subprocess.DEVNULL,
                       start_new_session=True, preexec_fn=lambda: fcntl.ioctl(terminal, termios.TIOCSCTTY, 0))

        self.assertEqual(history()[0]["caller"]["tty"], name)
        self.assertIn(f", on {name}: ", history_in_words())

    def test_a_command_line_is_bounded_and_does_not_steer_a_terminal(self):
        # Patterns of findings on the next boot need not match anything of the profile.
        run(*APPLY, "--skip", "boot:\x1b[2J\n", *(["--skip", "boot:" + "y" * 40] * 100), status=0)

        command = history()[0]["caller"]["command"]
        self.assertLessEqual(len(command), 1024)
        self.assertTrue(command.endswith("..."))
        self.assertIn("'boot:\x1b[2J\n'", command)
        text = history_in_words()
        self.assertIn("--skip 'boot:?[2J?' --skip boot:yyyy", text)
        self.assertNotIn("\x1b", text)

    def test_who_confirmed_is_told_beside_who_asked(self):
        run(*APPLY, "--confirm-within", "60s", status=0)
        run("confirm", status=0)

        row = history()[0]
        self.assertTrue(row["caller"]["command"].endswith("--confirm-within 60s"))
        self.assertTrue(row["ended_by"]["command"].endswith(" confirm"))
        self.assertRegex(history_in_words(), r"ended by .*: \S+ confirm ")


if __name__ == "__main__":
    advisor.main(at_once=os.cpu_count())
