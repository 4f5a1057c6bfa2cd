"""Audits recorded hosts with every shipped profile and compares what is found with golden files.

    run_golden.py [--bless] [HOST...]    (all hosts if none is named)

HOST.golden holds a section for each profile: what is violated, with what is advised, and the names of
the checks that are unknown or not applicable, those that baseline told of left out. A check that is in order, or for which there are no
rates, has no line, so that a new one changes only the files of hosts for which it means something.
--bless writes what is found now. Read the difference before committing it.

What must be found on a host whatever was blessed stands in the head of its host file:

    # expect: RULE VERDICT [SEVERITY]   every profile that checks this says so, and one does
    # expect-not: RULE [SEVERITY]       no profile finds this violated; `*` in RULE is any text

A host is audited with one sample, so rates are unknown; with `# counters: still` in its head, it is
audited with two samples of the same counters, so rates are 0.
"""

import concurrent.futures
import difflib
import fnmatch
import json
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))

import host_file  # noqa: E402

PROFILES = sorted(path.stem for path in (HERE.parents[1] / "profiles").glob("*.toml"))
SEVERITIES = ("critical", "warning", "note", "info")


def findings(root, profile, interval):
    """What an audit finds, as in its JSON."""
    done = subprocess.run(
        [os.environ["ADVISOR"], "--root", root, "audit", "--format", "json", "--interval", interval,
         "--profile", profile],
        capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"audit --profile {profile} ended with {done.returncode}\n{done.stderr}")
    return json.loads(done.stdout)["findings"]


def summary(profile, found, said):
    """The lines of a golden file's section; what baseline said already is not said again."""
    yield f"== {profile}"
    violated = [finding for finding in found if finding["verdict"] == "violated"]
    for finding in sorted(violated, key=lambda it: (SEVERITIES.index(it["severity"]), it["rule"])):
        yield f"{finding['severity']} {finding['rule']}"
        for advice in finding["recommendations"]:
            now = " ".join(advice["now"].split()) or "(empty)"
            yield f"    {advice['parameter']}: {now} -> {advice['advised']}"
    for verdict in ("unknown", "not-applicable"):
        rules = sorted({it["rule"] for it in found if it["verdict"] == verdict and
                        not lacks_rates(it)} - said.get(verdict, set()))
        if rules:
            yield f"{verdict}: {', '.join(rules)}"
    yield ""


def lacks_rates(finding):
    reasons = finding["missing"]
    return bool(reasons) and all("two samples" in reason for reason in reasons)


def broken_expectations(comments, audits):
    """What the head of a host file demands and was not found, as sentences."""
    for line in comments:
        words = line.split()
        if words[1:2] == ["expect:"] and len(words) in (4, 5):
            yield from missing(audits, *words[2:])
        elif words[1:2] == ["expect-not:"] and len(words) in (3, 4):
            yield from unwanted(audits, *words[2:])
        elif line.startswith("# expect"):
            yield f"not understood: {line}"


def missing(audits, rule, verdict, severity=None):
    checked = False
    for profile, found in audits.items():
        for finding in (finding for finding in found if finding["rule"] == rule):
            checked = True
            if finding["verdict"] != verdict or severity not in (None, finding["severity"]):
                yield (f"expected {spelled(rule, verdict, severity)}, but with {profile} it is "
                       f"{finding['verdict']} {finding['severity']}")
    if not checked:
        yield f"expected {rule} {verdict}, but no shipped profile checks {rule}"


def unwanted(audits, pattern, severity=None):
    for profile, found in audits.items():
        for finding in found:
            if (finding["verdict"] == "violated" and fnmatch.fnmatch(finding["rule"], pattern)
                    and severity in (None, finding["severity"])):
                yield (f"expected not to find {spelled(pattern, severity)}, but with {profile} "
                       f"{finding['rule']} is violated")


def spelled(*words):
    return " ".join(word for word in words if word)


def check(host, bless):
    """The text of a host's report: empty if all is as it should be."""
    comments = host_file.load(host).comments
    interval = "1ms" if "# counters: still" in comments else "0"
    try:
        with host_file.expanded(host) as root:
            audits = {profile: findings(root, profile, interval) for profile in PROFILES}
    except RuntimeError as error:
        return str(error)
    said = {verdict: {it["rule"] for it in audits["baseline"] if it["verdict"] == verdict}
            for verdict in ("unknown", "not-applicable")}
    text = "".join(line + "\n" for profile, found in audits.items()
                   for line in summary(profile, found, {} if profile == "baseline" else said)
                   ).rstrip("\n") + "\n"
    golden = HERE / f"{host}.golden"
    if bless:
        golden.write_text(text)
    blessed = golden.read_text() if golden.exists() else ""
    name = f"tests/profiles/{host}.golden"
    difference = difflib.unified_diff(blessed.splitlines(), text.splitlines(), name, "found now",
                                      lineterm="")
    return "\n".join([*difference, *broken_expectations(comments, audits)])


def main():
    arguments = sys.argv[1:]
    bless = "--bless" in arguments
    hosts = [argument for argument in arguments if argument != "--bless"] or host_file.names()
    host_file.refuse_unreadable_files()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        reports = list(pool.map(lambda host: check(host, bless), hosts))
    for host, report in zip(hosts, reports):
        print(f"{'FAILED' if report else 'ok'}  {host}")
        if report:
            print(report)
    print(f"{len(hosts)} hosts, {len(PROFILES)} profiles")
    sys.exit(1 if any(reports) or not hosts or not PROFILES else 0)


main()
