"""The package of Debian, as dpkg installs it, on a machine that boots twice with systemd as process 1.

ADVISOR_PACKAGE names it. The first boot tries the timer, the service of the audit and what it writes, and
ends by a reset with a change that nobody confirmed; the second finds that undone.
"""

import os
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
import debian
import systemd_test
import vm

PACKAGE = os.environ.get("ADVISOR_PACKAGE", "")
SERIES = "6.1"

# What the package depends on, and what its scripts run.
FOR_DPKG = ("libmd0", "libmnl0", "init-system-helpers", "perl-base")

COMMON = systemd_test.COMMON + r"""
audit=sysctl-advisor-audit
line=/run/sysctl-advisor/host.jsonl
exporter=/var/lib/prometheus/node-exporter
audited() {
    systemctl start $audit.service; check "$1: the service did not fail" $? 0
    check "$1: its result" "$(systemctl show --property=Result --value $audit.service)" success
}
# What a line of a host says of itself: how whole it is, and how many checks were unknown.
judged() { grep -o -e '"status": *"[a-z]*"' -e '"unknown": *[0-9]*' "$1" | head -n 2; }
"""

FRESH = COMMON + r"""
check "skipped, as there is no transaction" "$status" 3
shows LoadState=loaded ConditionResult=no WantedBy=sysinit.target
check "the state is for root alone" "$(stat -c %a /var/lib/sysctl-advisor)" 700

echo "# the timer and what it starts"
check "the timer runs" "$(systemctl is-active $audit.timer)" active
check "it was switched on" "$(systemctl is-enabled $audit.timer)" enabled
check "it has a next time" "$(systemctl show --property=NextElapseUSecRealtime $audit.timer | grep -c 20)" 1
audited "without a node exporter"
check "everybody may read it" "$(stat -c %a $line)" 644
sysctl-advisor audit --interval 5s --format jsonl --fail-on never >/tmp/said 2>&1
check "it sees what root sees: $(judged $line | tr '\n' ' ')" "$(judged $line)" "$(judged /tmp/said)"
check "which is something" "$(judged $line | wc -l)" 2
check "no metrics" "$(ls -d $exporter 2>&1 | grep -c 'cannot access')" 1
mkdir -p $exporter
audited "with a node exporter"
check "metrics" "$(grep -c '^sysctl_advisor_audit_success 1$' $exporter/sysctl-advisor.prom)" 1
check "everybody may read them" "$(stat -c %a $exporter/sysctl-advisor.prom)" 644
ls $exporter >/tmp/said; check "nothing else is left there" "$(cat /tmp/said)" sysctl-advisor.prom
# Without the delay that spreads hosts: systemd has it begin anew where the clock is set on.
mkdir /etc/systemd/system/$audit.timer.d
printf '[Timer]\nRandomizedDelaySec=0\n' >/etc/systemd/system/$audit.timer.d/soon.conf
systemctl daemon-reload
rm $line
date -s "+30 minutes" >/tmp/said
until_true 120 '[ -e $line ]'; check "the timer audits" $? 0
until_true 60 '! systemctl is-active --quiet $audit.service'; check "and comes to an end" $? 0
journalctl --no-pager -b -u $audit.service >/tmp/said
check "it complains of nothing" "$(grep -ci 'warning\|error\|denied' /tmp/said)" 0

echo "# not confirmed when the machine is reset"
advisor apply --yes --interval 0 --persist --set net.core.somaxconn=6000 --confirm-within 10m
check "apply --persist --confirm-within" $? 0
lists net.core.somaxconn=6000
sync
echo "@@RESET"
sleep 1000
"""

AFTER_RESET = COMMON + r"""
check "it ran" "$status" 0
shows LoadState=loaded ActiveState=active SubState=exited Result=success
state 1 rolled-back
lists
value net.core.somaxconn 4096
check "the timer runs" "$(systemctl is-active $audit.timer)" active
echo "@@END"
systemctl poweroff
"""

PARTS = {"fresh": FRESH, "after-reset": AFTER_RESET}


def install_package(root, _):
    """As dpkg does, its scripts in the root, but for what a system that runs would have to do at once."""
    os.makedirs(f"{root}/var/lib/dpkg/updates", exist_ok=True)
    for name in ("status", "available"):
        with open(f"{root}/var/lib/dpkg/{name}", "a"):
            pass
    # What it depends on is there, and unpacked only.
    subprocess.run(["dpkg", f"--root={root}", "--force-depends", "--install", PACKAGE], check=True,
                   capture_output=True)


class Package(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        files = {f"/checks/{name}": script for name, script in PARTS.items()}
        files["/names"] = "^net.core.somaxconn \n"
        cls.machine = debian.Debian(SERIES, files, install=install_package, packages=debian.PACKAGES + FOR_DPKG)
        cls.addClassCleanup(cls.machine.close)
        cls.printed = {part: systemd_test.boot(cls.machine, part) for part in PARTS}

    judge = systemd_test.Systemd.judge

    def test_the_timer_audits_and_writes_the_line_and_the_metrics(self):
        self.judge("fresh", "@@RESET")

    def test_a_boot_undoes_what_was_not_confirmed(self):
        self.judge("after-reset", "@@END")


if __name__ == "__main__":
    if not os.path.exists(PACKAGE):
        vm.skip("ADVISOR_PACKAGE names no package")
    if os.geteuid() != 0 or not shutil.which("dpkg"):
        vm.skip("needs root and dpkg")
    vm.main(SERIES, tools=debian.TOOLS, ready=lambda: debian.tree(debian.PACKAGES + FOR_DPKG))
