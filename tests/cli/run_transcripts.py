r"""Runs the transcripts of one .test file against the real program and recorded hosts.

    run_transcripts.py FILE [--bless]

A transcript is a block of lines:

    NAME    a sentence a user would care about
    ROOT    a recorded host of tests/hosts, or - for none
    WITH    PATH TEXT: a file that the host has besides, with `\n` for the end of a line and `\t` for a
            tab; any number
    MAKE    FILE HOST [PATH=TEXT ...] ARGUMENTS: a file that RUN finds beside it, of what the program
            prints of a recorded host, with those files besides; any number, taken 40 minutes apart
    RUN     the arguments, as a shell would split them
    EXIT    the exit status
    EXPECT  what is printed (stdout, then stderr), up to the line END; `...` stands for any text

--bless writes what the program prints now into the file, but for transcripts with `...`, which are to be
mended by hand. Read the difference before committing it.

ADVISOR is the program. What MAKE makes may come from a faster build of it, ADVISOR_RELEASE. A sanitized
program looks for leaks with ADVISOR_LEAKS=all only, since that is half of its time.
"""

import contextlib
import functools
import os
import re
import shlex
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, f"{HERE}/../support")

import host_file  # noqa: E402


def parse(path):
    """The transcripts of a file, as dictionaries by heading."""
    transcripts = []
    expecting = None
    for line in open(path).read().split("\n"):
        if expecting is not None:
            if line == "END":
                transcripts[-1]["EXPECT"] = "\n".join(expecting)
                expecting = None
            else:
                expecting.append(line)
            continue
        heading, _, rest = line.partition(" ")
        if heading == "NAME":
            transcripts.append({})
        if heading == "EXPECT":
            expecting = []
        elif heading in ("WITH", "MAKE"):
            transcripts[-1].setdefault(heading, []).append(rest.strip())
        elif heading in ("NAME", "ROOT", "RUN", "EXIT"):
            transcripts[-1][heading] = rest.strip()
    return transcripts


@contextlib.contextmanager
def host_with(host, *files):
    """A directory that holds the host's files and some more."""
    with host_file.expanded(host) as root:
        for file in files:
            path, _, text = file.partition(" ")
            text = text.replace("\\n", "\n").replace("\\t", "\t")
            host_file.put_file(root, path, text + "\n" * bool(text))
        yield root


@functools.cache
def printed_of(host, files, arguments, directory_of):
    """What the program prints of a recorded host, which several transcripts may ask for."""
    program = os.environ.get("ADVISOR_RELEASE") or os.environ["ADVISOR"]
    return answer(program, arguments, host, files, directory_of, HERE).stdout


def answer(program, arguments, host, files, directory_of, directory):
    root = [] if host == "-" else ["--root", directory_of(host, *files)]
    return subprocess.run([program, *root, *arguments], capture_output=True, text=True,
                          cwd=directory, timeout=60, stdin=subprocess.DEVNULL)


def make(line, number, directory_of, directory):
    """Writes the file of a MAKE line, which is the `number`th, so that no clock shows in it."""
    file, host, *words = shlex.split(line)
    files = tuple(word.replace("=", " ", 1) for word in words if word.startswith("/"))
    arguments = tuple(word for word in words if not word.startswith("/"))
    text = printed_of(host, files, arguments, directory_of)
    taken = f"2026-11-22T{10 + number * 40 // 60}:{number * 40 % 60:02}:00Z"
    with open(f"{directory}/{file}", "w") as written:
        written.write(re.sub(r'"taken": "[^"]*"', f'"taken": "{taken}"', text, count=1))


def run(transcript, directory_of):
    """What the program prints, and its exit status."""
    with tempfile.TemporaryDirectory() as empty:
        for number, line in enumerate(transcript.get("MAKE", [])):
            make(line, number, directory_of, empty)
        done = answer(os.environ["ADVISOR"], shlex.split(transcript["RUN"]), transcript["ROOT"],
                      transcript.get("WITH", []), directory_of, empty if "MAKE" in transcript else HERE)
    return (done.stdout + done.stderr).rstrip("\n"), done.returncode


def matches(expected, printed):
    pattern = re.escape(expected).replace(re.escape("..."), ".*")
    return re.fullmatch(pattern, printed, re.DOTALL) is not None


def main():
    path = sys.argv[1]
    if os.environ.get("ADVISOR_LEAKS") != "all":
        os.environ["ASAN_OPTIONS"] = "detect_leaks=0:malloc_context_size=5"
    transcripts = parse(path)
    bless = "--bless" in sys.argv
    failed = 0
    host_file.refuse_unreadable_files()
    with contextlib.ExitStack() as hosts:
        directory_of = functools.cache(lambda *host: hosts.enter_context(host_with(*host)))
        printed_by = [run(transcript, directory_of) for transcript in transcripts]
    for transcript, (printed, status) in zip(transcripts, printed_by):
        kept = "..." in transcript["EXPECT"].split("\n")  # to be mended by hand
        if bless and not kept and not matches(transcript["EXPECT"], printed):
            transcript["EXPECT"] = printed
            transcript["EXIT"] = str(status)
        wrong = not matches(transcript["EXPECT"], printed) or status != int(transcript["EXIT"])
        failed += wrong
        print(f"{'FAILED' if wrong else 'ok'}  {transcript['NAME']}")
        if wrong:
            print(f"expected status {transcript['EXIT']}:\n{transcript['EXPECT']}")
            print(f"got status {status}:\n{printed}")
    if bless:
        with open(path, "w") as file:
            for transcript in transcripts:
                rows = [(key, transcript[key]) for key in ("NAME", "ROOT", "RUN", "EXIT")]
                rows[2:2] = [(key, text) for key in ("WITH", "MAKE") for text in transcript.get(key, [])]
                file.write("".join(f"{key:<8}{text}\n" for key, text in rows))
                file.write(f"EXPECT\n{transcript['EXPECT']}\nEND\n\n")
    print(f"{len(transcripts)} transcripts, {failed} failed")
    sys.exit(1 if failed or not transcripts else 0)


main()
