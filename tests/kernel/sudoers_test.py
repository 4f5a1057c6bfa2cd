"""The sudoers example: what it grants to operators, and that nobody makes more of it.

sudo joins the words of a call by blanks before it looks, the program does not. So each granted call is
tried with more words at every place and with words run together, and what sudo grants of that is run
under strace: no other program, no file of the caller's choice."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
import advisor
import sudoers

PROFILE = """\
name = "plain"
summary = "Values that do not depend on the load"
[targets]
"net.ipv4.tcp_fin_timeout" = 45
"""
GRANTED = [
    "status", "status --format json", "history", "history --format=json -v", "audit",
    "audit --profile outbound-service --interval 5s", "audit --interval 5s --profile outbound-service",
    "audit --format=html --boot", "audit --brief --fail-on warning --color=never --no-pager",
    "audit --format=jsonl --fail-on=never --interval=1s --label=rack-7 --label siteB2",
    "audit --only net.ipv4.* --skip tcp_mem", "snapshot -", "snapshot --interval=5s --anonymize -",
    "snapshot --anonymize --profile web-server -", "apply", "apply --yes", "apply --dry-run",
    "apply --profile outbound-service --yes", "apply --profile outbound-service --dry-run",
    "apply --yes --profile outbound-service", "apply --dry-run --format json --profile plain",
    "apply --yes --confirm-within 60s", "apply --confirm-within=5m --profile hardened",
    "apply --yes --confirm-within 60s --only net.core.somaxconn", "apply --only=*conntrack* --yes --runtime",
    "apply --yes --format=json --profile=plain --profile=web-server --interval=500ms --runtime",
    "apply --dry-run --format=json --profile=plain --interval=0 --persist --skip=net.ipv4.tcp_?mem",
    "confirm", "confirm 3", "confirm --format json 3", "confirm 3 --format json",
]
REFUSED = [
    "", "apply --yes --profile ../../tmp/evil.toml", "apply --yes --profile /tmp/evil.toml",
    "apply --yes --profile evil.toml", "apply --yes --profile", "apply --yes --profile=",
    "apply --yes --profile PLAIN", "apply --yes --profile --allow-one-way", "apply --yes --only --force",
    "apply --yes --root /tmp", "--root /tmp apply --yes", "apply --yes --allow-one-way",
    "apply --yes --strict", "apply --yes --set net.core.somaxconn=1", "apply --yes --netns 1",
    "apply --yes --interval 3600", "apply --yes --only ../x", "apply --yes extra", "audit --from /etc/shadow",
    "audit --netns all", "audit --watch 1s", "audit --label --root", "audit --label ../x", "audit --label=",
    "snapshot", "snapshot /tmp/x", "snapshot - --anonymize",
    "snapshot --output /tmp/x", "confirm ../3", "confirm 3 4", "history --root /tmp", "rollback",
    "rollback --force", "recover", "recover --any-namespace", "lint", "report", "prove", "explain vm.swappiness",
    "profiles check /etc/shadow", "completion bash",
]
ROLLBACK = ["rollback", "rollback 3", "rollback --dry-run --format json 3", "rollback 3 --dry-run"]
NO_ROLLBACK = ["rollback --force", "rollback --netns 1", "rollback --any-namespace", "rollback ../3",
               "rollback 3 --root /tmp", "rollback 3 4", "recover --any-namespace"]
# Calls whose every place takes more words. They end soon: one sample, and a second to confirm.
STEMS = [
    "apply --yes --profile plain --confirm-within=1s --interval=0", "apply --dry-run --interval=0 --only=*",
    "audit --interval 0 --profile plain --skip a*", "snapshot --interval=0 --anonymize -",
    "confirm 3", "status --format json", "history", "rollback --dry-run 3",
]
# Every eighth of these words, or with ADVISOR_SUDO_WORDS=all each.
# CANARY stands for a path that the caller would choose.
WORDS = """
--output=CANARY --from=CANARY --root=CANARY --root --force --strict --set --set=net.core.somaxconn=1
--allow-one-way --any-namespace --netns=CANARY --netns=1 --profile=CANARY --profile=../canary --profile=..
--profile=* --profile= --profile --profile=canary --only=* --only=/* --only=CANARY --skip=[a] --only=-x
* ? [a-z]* {a,b} .. ../.. ./ / CANARY canary -- - --yes --dry-run --format=json --format=- --interval=0
--interval=../0 --runtime --persist -v -q -vq --no-pager --color=CANARY --pager=CANARY --forc --roo=CANARY
--ye --prof=plain --yes=true --dry-run=false --watch=1s --count=9 --help -h --version lint rollback 0
""".split() + [
    "", " ", "\n", "\t-v", "-v ", "-v\n", " -v", "-v -q", "- --anonymize", "--anonymize -", "- -", "0 -",
    "--yes --set net.core.somaxconn=1", "--only=a --root=CANARY", "--profile=plain --yes", "--profile plain",
    "--only canary --yes", "--yes\n--root=CANARY", "--format=json\n", "3 --format json", "$(id)", "`id`",
    "plain;id", "--color=never -", "--interval=0 --anonymize -",
]
CHANGING = ("rename,renameat,renameat2,unlink,unlinkat,mkdir,mkdirat,rmdir,link,linkat,symlink,symlinkat,"
            "chmod,fchmodat,?fchmodat2,chown,fchownat,truncate,mknod,mknodat,creat")
TRACED = "execve,execveat,open,openat,openat2," + CHANGING
OWN = re.compile(r"(/var/lib/sysctl-advisor|/etc/sysctl\.d/[.]?99-zz-sysctl-advisor\.conf|/proc/sys/net/"
                 r"|/run/sysctl-advisor|/dev/null$)")
PATH = re.compile(r'(?:(?:AT_FDCWD|\d+)<([^>]*)>, )?"((?:[^"\\]|\\.)*)"')


def with_more_words(call, canary):
    """The call with each word at every place, or instead of one if sudo may take it for several; and
    with words run together, as sudo sees no difference."""
    words = call.split(" ")
    for added in WORDS[::1 if os.environ.get("ADVISOR_SUDO_WORDS") == "all" else 8]:
        for place in range(len(words) + 1):
            for behind in (place, place + 1) if " " in added else (place,):
                yield (*words[:place], added.replace("CANARY", canary), *words[behind:])
    for start in range(len(words)):
        for end in range(start + 2, len(words) + 1):
            yield (*words[:start], " ".join(words[start:end]), *words[end:])


def misdeeds(trace, folder):
    """The traced calls that start another program, change a foreign file, or look below the folder."""
    found = []
    for line in trace.splitlines():
        match = re.match(r"^(?:\d+ +)?(\w+)\((.*)$", line)
        if not match:
            continue
        name, rest = match.groups()
        paths = [os.path.normpath(os.path.join(base, path)) for base, path in PATH.findall(rest)]
        if name.startswith("execve"):
            bad = os.path.realpath(paths[0]) != os.path.realpath(sudoers.PROGRAM)  # itself waits for a deadline
        else:
            changes = name in CHANGING.replace("?", "").split(",") or re.search(r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC", rest)
            bad = any(path.startswith(folder) or (changes and not OWN.match(path)) for path in paths)
        found += [line] if bad else []
    return found


class Sudoers(unittest.TestCase):
    def setUp(self):
        advisor.require_private_host()
        sudoers.install_program(advisor.BINARY)
        sudoers.add_user()
        os.makedirs("/etc/sysctl-advisor/profiles")
        with open("/etc/sysctl-advisor/profiles/plain.toml", "w") as file:
            file.write(PROFILE)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = os.path.realpath(folder.name)
        # What somebody would leave where the command is run, to be taken for something else.
        for name in ("canary", "canary.toml", "plain", "plain.toml", "3"):
            shutil.copy("/etc/sysctl-advisor/profiles/plain.toml", os.path.join(self.folder, name))

    def assert_grants(self, granted, refused):
        self.assertEqual([call for call in granted if not sudoers.may_run(*call.split(" "))], [])
        self.assertEqual([call for call in refused if sudoers.may_run(*call.split(" "))], [])

    def done_by(self, call):
        """What the program does as root, and its misdeeds."""
        trace = os.path.join(os.path.dirname(self.folder), os.path.basename(self.folder) + ".trace")
        self.addCleanup(lambda: os.path.exists(trace) and os.remove(trace))
        done = subprocess.run(
            ["strace", "-f", "-y", "-qq", "-s", "4096", "-e", "trace=" + TRACED, "-e", "signal=none", "-o",
             trace, sudoers.PROGRAM, *call], capture_output=True, stdin=subprocess.DEVNULL, cwd=self.folder,
            timeout=60, env={**os.environ, "SUDO_UID": "1000", "ASAN_OPTIONS": "detect_leaks=0"})
        with open(trace, errors="replace") as file:
            text = file.read()
        self.assertIn("execve(", text)
        return done, misdeeds(text, self.folder)

    def test_operators_may_do_their_work_and_nothing_else(self):
        subprocess.run(["visudo", "-scf", sudoers.EXAMPLE], check=True, capture_output=True)
        sudoers.write_sudoers(sudoers.example())

        self.assert_grants(GRANTED, REFUSED)

    def test_the_rollback_lines_allow_just_that(self):
        sudoers.write_sudoers(sudoers.with_rollback(sudoers.example()))

        self.assert_grants(GRANTED + ROLLBACK, NO_ROLLBACK)

    def test_an_operator_is_whoever_is_in_the_group(self):
        sudoers.write_sudoers(sudoers.example().replace("%" + sudoers.OPERATORS, "%nogroup"))

        self.assertFalse(sudoers.may_run("status"))

    def test_what_must_not_be_granted_is_seen(self):
        """That the eyes of the next test are open."""
        canary = os.path.join(self.folder, "canary")
        for call in (("snapshot", "--interval=0", "written"), ("snapshot", "--interval=0", "/dev/shm/written"),
                     ("audit", "--interval=0", "--from", canary), ("lint", "canary"),
                     ("audit", "--interval=0", "--profile", canary + ".toml")):
            self.assertNotEqual(self.done_by(call)[1], [], call)
        os.remove("/dev/shm/written")
        self.assertEqual(misdeeds('7 execve("/bin/sh", ["sh"], 0x7f) = 0', self.folder),
                         ['7 execve("/bin/sh", ["sh"], 0x7f) = 0'])

    def test_more_words_are_refused_or_harmless(self):
        sudoers.write_sudoers(sudoers.with_rollback(sudoers.example()))
        canary = os.path.join(self.folder, "canary")
        tried = list(dict.fromkeys(call for stem in STEMS for call in with_more_words(stem, canary)))
        before = sorted(os.listdir(self.folder))

        granted = sudoers.granted([tuple(stem.split(" ")) for stem in STEMS] + tried)
        refused_by_program = 0
        # The same words in another order are the same options to the program.
        runs = {tuple(sorted(call)): call for call in granted}.values()
        for call in runs:
            done, found = self.done_by(call)
            self.assertEqual(found, [], call)
            refused_by_program += done.returncode == 2

        self.assertEqual(sorted(os.listdir(self.folder)), before)
        self.assertEqual(granted[:len(STEMS)], [tuple(stem.split(" ")) for stem in STEMS])
        print(f"{len(WORDS)} words, {len(tried)} calls: sudo grants {len(granted)}; of {len(runs)} that "
              f"differ the program refuses {refused_by_program}; all are harmless")


if __name__ == "__main__":
    missing = sudoers.why_not() or (None if shutil.which("strace") else "strace is not installed")
    if missing:
        print("skipped: " + missing)
        sys.exit(advisor.SKIPPED)
    advisor.main()
