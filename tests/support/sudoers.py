"""A sudo of the private host's own: an ordinary user, the group of the operators, one sudoers file, and
the program where sudo finds it. Everything stands on file systems that only this mount namespace has."""

import concurrent.futures
import os
import shutil
import subprocess
import tempfile

EXAMPLE = os.path.abspath(os.path.join(os.path.dirname(__file__), "../../packaging/sudoers.example"))
INSTALLED = "/usr/sbin/sysctl-advisor"
PROGRAM = "/usr/local/sbin/sysctl-advisor"
USER = "advisor-test"
USER_ID = 61347
OPERATORS = "sysctl-operators"
OPERATORS_ID = 61348


def why_not():
    """Why the example cannot be tried here; None if it can."""
    for program in ("sudo", "visudo"):
        if not shutil.which(program):
            return program + " is not installed"
    version = subprocess.run(["sudo", "-V"], capture_output=True, text=True).stdout.split()[2]
    numbers = [int(part.split("p")[0]) for part in version.split(".")]
    return None if numbers >= [1, 9, 10] else f"sudo {version} has no regular expressions; 1.9.10 has"


def install_program(binary):
    """What sudo finds first is a link, as `cmake --install` leaves it."""
    private_folder("/usr/local/sbin")
    os.mkdir("/usr/local/sbin/installed")
    shutil.copy(binary, "/usr/local/sbin/installed/sysctl-advisor")
    os.symlink("installed/sysctl-advisor", PROGRAM)


def private_copy(path, added=""):
    """Puts a copy of a file, with a few lines more, in its place for this mount namespace."""
    status = os.stat(path)
    with tempfile.NamedTemporaryFile("w", dir="/etc/sysctl-advisor") as copy:
        with open(path) as file:
            copy.write(file.read() + added)
        copy.flush()
        os.chown(copy.name, status.st_uid, status.st_gid)
        os.chmod(copy.name, status.st_mode & 0o7777)
        subprocess.run(["mount", "--bind", copy.name, path], check=True)


def private_folder(path):
    subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=0755", "tmpfs", path], check=True)


def write_sudoers(text):
    """One file below /etc/sudoers.d, where there is no other; visudo has to find it right."""
    private_folder("/etc/sudoers.d")
    path = "/etc/sudoers.d/sysctl-advisor"
    with open(path, "w") as file:
        file.write(text)
    os.chmod(path, 0o440)
    subprocess.run(["visudo", "-cf", path], check=True, capture_output=True)


def add_user():
    """An ordinary user without password, in the group of the operators."""
    private_copy("/etc/passwd", f"{USER}:x:{USER_ID}:{USER_ID}::/nonexistent:/bin/sh\n")
    private_copy("/etc/group", f"{USER}:x:{USER_ID}:\n{OPERATORS}:x:{OPERATORS_ID}:{USER}\n")
    if os.path.exists("/etc/shadow"):
        private_copy("/etc/shadow", f"{USER}:*:19000:0:99999:7:::\n")


def as_user():
    """Keyword arguments for subprocess.run."""
    return {"user": USER_ID, "group": USER_ID, "extra_groups": [OPERATORS_ID]}


def example():
    """The shipped file, for where the tests put the program."""
    with open(EXAMPLE) as file:
        text = file.read()
    assert INSTALLED in text
    return text.replace(INSTALLED, PROGRAM)


def with_rollback(text):
    """As somebody would uncomment it."""
    head, mark, tail = text.partition("#Cmnd_Alias SYSCTL_ADVISOR_ROLLBACK")
    assert mark
    return head + (mark + tail).replace("\n#", "\n").removeprefix("#")


def may_run(*arguments):
    """What sudo answers for the user, without running anything."""
    asked = subprocess.run(["sudo", "-l", "-U", USER, PROGRAM, *arguments], capture_output=True)
    return asked.returncode == 0


def granted(calls):
    """Those of many calls, as tuples of words, that sudo grants. It waits more than it works."""
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        return [call for call, may in zip(calls, pool.map(lambda call: may_run(*call), calls)) if may]


def run_as_user(*arguments):
    return subprocess.run(["sudo", "-n", PROGRAM, *arguments], capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, cwd="/", **as_user())
