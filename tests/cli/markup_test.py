"""audit --format html and markdown: a page parses, loads nothing, tells every finding, and is no wider for a hostile host."""

import html.parser
import json
import os
import pathlib
import re
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))

import host_file  # noqa: E402

VOID = {"meta", "br", "rect", "line"}
# What loads something, or runs something, by being there.
ACTIVE = {"script", "link", "img", "iframe", "object", "embed", "video", "audio", "source", "base", "form",
          "use", "image", "foreignobject", "animate", "set"}
MOST_BYTES = 200_000
HOSTILE = "</style><script src=//evil.example/x></script>\"'><a href=javascript:x>&lt;\x1b[31m`b`|*c*[d](e)"


class Page(html.parser.HTMLParser):
    """What a page is made of. Tags that are not closed in their order are `faults`."""

    def __init__(self, text):
        super().__init__()
        self.open, self.faults, self.tags, self.ids, self.links, self.attributes = [], [], [], [], [], []
        self.text, self.style = "", ""
        self.feed(text)
        self.close()
        self.faults += [f"<{tag}> is never closed" for tag in self.open]

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attributes]
        self.ids += [value for name, value in attributes if name == "id"]
        self.links += [value for name, value in attributes if name == "href"]
        if len({name for name, _ in attributes}) != len(attributes):
            self.faults.append(f"<{tag}> has an attribute twice")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> at {self.getpos()} closes what is not open")

    def handle_data(self, data):
        if self.open and self.open[-1] == "style":
            self.style += data
        else:
            self.text += data


def luminance(colour):
    channels = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    """As the Web Content Accessibility Guidelines define it, from 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def audit(root, form, *options):
    done = subprocess.run([os.environ["ADVISOR"], "--root", root, "audit", "--interval", "0", "--format", form, *options],
                          capture_output=True, timeout=60, stdin=subprocess.DEVNULL)
    if done.returncode not in (0, 1):
        raise AssertionError(done.stderr.decode())
    return done.stdout.decode()  # UTF-8, whatever the host holds


def without_time(text):
    return re.sub(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d", "", text)


class Pages(unittest.TestCase):
    def check_page(self, text):
        """That the page parses, loads nothing and runs nothing; the page."""
        page = Page(text)
        self.assertEqual(page.faults, [])
        self.assertLess(len(text.encode()), MOST_BYTES)
        self.assertEqual(len(page.ids), len(set(page.ids)))
        self.assertFalse(ACTIVE & set(page.tags))
        self.assertNotRegex(page.style, r"url\(|@import|http|<")
        for tag, name, value in page.attributes:
            self.assertNotRegex(name, "^(on.*|src|srcset|style|action|poster|background|xlink.*)$")
            if name == "href":
                self.assertEqual(tag, "a")
            elif (tag, name) != ("meta", "content"):
                self.assertNotIn("//", value or "")
        for link in page.links:
            self.assertRegex(link, r"^(https?://|#finding-\d+$)")
            if link.startswith("#"):
                self.assertIn(link[1:], page.ids)
        return page

    def test_the_page_of_each_recorded_host_holds_every_finding(self):
        for host in host_file.names():
            with self.subTest(host=host), host_file.expanded(host) as root:
                report = json.loads(audit(root, "json"))
                text = audit(root, "html")
                page = self.check_page(text)
                for finding in report["findings"]:
                    self.assertIn(f"<code>{finding['rule']}</code>", text)
                    if finding["verdict"] == "violated":
                        shown = page.text.replace("\xa0", " ").replace("`", "")
                        self.assertIn(finding["title"], shown)
                        self.assertIn(finding["evidence"].replace("`", ""), shown)
                counted = [int(count) for count in re.findall(r"<b>(\d+)</b>", text)]
                self.assertEqual(counted, list(map(report["counts"].get, (
                    "critical", "warning", "note", "info", "unknown", "not_applicable", "suppressed", "satisfied"))))
                self.assertEqual(sum(counted), len(report["findings"]))
                markdown = audit(root, "markdown")
                for finding in report["findings"]:
                    if finding["verdict"] == "violated":
                        self.assertIn(f"\n`{finding['rule']}`\n", markdown)

    def test_a_hostile_host_changes_no_tag(self):
        tags, lines = [], []
        for name in ("plain", HOSTILE):
            with host_file.expanded("exhausted-client") as root:
                write = {"proc/sys/kernel/hostname": name, "proc/sys/kernel/osrelease": f"6.1.0-{name}",
                         f"etc/sysctl.d/60-{name.replace('/', '_')}.conf": f"net.ipv4.tcp_tw_reuse = {name}",
                         "etc/sysctl-advisor/config.toml":
                             f"[[suppress]]\nrule = 'connection-churn'\nreason = {json.dumps(name)}\n"}
                for path, content in write.items():
                    host_file.put_file(root, path, content + "\n")
                page = self.check_page(audit(root, "html"))
                self.assertIn(name.replace("\x1b", "?"), page.text)
                tags.append([tag for tag in page.tags if tag != "code"])
                markdown = audit(root, "markdown")
                plain = re.sub(r"^- \*\*See:\*\* .*$|\\.", "", markdown, flags=re.MULTILINE)
                plain = re.sub(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", "", plain)
                self.assertNotRegex(plain, r"[<\[|`]")
                lines.append([re.match(r"[ #-]*", line)[0] for line in markdown.splitlines()])
        self.assertEqual(tags[0], tags[1])
        self.assertEqual(lines[0], lines[1])

    def test_a_snapshot_gives_the_page_of_its_host(self):
        with host_file.expanded("exhausted-client") as root:
            taken = subprocess.run([os.environ["ADVISOR"], "--root", root, "snapshot", "-", "--interval", "0"],
                                   capture_output=True, timeout=60, check=True).stdout
            of_host = [audit(root, form) for form in ("html", "markdown")]
        for form, expected in zip(("html", "markdown"), of_host):
            done = subprocess.run([os.environ["ADVISOR"], "audit", "--from", "-", "--format", form],
                                  input=taken, capture_output=True, timeout=60)
            self.assertEqual(without_time(done.stdout.decode()), without_time(expected))

    def test_every_text_has_enough_contrast_on_light_and_dark(self):
        with host_file.expanded("idle-laptop") as root:
            style = Page(audit(root, "html")).style
        light, dark = (dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6})", block))
                       for block in re.findall(r":root \{(.*?)\}", style, re.DOTALL)[:2])
        self.assertEqual(light.keys(), dark.keys())
        for colours in (light, dark):
            for text in ("text", "soft", "link", "critical", "warning", "note", "info", "unknown", "fine", "full"):
                for ground in ("page", "panel"):
                    self.assertGreaterEqual(contrast(colours[text], colours[ground]), 4.5, (text, ground))
            for part in ("live", "waiting", "bound", "full"):  # of drawings, against what is beside them
                self.assertGreaterEqual(contrast(colours[part], colours["track"]), 2, part)
            self.assertGreaterEqual(contrast(colours["mark"], colours["track"]), 4.5)


if __name__ == "__main__":
    unittest.main()
