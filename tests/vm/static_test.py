"""The static program where nothing else is: in a root that holds it alone, on this kernel and on Debian's.

ADVISOR_STATIC_PROGRAM names it.
"""

import os
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
PROGRAM = os.environ["ADVISOR"] = os.environ.get("ADVISOR_STATIC_PROGRAM", "")
import vm

PRIVATE_HOST = os.path.join(os.path.dirname(os.path.abspath(vm.__file__)), "private-host.sh")

# ALONE is a directory that will be the root, PROGRAM the program. The shell stays outside.
SCRIPT = r"""
mkdir -p $ALONE/proc
cp $PROGRAM $ALONE/sysctl-advisor
mount -o rbind /proc $ALONE/proc
alone() { chroot $ALONE /sysctl-advisor "$@" >/tmp/said 2>&1; }
# check NAME IS WANTED
check() { if [ "$2" = "$3" ]; then echo "ok: $1"; else echo "WRONG: $1: $2, not $3"; cat /tmp/said; fi; }
value() { cat /proc/sys/net/ipv4/tcp_fin_timeout; }
drop_in() { grep -c '^net.ipv4.tcp_fin_timeout = 33$' $ALONE/etc/sysctl.d/99-zz-sysctl-advisor.conf 2>/dev/null; }
mkdir -p /tmp
check "nothing else is there" "$(find $ALONE -xdev -type f)" $ALONE/sysctl-advisor
alone audit --profile outbound-service --interval 0 --fail-on never; check audit $? 0
check "it reads sock_diag" "$(grep -c 'read from sock_diag' /tmp/said)" 1
alone apply --yes --interval 0 --set net.ipv4.tcp_fin_timeout=33 --confirm-within 60s; check apply $? 0
check "applied" "$(value) $(drop_in)" "33 1"
alone confirm; check confirm $? 0
alone status; check status $? 0
alone rollback; check rollback $? 0
check "taken back" "$(value) $(drop_in)" "60 "
alone apply --yes --interval 0 --runtime --set net.ipv4.tcp_fin_timeout=34 --confirm-within 1s; check "apply once more" $? 0
for _ in 1 2 3 4 5 6 7 8 9 10; do [ "$(value)" = 60 ] || sleep 1; done
check "not confirmed, and undone" "$(value)" 60
"""
CHECKS = SCRIPT.count("check ") - 1


class Alone(unittest.TestCase):
    def judge(self, lines):
        text = "\n".join(lines)
        self.assertNotIn("WRONG", text)
        self.assertEqual(sum(line.startswith("ok: ") for line in lines), CHECKS, text)
        print(f"{CHECKS} checks passed", flush=True)

    @unittest.skipUnless(os.geteuid() == 0, "needs root")
    def test_on_this_kernel(self):
        print(os.uname().release, flush=True)
        with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
            done = subprocess.run([PRIVATE_HOST, "sh", "-c", SCRIPT], capture_output=True, text=True,
                                  env={**os.environ, "ALONE": f"{folder}/alone", "PROGRAM": PROGRAM}, timeout=120)
        self.judge((done.stdout + done.stderr).splitlines())

    def test_it_makes_links_between_namespaces(self):
        done = subprocess.run([PROGRAM, "prove", "tcp-timestamps-off"], capture_output=True, text=True, timeout=120)
        self.assertIn("1 proof: 1 proven", done.stdout, done.stderr)

    def on(self, series):
        machine = vm.Machine(series, f"ALONE=/alone PROGRAM=/bin/{os.path.basename(PROGRAM)}\n{SCRIPT}",
                             loaded=("inet_diag", "tcp_diag"))
        self.addCleanup(machine.close)
        self.judge(machine.run()[1])

    def test_on_6_1(self):
        self.on("6.1")

    def test_on_6_12(self):
        self.on("6.12")


if __name__ == "__main__":
    if not os.path.exists(PROGRAM):
        vm.skip("ADVISOR_STATIC_PROGRAM names no program")
    vm.main(*vm.KERNELS)
