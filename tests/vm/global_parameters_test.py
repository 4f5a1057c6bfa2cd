"""Parameters of the whole machine, applied and taken back for real on Debian's kernels 6.1 and 6.12.

For each kernel there is one machine and one script, which prints a line for each check.
"""

import concurrent.futures
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
import vm

PROFILES = {
    # Of every kind: numbers, vectors, large numbers, of every directory.
    "many": {"vm.swappiness": "17", "vm.overcommit_memory": "1", "vm.max_map_count": "131072",
             "vm.vfs_cache_pressure": "50", "vm.min_free_kbytes": "20480", "vm.dirty_expire_centisecs": "1500",
             "kernel.panic": "10", "kernel.pid_max": "65536", "kernel.sem": '"250 32000 100 256"',
             "kernel.printk": '"4 4 1 7"', "kernel.shmmax": "68719476736", "kernel.kptr_restrict": "1",
             "kernel.sysrq": "176", "fs.file-max": "500000", "fs.inotify.max_user_watches": "100000",
             "fs.protected_fifos": "2", "net.core.rmem_max": "8388608", "net.core.wmem_max": "8388608",
             "net.core.netdev_max_backlog": "5000", "net.core.somaxconn": "8192",
             "net.ipv4.tcp_mem": '"20000 30000 40000"', "net.ipv4.tcp_rmem": '"4096 100000 8000000"',
             "net.ipv4.tcp_max_orphans": "5000"},
    # Setting one of a pair makes the other 0, and the kernel refuses to set it to 0 itself.
    "bytes": {"vm.dirty_bytes": "200000000", "vm.dirty_background_bytes": "50000000"},
    "ratio": {"vm.dirty_ratio": "30", "vm.dirty_background_ratio": "5"},
    "one": {"vm.dirty_background_bytes": "40000000"},
    "refused": {"vm.swappiness": "42", "kernel.pid_max": "65000", "net.core.rmem_max": "9000000",
                "net.ipv4.tcp_congestion_control": '"nosuch"'},
    "one-way": {"vm.swappiness": "43", "kernel.kexec_load_disabled": "1"},
    "code": {"vm.swappiness": "44", "kernel.core_pattern": '"|/tmp/x"'},
}

SCRIPT = r"""
advisor() { sysctl-advisor "$@" >/tmp/said 2>&1 </dev/null; }
applied() { advisor apply --yes --interval 0 --profile "$@"; }
# What stands still by itself.
dump() {
    grep -rs . /proc/sys/vm /proc/sys/kernel /proc/sys/fs /proc/sys/net |
        grep -v -e /random/ -e /ns_last_pid -e /dentry-state -e /inode- -e /file-nr -e /pty/nr \
            -e /perf_event_max_sample_rate -e /perf_cpu_time -e /stat_refresh -e nf_conntrack_count | sort
    cat /etc/sysctl.d/*.conf 2>/dev/null
}
# check NAME STATUS WANTED-STATUS: and nothing else may be written on that line.
check() { if [ "$2" = "$3" ]; then echo "ok: $1"; else echo "WRONG: $1: $2, not $3"; cat /tmp/said; fi; }
value() { check "$1 = $2" "$(cat /proc/sys/$(echo "$1" | tr . /) | tr '\t' ' ')" "$2"; }
as_before() {
    dump >/tmp/now
    if cmp -s /tmp/before /tmp/now; then echo "ok: $1: as before"; else
        echo "WRONG: $1: not as before"; diff /tmp/before /tmp/now; cat /tmp/said; fi
}
there_and_back() {
    applied "$1"; check "apply $1" $? 0
    while read -r name wanted; do value "$name" "$wanted"; done <"/wanted/$1"
    advisor rollback; check "rollback $1" $? 0
    as_before "$1"
}

# No module is loaded here, so sock_diag answers nothing, which is not a table without sockets.
advisor audit --interval 0
grep -q 'read from /proc/net/tcp' /tmp/said; check "the socket table without sock_diag" $? 0

applied many --dry-run
dump >/tmp/before
there_and_back many
there_and_back bytes
there_and_back one
there_and_back ratio

# A member of the pair that stands at 0 is not put back by writing 0.
echo 100000000 >/proc/sys/vm/dirty_bytes
dump >/tmp/before
there_and_back ratio
there_and_back bytes
echo 20 >/proc/sys/vm/dirty_ratio
dump >/tmp/before

applied refused; check "apply refused" $? 2
as_before refused
applied code; check "apply code" $? 2
as_before code
applied one-way; check "apply one-way" $? 2
grep -q "cannot be taken back" /tmp/said; check "and it is said why" $? 0
as_before one-way

applied many --persist; check "apply --persist" $? 0
advisor rollback; check "rollback --persist" $? 0
as_before persist
applied bytes --persist; check "apply bytes --persist" $? 0
applied ratio --persist; check "apply ratio --persist" $? 0
check "a boot would not set the other form" \
    "$(grep -c 'dirty.*_bytes *=' /etc/sysctl.d/99-zz-sysctl-advisor.conf)" 0
advisor rollback; check "rollback of ratio --persist" $? 0
advisor rollback; check "rollback of bytes --persist" $? 0
as_before "pair --persist"

applied one-way --allow-one-way; check "apply --allow-one-way" $? 0
value kernel.kexec_load_disabled 1
value vm.swappiness 43
advisor rollback; status=$?
echo "one-way rollback: $status"; cat /tmp/said
[ $status != 0 ] || grep -q kexec_load_disabled /tmp/said
check "a rollback that cannot be whole does not claim to be" $? 0
value kernel.kexec_load_disabled 1
advisor history --format json; check history $? 0
"""


def plain(value):
    return value.strip('"')


def files():
    found = {}
    for name, targets in PROFILES.items():
        lines = "".join(f'"{key}" = {value}\n' for key, value in targets.items())
        found[f"/etc/sysctl-advisor/profiles/{name}.toml"] = (
            f'name = "{name}"\nsummary = "for a test"\n[targets]\n{lines}')
        found[f"/wanted/{name}"] = "".join(f"{key} {plain(value)}\n" for key, value in targets.items())
    return found


def checks(series):
    """What the script printed on that kernel."""
    machine = vm.Machine(series, SCRIPT, files())
    try:
        return machine.run()[1]
    finally:
        machine.close()


# The newest, or all of them: two machines take twice as long on two processors.
TRIED = list(vm.KERNELS) if os.environ.get("ADVISOR_VM_KERNELS") == "all" else ["6.12"]


def printed_by(series):
    """What the script printed on that kernel, or why there is no such machine."""
    try:
        return checks(series)
    except vm.Missing as missing:
        return missing


class GlobalParameters(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with concurrent.futures.ThreadPoolExecutor() as pool:
            cls.printed = dict(zip(TRIED, pool.map(printed_by, TRIED)))

    def judge(self, series):
        if series not in TRIED:
            self.skipTest("skipped: ADVISOR_VM_KERNELS=all tries this kernel")
        lines = self.printed[series]
        if isinstance(lines, vm.Missing):
            self.skipTest(f"skipped: {lines}")
        passed = sum(line.startswith("ok: ") for line in lines)
        print(f"{series}: {passed} checks passed")
        self.assertFalse([line for line in lines if line.startswith("WRONG")], "\n".join(lines))
        self.assertIn("ok: history", lines, "\n".join(lines))
        self.assertGreater(passed, 60)

    def test_linux_6_1(self):
        self.judge("6.1")

    def test_linux_6_12(self):
        self.judge("6.12")


if __name__ == "__main__":
    vm.require_tools()
    unittest.main(verbosity=2)
