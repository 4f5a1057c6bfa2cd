"""`cmake --install`: whatever the prefix is, what is installed finds what belongs to it."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

BUILD = os.environ.get("ADVISOR_BUILD") or os.path.dirname(os.path.abspath(os.environ["ADVISOR"]))
UNIT = "sysctl-advisor-recover.service"
AUDIT = "sysctl-advisor-audit.service"
TIMER = "sysctl-advisor-audit.timer"
OF_ANOTHER_PREFIX = re.compile(r"/usr/(?:s?bin|share)/sysctl-advisor")


def run(*command, status=0, **options):
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, **options)
    if done.returncode != status:
        raise AssertionError(f"{' '.join(command)} ended with {done.returncode}\n{done.stdout}{done.stderr}")
    return done


def install(prefix, destination=""):
    """Installs there; what was said, and the files that were written, as the build has them."""
    done = run("cmake", "--install", BUILD, "--prefix", prefix, env={**os.environ, "DESTDIR": destination})
    return done.stdout + done.stderr, pathlib.Path(BUILD, "install_manifest.txt").read_text().split()


class Install(unittest.TestCase):
    def setUp(self):
        # Not below a link, which root does not trust.
        folder = tempfile.TemporaryDirectory(dir=os.path.realpath(tempfile.gettempdir()))
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.prefix = self.folder / "prefix"

    def test_the_program_is_found_by_users_and_by_root_and_finds_its_profiles(self):
        install(str(self.prefix))
        profile = self.prefix / "share/sysctl-advisor/profiles/low-latency.toml"
        profile.write_text(re.sub(r'^summary = ".*"', 'summary = "as somebody packaged it"',
                                  profile.read_text(), flags=re.M))

        self.assertEqual(os.readlink(self.prefix / "sbin/sysctl-advisor"), "../bin/sysctl-advisor")
        for path in ("bin", "sbin"):
            shown = run(str(self.prefix / path / "sysctl-advisor"), "profiles", "show", "low-latency").stdout
            self.assertIn("as somebody packaged it", shown)
            self.assertIn(f"from {profile}", shown)

    def test_a_program_alone_takes_no_profiles_from_elsewhere(self):
        install(str(self.prefix))
        shutil.copy(self.prefix / "bin/sysctl-advisor", self.folder / "sysctl-advisor")

        shown = run(str(self.folder / "sysctl-advisor"), "profiles", "show", "low-latency").stdout

        self.assertIn("from (built in) low-latency.toml", shown)

    @unittest.skipUnless(os.geteuid() == 0, "needs root")
    def test_root_takes_no_profiles_that_somebody_else_may_change(self):
        install(str(self.prefix))
        os.chown(self.prefix, 65534, 65534)

        shown = run(str(self.prefix / "bin/sysctl-advisor"), "profiles", "show", "low-latency")

        self.assertIn("from (built in) low-latency.toml", shown.stdout)
        self.assertRegex(shown.stderr, r"^warning: will not read .* as root: .*the copies in the program")

    def test_what_names_paths_names_those_of_the_prefix(self):
        said, _ = install(str(self.prefix))
        unit = self.prefix / "lib/systemd/system" / UNIT
        audit = unit.with_name(AUDIT)
        sudoers = self.prefix / "share/doc/sysctl-advisor/sudoers.example"
        manual = self.prefix / "share/man/man8/sysctl-advisor.8"

        self.assertIn(f"\nExecStart={self.prefix}/bin/sysctl-advisor recover --at-boot\n", unit.read_text())
        self.assertEqual(sudoers.read_text().count(f"{self.prefix}/sbin/sysctl-advisor ^"), 8)
        self.assertIn(f".Pa {self.prefix}/share/sysctl-advisor/schemas ;\n", manual.read_text())
        self.assertEqual(audit.read_text().count(f"{self.prefix}/bin/sysctl-advisor audit "), 2)
        for path in (unit, audit, sudoers, manual):
            self.assertNotRegex(path.read_text(), OF_ANOTHER_PREFIX)
        self.assertIn(f"systemctl link {unit}", said)
        if shutil.which("systemd-analyze"):
            verified = run("systemd-analyze", "verify", "--man=no", str(unit), str(unit.with_name(TIMER)))
            self.assertEqual(verified.stdout + verified.stderr, "")
        if shutil.which("visudo"):
            run("visudo", "-cf", str(sudoers))

    def test_below_usr_the_files_are_those_of_the_tree(self):
        said, _ = install("/usr", str(self.folder))
        tree = pathlib.Path(__file__).resolve().parents[2]

        for installed, source in (("lib/systemd/system/" + UNIT, "packaging/systemd/" + UNIT),
                                  ("lib/systemd/system/" + AUDIT, "packaging/systemd/" + AUDIT),
                                  ("share/doc/sysctl-advisor/sudoers.example", "packaging/sudoers.example"),
                                  ("share/man/man8/sysctl-advisor.8", "man/sysctl-advisor.8")):
            self.assertEqual((self.folder / "usr" / installed).read_text(), (tree / source).read_text())
            self.assertRegex((tree / source).read_text(), OF_ANOTHER_PREFIX)
        self.assertNotIn("systemd does not look", said)

    def test_a_boot_runs_the_unit_of_a_package(self):
        for prefix in ("/usr", "/usr/local"):
            install(prefix, str(self.folder))
            units = self.folder / prefix[1:] / "lib/systemd/system"

            self.assertIn(f"ExecStart={prefix}/bin/sysctl-advisor ", (units / UNIT).read_text())
            self.assertEqual((units / "sysinit.target.wants" / UNIT).resolve(), units / UNIT)

    def test_the_shells_find_what_the_program_says_to_them(self):
        install("/usr/local", str(self.folder))
        share = self.folder / "usr/local/share"

        for shell, path in (("bash", "bash-completion/completions/sysctl-advisor"),
                            ("zsh", "zsh/site-functions/_sysctl-advisor"),
                            ("fish", "fish/vendor_completions.d/sysctl-advisor.fish")):
            said = run(str(self.folder / "usr/local/bin/sysctl-advisor"), "completion", shell).stdout
            self.assertEqual((share / path).read_text(), said)

    def test_with_one_directory_for_both_the_program_stays_in_it(self):
        (self.prefix / "bin").mkdir(parents=True)
        (self.prefix / "sbin").symlink_to("bin")

        install(str(self.prefix))

        self.assertFalse((self.prefix / "bin/sysctl-advisor").is_symlink())
        run(str(self.prefix / "sbin/sysctl-advisor"), "--version")

    def test_a_program_that_stood_in_sbin_gives_way_to_the_link(self):
        (self.prefix / "sbin").mkdir(parents=True)
        (self.prefix / "sbin/sysctl-advisor").write_text("an older one\n")

        install(str(self.prefix))

        self.assertEqual((self.prefix / "sbin/sysctl-advisor").resolve(), self.prefix / "bin/sysctl-advisor")

    def test_the_build_lists_what_is_to_be_removed(self):
        _, written = install("/usr/local", str(self.folder))

        for path in written:
            (self.folder / path[1:]).unlink()

        left = [path for path in self.folder.rglob("*") if not path.is_dir()]
        self.assertEqual(left, [])


if __name__ == "__main__":
    if not shutil.which("cmake"):
        print("skipped: cmake is not installed")
        sys.exit(77)
    unittest.main(verbosity=2)
