"""The metrics and the alert rules, with the programs that they are for: promtool, the node exporter and
Prometheus. Debian's packages of these are unpacked below $ADVISOR_FLEET_CACHE and not installed; what
listens does so on the lo of a private host."""

import contextlib
import http.server
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
import advisor
import packages
import exposition
from advisor import run

ROOT = pathlib.Path(__file__).resolve().parents[2]
RULES = ROOT / "packaging" / "prometheus" / "sysctl-advisor.rules.yml"
UNIT = ROOT / "packaging" / "systemd" / "sysctl-advisor-audit.service"
RULE_TESTS = RULES.with_name("sysctl-advisor.rules.test.yml")
CACHE = os.environ.get("ADVISOR_FLEET_CACHE") or os.path.join(tempfile.gettempdir(), "advisor-fleet")
PROGRAMS = {"promtool": "prometheus", "prometheus": "prometheus",
            "prometheus-node-exporter": "prometheus-node-exporter"}
PATTERNS = ("./usr/bin/*", "./etc/*")
STATE = pathlib.Path("/run/monitoring")  # of the private host, in memory
TEXTFILES = STATE / "textfiles"
NODE_EXPORTER, PROMETHEUS, OWN_EXPORTER = 9100, 9090, 9101
SECONDS = 60  # in which a daemon does what is waited for

CONFIGURATION = f"""
global: {{scrape_interval: 500ms, scrape_timeout: 500ms, evaluation_interval: 500ms}}
rule_files: ["{RULES}"]
scrape_configs:
  - job_name: node
    static_configs: [{{targets: ["127.0.0.1:{NODE_EXPORTER}"]}}]
  - job_name: openmetrics
    scrape_interval: 3s
    scrape_timeout: 3s
    static_configs: [{{targets: ["127.0.0.1:{OWN_EXPORTER}"]}}]
"""


def program(name):
    """The path of a program of a package, which is there."""
    return packages.unpacked(CACHE, PROGRAMS[name], *PATTERNS) + f"/usr/bin/{name}"


def screen_of_manual(which, named=""):
    """The lines of a screen under Metrics, which names that: 0 for each host, 1 for where Prometheus runs."""
    section = re.search(r"(?ms)^\.Ss Metrics$(.*?)^\.Ss ", (ROOT / "man" / "sysctl-advisor.8").read_text())[1]
    assert named in section
    return re.findall(r"(?ms)^\.Bd -literal\n(.*?)^\.Ed", section)[which].replace("\\e", "\\")


def command_of_unit():
    """What the service of the audit runs for its metrics, in a directory of the private host."""
    unit = UNIT.read_text()
    command = re.search(r"(?m)^ExecStart=/bin/sh -c '.* exec /usr/bin/sysctl-advisor (.*--format prometheus.*)'$", unit)[1]
    values = dict(re.findall(r'(?m)^Environment="?(\w+)=(.*?)"?$', unit))
    directory = values["METRICS_DIRECTORY"]
    manual = screen_of_manual(0, directory)
    assert f"ReadWritePaths=-{directory}\n" in unit and "start sysctl-advisor-audit.service\n" in manual
    words = re.sub(r"\$\$(\w+)", lambda found: values[found[1]], command).replace('"', "").split()
    return [*words[:-1], words[-1].replace(directory, str(TEXTFILES))]


def answer(port, path):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as response:
        return response.read().decode()


def wait_for(what, is_there):
    """What `is_there` answers, once that is something."""
    last = None
    for _ in range(SECONDS * 10):
        try:
            if last := is_there():
                return last
        except OSError as error:  # it does not listen yet
            last = error
        time.sleep(0.1)
    raise AssertionError(f"{what}: not in {SECONDS} s; last: {last}")


class OpenMetrics(http.server.BaseHTTPRequestHandler):
    """An exporter that runs the program whenever it is asked."""

    def do_GET(self):
        text = run("audit", "--interval", "0", "--format", "openmetrics").stdout.encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/openmetrics-text; version=1.0.0; charset=utf-8")
        self.end_headers()
        with contextlib.suppress(BrokenPipeError):  # the scrape may have taken too long
            self.wfile.write(text)

    def log_message(self, *_):
        pass


class Promtool(unittest.TestCase):
    def succeeds(self, *words, **options):
        done = subprocess.run([program("promtool"), *words], capture_output=True, text=True, **options)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def test_the_rules_are_right_and_fire_when_they_shall(self):
        self.succeeds("check", "rules", str(RULES))
        self.succeeds("test", "rules", RULE_TESTS.name, cwd=RULES.parent)

    def test_the_screen_of_the_manual_adds_them_to_the_configuration_of_debian(self):
        with tempfile.TemporaryDirectory() as directory:
            configuration = pathlib.Path(directory, "prometheus.yml")
            shutil.copy(packages.unpacked(CACHE, "prometheus", *PATTERNS) + "/etc/prometheus/prometheus.yml",
                        configuration)
            shutil.copy(RULES, directory)
            sed = re.search(r"(?s)sudo (sed .*?)/etc/prometheus/prometheus.yml$", screen_of_manual(1), re.MULTILINE)[1]
            subprocess.run(["sh", "-c", f"{sed} {configuration}"], check=True)

            self.assertIn("SUCCESS: 1 rule files found", self.succeeds("check", "config", str(configuration)))

    def test_metrics_of_good_and_failed_audits_are_linted_without_a_remark(self):
        for arguments in ((), ("--profile", "none")):
            text = run("audit", "--interval", "0", "--format", "prometheus", *arguments).stdout
            self.assertIn("sysctl_advisor_audit_success", text)
            self.assertEqual(self.succeeds("check", "metrics", input=text), "")


class Monitoring(unittest.TestCase):
    def setUp(self):
        TEXTFILES.mkdir(parents=True)
        advisor.add_address()
        advisor.write_parameter("net.ipv4.ip_local_port_range", "40000 40099")
        advisor.Server()
        (STATE / "prometheus.yml").write_text(CONFIGURATION)
        self.start("prometheus-node-exporter", f"--web.listen-address=127.0.0.1:{NODE_EXPORTER}",
                   "--collector.disable-defaults", "--collector.textfile",
                   f"--collector.textfile.directory={TEXTFILES}")
        own = http.server.ThreadingHTTPServer(("127.0.0.1", OWN_EXPORTER), OpenMetrics)
        threading.Thread(target=own.serve_forever, daemon=True).start()
        self.addCleanup(own.shutdown)

    def start(self, name, *words):
        log = open(STATE / f"{name}.log", "w")
        self.addCleanup(log.close)
        process = subprocess.Popen([program(name), *words], stdout=log, stderr=log, cwd=STATE)
        self.addCleanup(lambda: (process.terminate(), process.wait()))

    def start_prometheus(self):
        self.start("prometheus", f"--web.listen-address=127.0.0.1:{PROMETHEUS}",
                   f"--config.file={STATE}/prometheus.yml", f"--storage.tsdb.path={STATE}/data",
                   "--web.console.libraries=/none", "--web.console.templates=/none")

    def firing(self):
        """The alerts that fire, as (name, rule, job)."""
        alerts = json.loads(answer(PROMETHEUS, "/api/v1/alerts"))["data"]["alerts"]
        return {(alert["labels"]["alertname"], alert["labels"].get("rule"), alert["labels"]["job"])
                for alert in alerts if alert["state"] == "firing"}

    def test_the_file_of_the_service_goes_through_both_and_the_alert_fires_and_is_resolved(self):
        run(*command_of_unit(), status=0)
        wait_for("the node exporter has the audit",
                 lambda: "sysctl_advisor_audit_success 1" in answer(NODE_EXPORTER, "/metrics"))
        scraped = answer(NODE_EXPORTER, "/metrics")
        self.assertIn("node_textfile_scrape_error 0", scraped)
        ours = "".join(line + "\n" for line in scraped.splitlines() if "sysctl_advisor_" in line
                       and not re.search("node_textfile", line))
        written = (TEXTFILES / os.path.basename(command_of_unit()[-1])).read_text()
        self.assertEqual(exposition.series(exposition.parse(ours)), exposition.series(exposition.parse(written)))
        self.start_prometheus()
        wait_for("both are scraped", lambda: json.loads(answer(PROMETHEUS, "/api/v1/query?query=sum(up)"))
                 ["data"]["result"] and len(self.scraped()) == 2)
        self.assertEqual(self.firing(), set())

        made, refused = advisor.short_connections(120)
        self.assertGreater(refused, 0)
        run(*command_of_unit(), status=0)

        # By the file, and by OpenMetrics as Prometheus itself reads it.
        expected = {("SysctlAdvisorCriticalFinding", "local-ports-exhausted", job) for job in ("node", "openmetrics")}
        wait_for("the alert fires", lambda: expected <= self.firing())
        advisor.write_parameter("net.ipv4.ip_local_port_range", "30000 60999")
        run(*command_of_unit(), status=0)
        wait_for("the alert is resolved", lambda: not self.firing() & expected)
        print(f"{made} connections made, {refused} refused: the alert fired, and was resolved", flush=True)

    def scraped(self):
        """The jobs of which Prometheus has the audit."""
        result = json.loads(answer(PROMETHEUS, "/api/v1/query?query=sysctl_advisor_audit_success"))
        return {one["metric"]["job"] for one in result["data"]["result"] if one["value"][1] == "1"}


def get_programs():
    """Downloads them, which a private host could not."""
    for tool in ("apt-get", "dpkg-deb", "tar"):
        if not shutil.which(tool):
            raise packages.Missing(f"{tool} is not here")
    for name in PROGRAMS:
        if not os.access(program(name), os.X_OK):
            raise packages.Missing(f"the package {PROGRAMS[name]} has no {name}")


if __name__ == "__main__":
    try:
        get_programs()
    except packages.Missing as missing:
        print(f"skipped: {missing}")
        sys.exit(advisor.SKIPPED)
    advisor.main()
