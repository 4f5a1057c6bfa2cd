"""Shells on a terminal, in which keys are pressed."""

import os
import shlex
import signal
import subprocess

from terminal import PATIENCE, OnTerminal

TAB = "\t"


class Terminal:
    """An interactive shell in which command lines of the program are completed by the given script."""

    def __init__(self, command, script, environment, folder):
        """`environment` has a PATH by which the shell finds the program."""
        self.environment = {**environment, "TERM": "xterm", "PS1": "> "}
        self.shell = OnTerminal(command, self.environment, lines=50, columns=250,
                                prepare=lambda: os.chdir(folder))
        self.run(self.SETUP.format(script=shlex.quote(script)))

    def run(self, command):
        """Runs a command to its end."""
        # What is typed, which the terminal shows too, is not what is printed.
        self.shell.press(f"{command}; printf '%s\\n' REA''DY\r")
        self._until(r"READY\r\n")

    def _until(self, pattern):
        found = self.shell.until(pattern)
        self.printed = found.string  # up to there
        return found

    def line_after(self, typed, key=TAB):
        """The words of the line once the key was pressed at its end; nothing is run."""
        # Control-A and control-E: in front of the line, and behind it.
        self.shell.press(f"{typed}{key}\x01printf '%s\\n' BEGIN \x05 END\r")
        return self._until(r"BEGIN\r\n(.*?)END\r\n")[1].decode().split("\r\n")[:-1]

    def offered(self, typed):
        """Everything that the last word may become."""
        return set(self.line_after(typed, self.ALL)[len(typed.split()) - (typed[-1] != " "):])

    def close(self):
        os.kill(self.shell.pid, signal.SIGKILL)
        self.shell.closed()


class Bash(Terminal):
    NAME = "bash"
    SETUP = ("bind 'set enable-bracketed-paste off'; bind 'set bell-style none'; source {script}")
    ALL = "\x1b*"  # insert-completions

    def __init__(self, *arguments):
        super().__init__(["bash", "--norc", "--noprofile", "-i"], *arguments)


class Zsh(Terminal):
    NAME = "zsh"
    SETUP = ("unset zle_bracketed_paste; setopt no_beep; bindkey -e; autoload -U compinit; "
             "compinit -D -u; bindkey '^X^L' list-choices; "
             "zle -C all-matches complete-word _generic; bindkey '^X^A' all-matches; "
             "zstyle ':completion:all-matches:*' completer _all_matches _complete; "
             "zstyle ':completion:all-matches:*' insert yes; source {script}")
    ALL = "\x18\x01"
    # Control-D, its usual key, would mean something to the terminal before the shell reads keys.
    LIST = "\x18\x0c"

    def __init__(self, *arguments):
        super().__init__(["zsh", "-f", "-i"], *arguments)


class Fish(Terminal):
    NAME = "fish"
    SETUP = "function fish_prompt; echo '> '; end; set -g fish_autosuggestion_enabled 0; source {script}"

    def __init__(self, script, environment, folder):
        self.script, self.folder = script, folder
        super().__init__(["fish", "-i"], script, environment, folder)

    def described(self, typed):
        """What may stand there, each with its description."""
        asked = subprocess.run(["fish", "-c", "source $argv[1]; complete -C $argv[2]", self.script, typed],
                               env=self.environment, cwd=self.folder, check=True, text=True,
                               capture_output=True, timeout=PATIENCE)
        return dict((line + "\t").split("\t")[:2] for line in asked.stdout.splitlines())

    def offered(self, typed):
        # Where nothing begins with the word, fish offers what has it inside.
        last = "" if typed[-1] == " " else typed.split()[-1]
        return {word for word in self.described(typed) if word.startswith(last)}


SHELLS = (Bash, Zsh, Fish)
