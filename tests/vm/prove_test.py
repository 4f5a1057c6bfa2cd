"""`prove --all` on Debian's kernels, by root and by somebody else, on a machine of one processor and
512 MiB. What is proven by counts is proven on a machine as slow as one without KVM, too.
"""

import concurrent.futures
import json
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
import vm

MEMORY = 512
MODULES = ("inet_diag", "tcp_diag", "veth", "tcp_bbr")
USERS = ("root", "nobody")
# Of net.core nothing can be seen in a user namespace there, which root needs none of.
HIDDEN = {("6.1", "nobody"): {"accept-queue-capped", "somaxconn-without-listen", "somaxconn-above-a-backlog"}}
# pivot_root(2) cannot leave the file system that a machine boots from, which is said: the script goes on
# in one of its own, mounted over it, as on a machine that has a disk.
SCRIPT = r"""
mkdir /new && mount -t tmpfs new /new && cp -a /bin /etc /lib* /proved /new/
sysctl-advisor prove somaxconn-without-listen 2>/dev/null | tail -n 1 >/new/said
for name in proc sys dev tmp; do mkdir /new/$name && mount --move /$name /new/$name; done
mkdir -p /new/run /new/var/lib && chmod 1777 /new/tmp
cd /new && mount --move . / && exec chroot . sh /proved
"""
# A host of which a namespace takes what would keep half of the proofs from working. An answer stands in
# one line. What is killed leaves no connection for the kernel to look after, of which it has a limit for
# the whole machine.
PROVED = r"""
cd /proc/sys/net/ipv4
echo 1 >ip_forward; echo 1 >conf/all/rp_filter; echo 2 >conf/default/rp_filter
echo 0 >conf/default/accept_source_route; echo 1 >conf/all/log_martians
echo 4096 12582912 16777216 >tcp_rmem; echo 4096 65536 16777216 >tcp_wmem
values() { find /proc/sys/net -type f ! -name flush | sort | xargs grep -H '' 2>/dev/null; }
traces() { ls /tmp /run; ip link; cat /proc/mounts; pidof sysctl-advisor; }
prove() { "$@" sysctl-advisor prove --all --format json 2>>/said | tr -d '\n'; echo; }
values >/values; traces >/traces
prove
prove /bin/setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all
for proof in dead-peers retries-few mtu-black-hole; do
    sysctl-advisor prove $proof >/dev/null 2>&1 & sleep 3; kill -9 $!
done
sleep 2
grep -o 'orphan [0-9]*' /proc/net/sockstat
values | cmp - /values && echo "parameters are the same"
traces | cmp - /traces && echo "nothing is left"
cat /said
"""


def proved_by(series):
    """The proofs that root made, those that nobody made, and what the machine says besides."""
    machine = vm.Machine(series, SCRIPT, {"/proved": PROVED}, programs=["/usr/bin/setpriv"], memory=MEMORY,
                         loaded=MODULES)
    try:
        root, nobody, *said = machine.run(timeout=800)[1]
        return json.loads(root), json.loads(nobody), said
    finally:
        machine.close()


class Prove(unittest.TestCase):
    def test_all_are_proven_and_nothing_is_left(self):
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            answers = dict(zip(vm.KERNELS, pool.map(proved_by, vm.KERNELS)))
        for series, (*documents, said) in answers.items():
            for user, document in zip(USERS, documents):
                with self.subTest(series=series, user=user):
                    self.judge(document["proofs"], HIDDEN.get((series, user), set()))
                    print(document["kernel"], user, f"{sum(one['seconds'] for one in document['proofs']):.0f} s",
                          flush=True)
            with self.subTest(series=series):
                self.assertEqual(said, ["orphan 0", "parameters are the same", "nothing is left",
                                        "1 proof: 1 cannot run here"])

    def judge(self, proofs, hidden):
        self.assertGreaterEqual(len(proofs), 35)
        for proof in proofs:
            if proof["id"] in hidden:
                self.assertIn("net.core.somaxconn cannot be set in a namespace of this kernel", proof["why"])
            wanted = "cannot run here" if proof["id"] in hidden else "proven"
            self.assertEqual(proof["verdict"], wanted, proof)


if __name__ == "__main__":
    vm.main(*vm.KERNELS)
