"""Documents that are held to what they show: the blocks of a Markdown file, run one after the other.

In what a document shows, two marks stand for what differs from run to run:

    ...       any text
    ~12 345   a number; also a version, a date or a time of day

Everything else has to be printed to the letter. Where lines are broken does not count, since that
depends on the numbers. A document without any of it under its commands shows only how they are typed.
"""

import dataclasses
import os
import pathlib
import re
import subprocess
import textwrap

ROOT = pathlib.Path(__file__).resolve().parents[2]
NUMBER = re.compile(r"~\d[\w.:-]*(?: \d{3})*")
ANY_NUMBER = r"\d[\w.:+-]*(?:\ \d{3})*"


@dataclasses.dataclass
class Block:
    language: str
    line: int  # of its first line in the file
    lines: list


@dataclasses.dataclass
class Step:
    """A command, and what the document shows of what it prints; None where it shows nothing of any."""

    line: int
    command: str
    shown: str | None


def blocks(path):
    """The fenced blocks of a file."""
    found, inside = [], None
    for number, line in enumerate((ROOT / path).read_text().splitlines(), 1):
        if line.lstrip().startswith("```"):
            if inside is None:
                inside = Block(line.strip(" `"), number + 1, [])
            else:
                found.append(inside)
                inside = None
        elif inside is not None:
            inside.lines.append(line)
    return found


def steps(block):
    """The commands of a block: in `console` what is behind a `$`, in `sh` each line."""
    if block.language == "sh":
        return [Step(block.line + number, line, None) for number, line in enumerate(block.lines) if line]
    found = []
    for number, line in enumerate(block.lines, block.line):
        if line.startswith("$ "):
            found.append(Step(number, line[2:], ""))
        elif found[-1].command.endswith("\\"):
            found[-1].command = found[-1].command[:-1] + line.strip()
        else:
            found[-1].shown += line + "\n"
    if not any(step.shown for step in found):
        for step in found:
            step.shown = None
    return found


def is_as_shown(shown, printed):
    # Where ss names no process it ends its header with "Process" or without, by its version.
    shown, printed = (text.replace("PortProcess", "Port") for text in (shown, printed))
    pattern = ""
    for part in re.split(rf"(\.\.\.|{NUMBER.pattern})", " ".join(shown.split())):
        if part == "...":
            pattern += ".*"
        elif NUMBER.fullmatch(part):
            pattern += ANY_NUMBER
        else:
            pattern += re.escape(part)
    # What `...` stands for may be nothing, and then one blank stands there for two.
    pattern = re.sub(r"(^|\\ )\.\*\\ ", lambda found: found[1] + r"(?:.*\ )?", pattern)
    pattern = re.sub(r"\\ \.\*$", lambda _: r"(?:\ .*)?", pattern)
    return re.fullmatch(pattern, " ".join(printed.split()), re.DOTALL) is not None


class Reader:
    """Somebody who types what a document says, in a directory, with programs that stand in for others.

    `deeds` are what happens in place of a command; `before` is called before each one.
    """

    PATIENCE = 60  # seconds for a command; one that has no end is interrupted sooner

    def __init__(self, directory, deeds=None, before=lambda: None):
        self.directory, self.deeds, self.before = directory, deeds or {}, before
        programs = f"{directory}/programs"
        os.makedirs(programs)
        self.environment = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8"}
        self.stand_in("sudo", '"$@"')
        self.stand_in("ssh", 'shift\n"$@"')
        self.stand_in("sysctl-advisor", f'exec {os.environ["ADVISOR"]} "$@"')

    def stand_in(self, name, text):
        path = f"{self.directory}/programs/{name}"
        with open(path, "w") as file:
            file.write(f"#!/bin/sh\n{text}\n")
        os.chmod(path, 0o755)

    def type(self, command):
        """What it prints, with nothing but 0 or 1 (there is something to change) as the exit status."""
        self.before()
        if command in self.deeds:
            return self.deeds[command]() or ""
        endless = "--watch" in command and "--count" not in command
        limit = ["timeout", "--signal=INT", "--preserve-status", "8" if endless else str(self.PATIENCE)]
        done = subprocess.run([*limit, "bash", "-c", command], cwd=self.directory, env=self.environment,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True)
        if done.returncode not in ((0, 1, 130) if endless else (0, 1)):
            raise AssertionError(f"$ {command}\n{done.stdout}\nends with {done.returncode}")
        return done.stdout

    def follow(self, path, block):
        """Types all of a block; fails if something else is printed than it shows."""
        for step in steps(block):
            printed = self.type(step.command)
            if step.shown is not None and not is_as_shown(step.shown, printed):
                raise AssertionError(f"{path}:{step.line}: $ {step.command}\nshows\n"
                                     + textwrap.indent(step.shown, "    ") + "and printed is\n"
                                     + textwrap.indent(printed, "    "))
