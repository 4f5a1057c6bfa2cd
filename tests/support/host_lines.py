"""Host lines (`audit --format jsonl`) of as many hosts as a test wants, each telling the same in every run.

What is so of host number I follows from I alone, so that a test can count what a report must say:
`fleet()` gives the lines, and the sets below are the numbers for which something holds.
"""

import datetime
import hashlib
import json

NOW = datetime.datetime.now(datetime.timezone.utc)
KERNELS = ("6.1.0-56-cloud-amd64", "6.12.41+deb13-amd64", "5.14.0-503.el9.x86_64")
UNREAD = "/dev/kmsg: permission denied; run as root"


def utc(hours_ago=0.0):
    return (NOW - datetime.timedelta(hours=hours_ago)).strftime("%Y-%m-%dT%H:%M:%SZ")


def id_of(name):
    return hashlib.sha256(name.encode()).hexdigest()[:32]


def finding(rule, severity, title, evidence, changes=(), figures=()):
    return {"rule": rule, "severity": severity, "title": title, "profile": "baseline", "evidence": evidence,
            "remedy": None,
            "figures": [{"expression": name, "value": value, "unit": unit} for name, value, unit in figures],
            "changes": [{"parameter": name, "now": now, "advised": advised} for name, now, advised in changes]}


def destination(address, port, in_use, in_time_wait=0, usable=28232):
    return {"source": "192.0.2.1", "destination": address, "port": port, "ports_in_use": in_use,
            "ports_in_time_wait": in_time_wait, "usable_ports": usable, "opened_per_second": in_time_wait / 60}


def counts_of(findings, unknown):
    counts = dict.fromkeys(("critical", "warning", "note", "info", "satisfied", "unknown", "not_applicable",
                            "suppressed"), 0)
    for found in findings:
        counts[found["severity"]] += 1
    counts["unknown"] = len(unknown)
    counts["satisfied"] = 120 - len(findings) - len(unknown)
    return counts


def host_line(name, findings=(), unknown=(), **others):
    """A line with all its members; `others` replace members, those of `host` included."""
    identity = {"id": id_of(name), "name": name, "inventory_name": None, "netns": "", "kernel": KERNELS[0],
                "boot_id": id_of(name + "boot")}
    identity.update({key: others.pop(key) for key in list(others) if key in identity})
    order = ("critical", "warning", "note")
    findings = sorted(findings, key=lambda found: order.index(found["severity"]))
    line = {"schema": "sysctl-advisor/host/1", "version": "0.1.0", "status": "partial" if unknown else "ok",
            "error": None, "host": identity, "labels": [], "taken": utc(1), "interval_seconds": 1.0,
            "as_root": True, "profiles": ["baseline"], "profile_hash": "0123456789abcdef", "asks": len(findings),
            "worst": findings[0]["severity"] if findings else None, "counts": counts_of(findings, unknown),
            "findings": findings, "unknown": [{"rule": rule, "missing": missing} for rule, missing in unknown],
            "destinations": [], "listeners": [], "transaction": None,
            "boot": {"lost": [], "not_in_effect": []}}
    line.update(others)
    return line


def failed_line(name, error, **others):
    return host_line(name, **{"status": "failed", "error": error, "asks": None, "worst": None, "counts": None,
                              "profile_hash": None, "boot": None, **others})


# Of which hosts what is so, by their numbers.
def is_failed(i):
    return i % 100 == 0


def is_partial(i):
    return i % 10 == 1


def is_stale(i):
    return i % 40 == 7


def is_exhausted(i):
    return i % 35 == 2


def waits(i):
    return i % 5 == 2


def is_capped(i):
    return i % 2 == 0 and not is_failed(i)


def drifts(i):
    return i % 30 == 2


def loses_at_boot(i):
    return i % 25 == 4


def name_of(i):
    return f"web-{i:05}.example.org"


def findings_of(i):
    if is_exhausted(i):
        yield finding("local-ports-exhausted", "critical", "Local ports towards one destination are used up",
                      f"10.0.{i % 7}.1:8080 holds {27000 + i % 1000} of 28 232 usable local ports, {25000 + i % 1000} "
                      "of them in TIME_WAIT",
                      [("net.ipv4.ip_local_port_range", "32768 60999", "15000 60999")],
                      [("ports.busiest.blocked", 27000 + i % 1000, "ports"), ("ports.usable", 28232, "ports")])
    if waits(i):
        yield finding("time-wait-reuse", "warning", "Local ports are held by client-side TIME_WAIT",
                      f"{10000 + i} of 28 232 usable local ports wait in TIME_WAIT",
                      [("net.ipv4.tcp_tw_reuse", "2", "1")], [("ports.busiest.time_wait", 10000 + i, "ports")])
    if is_capped(i):
        yield finding("target:net.core.somaxconn", "note", "Profile baseline wants this value",
                      "net.core.somaxconn is 128, wanted is at least 4096", [("net.core.somaxconn", "128", "4096")])


def line_of(i):
    name = name_of(i)
    common = {"inventory_name": name.split(".")[0], "kernel": KERNELS[i % 3], "labels": [f"rack-{i % 4}"],
              "taken": utc(72 if is_stale(i) else 1)}
    if is_failed(i):
        return failed_line(name, f"ssh: connect to host {name} port 22: Connection timed out",
                           **{**common, "id": None, "kernel": None, "boot_id": None})
    unknown = [(rule, [UNREAD]) for rule in ("conntrack-dropped", "kernel-log")] if is_partial(i) else []
    drift = [{"parameter": "vm.swappiness", "applied": "10", "now": "60"}] if drifts(i) else []
    return host_line(
        name, list(findings_of(i)), unknown, **common,
        destinations=[destination(f"10.0.{i % 7}.1", 8080, 27000 + i % 1000 if is_exhausted(i) else 1000 + i % 100,
                                  25000 if is_exhausted(i) else 500),
                      destination(f"10.1.{i % 11}.2", 5432, 40), destination("127.0.0.1", 6379, 10)],
        transaction={"id": "3", "state": "committed", "deadline": None, "drift": drift},
        boot={"lost": ["net.ipv4.tcp_tw_reuse"] if loses_at_boot(i) else [], "not_in_effect": []})


def fleet(count):
    return [line_of(i) for i in range(count)]


def written(lines):
    """As files hold them. Bytes that are none of JSON stay as they are."""
    return "".join((line if isinstance(line, str) else json.dumps(line, ensure_ascii=False)) + "\n" for line in lines)
