"""What systemd does for us, by a real one: the timer of `apply --confirm-within`, and the boot unit.

And what a boot makes of a line on a parameter that a module brings, before and after the advice.

One machine boots three times: for the first time; after a reset, with a change on its disk that
nobody confirmed; and after a reboot. Each boot runs a part of the checks, which prints a line for each.
"""

import os
import re
import sys
import threading
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
import debian
import vm

SERIES = "6.1"
PATIENCE = 400  # seconds for one boot and its part; it takes 30 on a machine that has nothing else to do

PROFILES = {
    "timed": {"net.core.somaxconn": 5000, "vm.swappiness": 17},
    "kept": {"net.ipv4.tcp_fin_timeout": 33},
    "boot": {"vm.swappiness": 27},
    "reset": {"net.core.somaxconn": 6000},
    # To write these takes a capability each: CAP_SYS_ADMIN, CAP_SYS_PTRACE, CAP_SYS_RAWIO and
    # CAP_SYS_RESOURCE.
    "guarded": {"kernel.kptr_restrict": 2, "kernel.yama.ptrace_scope": 2, "vm.mmap_min_addr": 32768,
                "user.max_user_namespaces": 100, "net.core.somaxconn": 7000},
}

# nf_conntrack, and what it needs.
MODULES = ("nf_conntrack", "nf_defrag_ipv4", "nf_defrag_ipv6", "libcrc32c")

COMMON = r"""
unit=sysctl-advisor-recover.service
drop_in=/etc/sysctl.d/99-zz-sysctl-advisor.conf
advisor() { sysctl-advisor "$@" >/tmp/said 2>&1 </dev/null; }
applied() { advisor apply --yes --interval 0 --profile "$@"; }
# check NAME IS WANTED
check() { if [ "$2" = "$3" ]; then echo "ok: $1"; else echo "WRONG: $1: $2, not $3"; cat /tmp/said; fi; }
value() { check "$1 = $2" "$(sysctl -n "$1")" "$2"; }
in_one_line() { tr -s '[:space:]' ' ' </tmp/said; }
# lists KEY=VALUE...: what the drop-in sets, in alphabetical order; nothing if there is to be none.
lists() {
    check "the drop-in: $*" "$(echo $(sed -n '/^[^#]/s/ = /=/p' $drop_in 2>/tmp/sed | sort))" "$*"
    [ $# != 0 ] || check "no drop-in" "$(ls $drop_in 2>&1 | grep -c 'cannot access')" 1
}
dump() { sysctl kernel net.core net.ipv4.tcp_fin_timeout user vm 2>/dev/null | grep -f /names; }
as_before() { dump | diff /tmp/before - >/tmp/said; check "as before" $? 0; }
timers() { systemctl list-timers --all --no-legend --no-pager 'sysctl-advisor-*'; }
# state ID WANTED: what the history says.
state() {
    check "transaction $1 is $2" "$(sysctl-advisor history --format json |
        sed -n "/\"id\": \"$1\"/,/\"state\"/s/.*\"state\": \"\(.*\)\".*/\1/p")" "$2"
}
# until SECONDS COMMAND: whether it came true.
until_true() { for _ in $(seq "$1"); do if eval "$2"; then return 0; fi; sleep 1; done; return 1; }
# shows PROPERTY=VALUE...: of the boot unit.
shows() {
    systemctl show $unit >/tmp/shown
    for one in "$@"; do check "the unit has $one" "$(grep "^${one%%=*}=" /tmp/shown)" "$one"; done
}
# when UNIT PROPERTY: microseconds since the kernel began.
when() { systemctl show --property="$2" --value "$1"; }
# journaled ID STATE: by its file, which takes less time to ask than the program.
journaled() { grep -q "\"state\": *\"$2\"" "/var/lib/sysctl-advisor/transactions/$1/journal.json" 2>/dev/null; }

: >/tmp/said
dump >/tmp/before
check "the machine runs" "$(systemctl is-system-running --wait)" running
check "no unit failed" "$(systemctl --failed --no-legend --plain --no-pager)" ""
systemctl status --no-pager $unit >/tmp/status; status=$?
check "$unit did not fail" "$(systemctl is-failed $unit | grep -c failed)" 0
echo "boot: $(systemd-analyze time | sed -n 's/.* = //p')"
"""

# What is printed goes into a pipe that is full and that nobody empties: apply lives on until it is killed.
SESSION = """
profile=$1 within=$2
{ head -c 65536 /dev/zero; exec sysctl-advisor apply --yes --interval 0 --profile "$profile" \\
    --confirm-within "$within"; } | sleep 1000
"""

FRESH = COMMON + r"""
session() { systemd-run --quiet --collect --unit=session sh /session "$@"; }
running() { pgrep -f 'sysctl-advisor apply' >/dev/null; }
kill_session() { systemctl kill --kill-whom=all --signal=KILL session.service; }
# by_timer ID: it was undone, and that by what the timer started.
by_timer() {
    until_true 40 "journaled $1 rolled-back"; check "undone in time" $? 0
    as_before
    lists
    state "$1" rolled-back
    until_true 5 '[ -z "$(timers)" ]'; check "no timer" $? 0
    journalctl --no-pager -b _COMM=sysctl-advisor >/tmp/said
    check "by the timer" "$(grep -c "transaction $1 was not confirmed by .*; it was undone" /tmp/said)" 1
}

check "skipped, as there is no transaction" "$status" 3
shows LoadState=loaded ConditionResult=no WantedBy=sysinit.target
check "it is well-formed" "$(systemd-analyze verify --man=no $unit 2>&1; echo $?)" 0

echo "# killed: apply, its shell, and whatever else the session has"
session timed 15s
until_true 10 'journaled 1 provisional'; check "applied" $? 0
timers >/tmp/said; check "one timer" "$(grep -c 'sysctl-advisor-recover-.*\.timer' /tmp/said)" 1
running; check "apply is still there" $? 0
kill_session
until_true 5 '! running'; check "apply was killed" $? 0
lists net.core.somaxconn=5000 vm.swappiness=17
state 1 provisional
by_timer 1

echo "# not killed: apply still waits for somebody to read what it says"
session timed 3s
by_timer 2
running; check "apply is still there" $? 0
kill_session

echo "# confirmed, then kept for the next boot as well"
applied kept --confirm-within 60m; check "apply kept" $? 0
check "one timer" "$(timers | wc -l)" 1
advisor confirm; check "confirm" $? 0
check "no timer" "$(timers)" ""
state 3 committed
value net.ipv4.tcp_fin_timeout 33
applied boot --persist; check "apply --persist" $? 0
state 4 committed
value vm.swappiness 60

echo "# a line on what a module brings, which nothing loads at boot"
depmod -a && modprobe nf_conntrack; check "nf_conntrack is loaded" $? 0
echo 'net.netfilter.nf_conntrack_max = 131072' >/etc/sysctl.d/60-conntrack.conf; sync
sysctl -q -p /etc/sysctl.d/60-conntrack.conf
value net.netfilter.nf_conntrack_max 131072
advisor audit --boot
check "foretold" "$(in_one_line | grep -c 'nf_conntrack_max = 131072 .*comes too early')" 1

echo "# not confirmed when the machine is reset"
applied reset --persist --confirm-within 10m; check "apply --persist --confirm-within" $? 0
lists net.core.somaxconn=6000 net.ipv4.tcp_fin_timeout=33 vm.swappiness=27
state 5 provisional
echo "@@RESET"
sleep 1000
"""

# Under the restrictions of the unit, what was cut off in this boot is undone as well.
AFTER_RESET = COMMON + r"""
check "it ran" "$status" 0
shows LoadState=loaded ActiveState=active SubState=exited Result=success ExecMainStatus=0 \
    ProtectSystem=strict ProtectHome=yes DevicePolicy=closed NoNewPrivileges=yes
journalctl --no-pager -b -u $unit >/tmp/said
check "it says what it did" "$(grep -c 'transaction 5 was not confirmed .*; it was undone' /tmp/said)" 1
check "the log has one record of it" "$(grep -c 'transaction 5 .*: rolled-back; apply reset, ' /tmp/said)" 1
check "it says nothing else" "$(grep -c 'sysctl-advisor\[' /tmp/said)" 2
finished=$(when $unit ExecMainExitTimestampMonotonic)
loading=$(when systemd-sysctl.service ExecMainStartTimestampMonotonic)
echo "recovered at $finished us, systemd-sysctl began at $loading us"
[ "$finished" -gt 0 ] && [ "$finished" -lt "$loading" ]; check "before systemd-sysctl" $? 0
state 5 rolled-back
check "no timer" "$(timers)" ""
value net.core.somaxconn 4096
lists net.ipv4.tcp_fin_timeout=33 vm.swappiness=27
value vm.swappiness 27
value net.ipv4.tcp_fin_timeout 33

echo "# the line did not count, as foretold; the advice is followed"
check "nf_conntrack is not loaded" "$(grep -c nf_conntrack /proc/modules)" 0
modprobe nf_conntrack
check "lost" "$(sysctl -n net.netfilter.nf_conntrack_max | grep -c '^131072$')" 0
advisor audit --boot
advised=$(grep -o '/etc/modules-load.d/[a-z_]*.conf' /tmp/said | head -n 1)
echo nf_conntrack >"$advised"; check "advised" $? 0
advisor audit --boot
check "the line is in time now" "$(in_one_line | grep -c 'comes too early')" 0

echo "# not confirmed in this boot, and the timer does nothing"
mkdir -p /run/systemd/system/sysctl-advisor-recover-.service.d
printf '[Unit]\nConditionPathExists=/nowhere\n' >/run/systemd/system/sysctl-advisor-recover-.service.d/not.conf
systemctl daemon-reload
applied guarded --confirm-within 3s; check "apply guarded" $? 0
until_true 10 'sysctl-advisor history | grep -q "not confirmed in time"'; check "too late" $? 0
value kernel.yama.ptrace_scope 2
systemctl restart $unit; check "the unit runs again" $? 0
journalctl --no-pager -b -u $unit >/tmp/said
state 6 rolled-back
as_before
lists net.ipv4.tcp_fin_timeout=33 vm.swappiness=27
echo "@@END"
systemctl reboot
"""

AFTER_REBOOT = COMMON + r"""
check "it ran" "$status" 0
shows ActiveState=active Result=success
journalctl --no-pager -b -u $unit >/tmp/said
check "there was nothing to undo" "$(grep -c ': nothing to undo$' /tmp/said)" 1
value net.netfilter.nf_conntrack_max 131072
value vm.swappiness 27
value net.ipv4.tcp_fin_timeout 33
lists net.ipv4.tcp_fin_timeout=33 vm.swappiness=27
advisor rollback; check "rollback of what was persisted" $? 0
check "it says what it leaves" "$(grep -c 'stays in the running kernel until the next' /tmp/said)" 1
lists net.ipv4.tcp_fin_timeout=33
value vm.swappiness 27
advisor rollback; check "rollback of what was confirmed" $? 0
value net.ipv4.tcp_fin_timeout 60
lists
echo "@@END"
systemctl poweroff
"""

PARTS = {"fresh": FRESH, "after-reset": AFTER_RESET, "after-reboot": AFTER_REBOOT}


def files():
    found = {f"/checks/{name}": script for name, script in PARTS.items()}
    found["/session"] = SESSION
    found["/names"] = "".join(f"^{key} \n" for targets in PROFILES.values() for key in targets)
    for name, targets in PROFILES.items():
        found[f"/etc/sysctl-advisor/profiles/{name}.toml"] = (
            f'name = "{name}"\nsummary = "for a test"\n[targets]\n'
            + "".join(f'"{key}" = {value}\n' for key, value in targets.items()))
    return found


def boot(machine, part):
    """Runs the machine until it is off, or asks to be reset; the lines that it printed."""
    begun, lines = time.monotonic(), []
    with machine.start(part) as running:
        too_late = threading.Timer(PATIENCE, running.kill)
        too_late.start()
        for line in running.stdout:
            lines.append(line.rstrip())
            if "@@RESET" in line:
                running.kill()
        too_late.cancel()
    print(f"{part}: {time.monotonic() - begun:.1f} s", flush=True)
    return lines


class Systemd(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.machine = debian.Debian(SERIES, files(), MODULES)
        cls.addClassCleanup(cls.machine.close)
        cls.printed = {part: boot(cls.machine, part) for part in PARTS}

    def judge(self, part, last):
        """Every check of the part passed, as many as there are, and it came to its end."""
        lines = self.printed[part]
        text = "\n".join(lines)
        passed = [line for line in lines if line.startswith("ok: ")]
        print(f"{part}: {len(passed)} checks passed")
        for line in lines:
            if re.match("boot: |recovered at", line):
                print(f"{part}: {line}")
        self.assertFalse([line for line in lines if line.startswith("WRONG")], text)
        self.assertIn(last, lines, text)

    def test_what_is_not_confirmed_is_put_back_by_the_timer(self):
        self.judge("fresh", "@@RESET")

    def test_after_a_reset_the_boot_unit_is_there_before_the_files_are_read(self):
        self.judge("after-reset", "@@END")

    def test_what_is_kept_is_there_after_a_reboot_and_can_be_taken_back(self):
        self.judge("after-reboot", "@@END")


if __name__ == "__main__":
    vm.main(SERIES, tools=debian.TOOLS, ready=debian.tree)
