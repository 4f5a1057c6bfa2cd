"""The power fails during apply, for real: a virtual machine on an ext4 disk is killed and booted again.

What its kernel had not written to the disk is lost. The journal must be whole, recovery must end in
all or nothing, and what was reported as committed must be there. As a test of this test, the same
with a library that makes fsync(2) do nothing must lose.

usage: power_loss_test.py [ROUNDS [SEED]]
"""

import concurrent.futures
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
import vm

ROUNDS = 4
ROUNDS_WITHOUT_SYNC = 3
SERIES = "6.1"

NO_SYNC = """
int fsync(int fd) { (void)fd; return 0; }
int fdatasync(int fd) { (void)fd; return 0; }
void sync(void) {}
"""

# Parameters of the machine, of which the transactions of a round set another value each.
PARAMETERS = {"vm.swappiness": 10, "net.core.somaxconn": 5000, "net.ipv4.tcp_fin_timeout": 30,
              "kernel.panic": 100, "net.core.rmem_max": 8000000}

MOUNT = """
for try in 1 2 3 4 5 6 7 8 9 10; do [ -b /dev/nvme0n1 ] && break; sleep 0.2; done
mount -t ext4 /dev/nvme0n1 /disk || echo MOUNT FAILED
mkdir -p -m 0700 /disk/state /var/lib/sysctl-advisor; mkdir -p /disk/sysctl.d
mount --bind /disk/state /var/lib/sysctl-advisor
mount --bind /disk/sysctl.d /etc/sysctl.d
"""

# Each transaction is reported when it is done; one in three is taken back.
WORK = MOUNT + """
echo READY
n=0
while n=$((n + 1)); do
    { echo 'name = "p"'; echo 'summary = "for a test"'; echo '[targets]'
      while read -r name base; do echo "\\"$name\\" = $((base + n))"; done </parameters
    } >/etc/sysctl-advisor/profiles/p.toml
    PRELOAD sysctl-advisor apply --yes --interval 0 --profile p >/dev/null 2>/tmp/said &&
        echo "DONE apply $n" || cat /tmp/said
    [ $((n % 3)) = 0 ] && PRELOAD sysctl-advisor rollback >/dev/null 2>/tmp/said &&
        echo "DONE rollback $n"
done
"""

LOOK = MOUNT + """
show() {
    for file in /var/lib/sysctl-advisor/transactions/*/journal.json /etc/sysctl.d/*; do
        [ -e "$file" ] || continue
        echo "FILE $1 $file"; cat "$file"; echo "FILE END"
    done
}
show first
sysctl-advisor recover; echo "STATUS recovery $?"
show second
sysctl-advisor history --format json >/tmp/history; echo "STATUS history $?"
sysctl-advisor recover >/dev/null 2>&1
show third
"""


class Rounds:
    """Machines that share a disk: one that works until the power fails, one that looks."""

    def __init__(self, folder, chance, synced):
        self.chance = chance
        self.disk = f"{folder}/disk"
        files = {"/parameters": "".join(f"{name} {base}\n" for name, base in PARAMETERS.items()),
                 "/etc/sysctl-advisor/profiles/p.toml": ""}
        preload = "" if synced else "LD_PRELOAD=/bin/no_sync.so"
        self.worker = vm.Machine(SERIES, WORK.replace("PRELOAD", preload), files,
                                 [] if synced else [no_sync(folder)], self.disk)
        self.looker = vm.Machine(SERIES, LOOK, files, [], self.disk)

    def close(self):
        self.worker.close()
        self.looker.close()

    def work_until_the_power_fails(self):
        """The transactions that were reported as done, as ("apply" or "rollback", n)."""
        with open(self.disk, "wb") as file:
            file.truncate(48 << 20)
        subprocess.run(["mkfs.ext4", "-q", self.disk], check=True)
        running, done, end, said = self.worker.start(), [], None, []
        for line in running.stdout:
            said.append(line)
            found = re.match(r"DONE (\w+) (\d+)", line)
            if found:
                done.append((found[1], int(found[2])))
                # Only once there is something to lose.
                end = end or time.monotonic() + self.chance.uniform(0, 4)
            if end and time.monotonic() > end:
                break
        running.send_signal(signal.SIGKILL)
        running.wait()
        assert done, "nothing was done:\n" + "".join(said[-20:])
        return done

    def look(self):
        """({(when, path): text}, {step: exit status}) of what the disk kept."""
        _, lines = self.looker.run()
        files, statuses, name, text = {}, {}, None, []
        for line in lines:
            if line == "FILE END":
                files[name] = "\n".join(text)
                name = None
            elif line.startswith("FILE "):
                name, text = tuple(line.split(" ")[1:]), []
            elif name:
                text.append(line)
            elif line.startswith("STATUS "):
                statuses[line.split()[1]] = int(line.split()[2])
        return files, statuses


def no_sync(folder):
    """The library without which the disk keeps what was synced."""
    with open(f"{folder}/no_sync.c", "w") as file:
        file.write(NO_SYNC)
    subprocess.run(["cc", "-shared", "-fPIC", "-fno-builtin", "-o", f"{folder}/no_sync.so",
                    f"{folder}/no_sync.c"], check=True)
    return f"{folder}/no_sync.so"


def seen(files, when):
    return {path: text for (moment, path), text in files.items() if moment == when}


def journals_of(files):
    """The journals, oldest first; an exception if one is not whole."""
    found = [json.loads(text) for path, text in files.items() if path.endswith("/journal.json")]
    return sorted(found, key=lambda journal: int(journal["id"]))


def drop_in_by(journals):
    """The text that the committed transactions leave."""
    text = None
    for journal in journals:
        if journal["state"] == "committed" and journal["drop_in"]:
            text = journal["drop_in"]["after"]
    return text


def lost(done, files, statuses):
    """What the disk should have kept and did not."""
    wrong = []
    try:
        journals_of(seen(files, "first"))
        journals = journals_of(seen(files, "second"))
    except ValueError as error:
        return [f"a journal is not whole: {error}"]
    if statuses.get("recovery") != 0 or statuses.get("history") != 0:
        wrong.append(f"exit statuses {statuses}")
    if any(journal["state"] == "prepared" for journal in journals):
        wrong.append("recovery left a transaction open")
    committed = [journal for journal in journals if journal["state"] == "committed"]
    if len(committed) < len(done):
        wrong.append(f"{len(done)} were reported, {len(committed)} are there")
    text = next((text for path, text in seen(files, "second").items() if path.endswith(".conf")), None)
    wanted = drop_in_by(journals)
    if (text or "").split() != (wanted or "").split():
        wrong.append(f"the drop-in is {text!r}, and by the journals {wanted!r}")
    if seen(files, "second") != seen(files, "third"):
        wrong.append("a second recovery changed something")
    return wrong


def run_rounds(count, chance, synced):
    """The number of rounds in which something was lost; each is told."""
    losses = 0
    with tempfile.TemporaryDirectory(prefix="advisor-power-") as folder:
        rounds = Rounds(folder, chance, synced)
        try:
            for number in range(1, count + 1):
                begun = time.monotonic()
                done = rounds.work_until_the_power_fails()
                wrong = lost(done, *rounds.look())
                losses += bool(wrong)
                print(f"{'synced' if synced else 'without fsync'}, round {number}: {len(done)} reported, "
                      f"{'lost: ' + '; '.join(wrong)[:600] if wrong else 'nothing lost'} "
                      f"({time.monotonic() - begun:.1f} s)", flush=True)
                if wrong and not synced:
                    break  # which is all there is to show
        finally:
            rounds.close()
    return losses


def main():
    vm.require_tools("mkfs.ext4", "cc")
    try:
        vm.kernel(SERIES)
    except vm.Missing as missing:
        vm.skip(missing)
    count = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(1 << 30)
    print(f"seed {seed}")
    at_once = os.cpu_count()
    parts = [count // at_once + (number < count % at_once) for number in range(at_once)]
    with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
        synced = [pool.submit(run_rounds, part, random.Random(seed + number), True)
                  for number, part in enumerate(parts) if part]
        without = pool.submit(run_rounds, ROUNDS_WITHOUT_SYNC, random.Random(seed), False).result()
        losses = sum(part.result() for part in synced)
    print(f"{count} rounds, {losses} lost; without fsync {'something' if without else 'nothing'} was lost")
    sys.exit(1 if losses or not without else 0)


if __name__ == "__main__":
    main()
