"""The module, run by ansible-playbook as root: check mode, diff mode, applying and failing."""

import json
import os

import ansible_host
from ansible_host import AFTER, BEFORE, DROP_IN, advisor, everything, values
from sudoers import PROGRAM

REST = """"left_out": [], "moved": [], "boot": null, "other_writers": [], "deadline": null"""
NOTHING = """{"schema": "sysctl-advisor/apply/2", "status": "nothing", "transaction": null,
"rollback_file": null, "changes": [], "drop_in": null, "problems": [], "commands": [], """ + REST + "}"
STUCK = """{"schema": "sysctl-advisor/apply/2", "status": "stuck", "transaction": "7",
"rollback_file": "/var/lib/sysctl-advisor/transactions/7/rollback.conf", "drop_in": null,
"changes": [{"parameter": "net.a", "before": "1", "after": "2", "because": "target:net.a"}],
"problems": ["cannot write net.b = 5: refused", "cannot write net.a = 1: refused"],
"commands": ["sysctl -w net.a='1'"], """ + REST + "}"
# Stands in front of the program and changes what is printed, in a real run only or always.
WRAPPER = """\
#!/bin/sh
case "$*" in
    *{when}*) {instead} ;;
    *) exec {program} "$@" ;;
esac
"""


def lines(values_by_name, changes):
    return "".join(f"{change['parameter']} = {values_by_name[change['parameter']]}\n"
                   for change in changes)


class Profile(ansible_host.AnsibleTest):
    def test_check_mode_predicts_and_changes_nothing(self):
        before = everything()

        predicted, _ = self.apply("--check")

        self.assertTrue(predicted["changed"])
        self.assertIsNone(predicted["transaction"])
        self.assertEqual(everything(), before)

        done, _ = self.apply()

        self.assertEqual({change["parameter"] for change in done["changes"]}, set(BEFORE))
        for key in ("changed", "changes", "drop_in", "diff"):
            self.assertEqual(done[key], predicted[key], key)

    def test_check_mode_predicts_that_a_second_run_changes_nothing(self):  # thorough
        self.apply()

        predicted, _ = self.apply("--check", "--diff")

        self.assertFalse(predicted["changed"])
        self.assertEqual(predicted["changes"], [])
        self.assertEqual(predicted["diff"], [])

    def test_applying_sets_the_values_and_a_second_run_changes_nothing(self):
        done, _ = self.apply()

        self.assertTrue(done["changed"])
        self.assertEqual(values(), AFTER)
        with open(DROP_IN) as file:
            self.assertEqual(file.read(), done["drop_in"]["after"])
        self.assertTrue(os.path.exists(done["rollback_file"]))

        applied = everything()
        again, _ = self.apply()

        self.assertFalse(again["changed"])
        self.assertEqual((again["changes"], again["drop_in"], again["transaction"]), ([], None, None))
        self.assertEqual(everything(), applied)

    def test_what_was_applied_can_be_rolled_back(self):
        before = advisor.all_parameters()
        done, _ = self.apply()

        advisor.run("rollback", done["transaction"], status=0)

        self.assertEqual(advisor.all_parameters(), before)
        self.assertEqual(values(), BEFORE)
        self.assertFalse(os.path.exists(DROP_IN))

    def test_diff_mode_shows_the_values_and_the_file(self):
        done, printed = self.apply("--diff", "--check")

        run_time, drop_in = done["diff"]
        self.assertEqual(run_time["before"], lines(BEFORE, done["changes"]))
        self.assertEqual(run_time["after"], lines(AFTER, done["changes"]))
        self.assertEqual(drop_in["before_header"], DROP_IN)
        self.assertEqual(drop_in["before"], "")
        self.assertIn("--- before: run-time values", printed)
        self.assertIn("-net.ipv4.ip_local_port_range = 40000 40099", printed)
        self.assertIn("+net.ipv4.ip_local_port_range = 15000 60999", printed)
        self.assertIn("+++ after: " + DROP_IN, printed)

    def test_runtime_alone_leaves_the_drop_in_alone(self):
        done, _ = self.apply(persist=False)

        self.assertEqual(values(), AFTER)
        self.assertIsNone(done["drop_in"])
        self.assertFalse(os.path.exists(DROP_IN))

    def test_persist_alone_leaves_the_running_kernel_alone(self):  # thorough
        done, _ = self.apply(runtime=False)

        self.assertTrue(done["changed"])
        self.assertEqual(done["changes"], [])
        self.assertEqual(len(done["diff"]), 1)
        self.assertEqual(values(), BEFORE)
        self.assertTrue(os.path.exists(DROP_IN))

        again, _ = self.apply(runtime=False)

        self.assertFalse(again["changed"])

    def test_only_and_skip_choose_what_is_changed(self):
        only, _ = self.apply("--check", only=["net.ipv4.*"])
        skip, _ = self.apply("--check", skip=["net.ipv4.*"])

        self.assertEqual({change["parameter"] for change in only["changes"]},
                         {"net.ipv4.tcp_fin_timeout", "net.ipv4.ip_local_port_range"})
        self.assertEqual([change["parameter"] for change in skip["changes"]], ["net.core.somaxconn"])

    def test_an_unknown_profile_fails_with_the_nearest_name(self):
        before = everything()

        for mode in (["--check"], []):
            failed, _ = self.apply(*mode, profiles=["plin"])

            self.assert_failed(failed, 'error: unknown profile "plin"; hint: did you mean "plain"?')
            self.assertEqual((failed["rc"], failed["changed"]), (2, False))
        self.assertEqual(everything(), before)

    def test_a_value_that_the_kernel_refuses_fails_and_leaves_all_as_it_was(self):
        ansible_host.write_profile("refused", ansible_host.PROFILE.replace('"plain"', '"refused"') +
                                   '"net.ipv4.tcp_fastopen_key" = "nonsense"\n')
        before = advisor.all_parameters()

        failed, _ = self.apply(profiles=["refused"])

        self.assert_failed(failed, "net.ipv4.tcp_fastopen_key = nonsense")
        self.assert_failed(failed, "everything is as it was before")
        self.assertEqual((failed["rc"], failed["changed"]), (2, False))
        self.assertEqual(advisor.all_parameters(), before)
        self.assertFalse(os.path.exists(DROP_IN))

    def test_exit_status_3_fails_with_the_commands_that_are_left(self):
        program = self.stand_in(STUCK, 3, "sysctl-advisor: cannot write net.b = 5: refused\n")

        failed, _ = self.apply(executable=program)

        self.assert_failed(failed, "not everything could be put back")
        self.assert_failed(failed, "cannot write net.b = 5: refused")
        self.assert_failed(failed, "sysctl -w net.a='1'")
        self.assertEqual((failed["rc"], failed["changed"]), (3, True))
        self.assertEqual(failed["commands"], ["sysctl -w net.a='1'"])
        self.assertEqual(failed["transaction"], "7")

    def test_arguments_reach_the_program_as_they_are_written(self):
        strange = ["$HOME", "~root", "a b", "; touch /tmp/x", "--allow-one-way", "*", "'\""]
        program = self.stand_in(NOTHING)

        done, _ = self.apply(executable=program, profiles=strange, interval="2s", only=strange,
                             skip=["-x"], allow_one_way=True, persist=False)

        self.assertFalse(done["changed"])
        wanted = ["apply", "--yes", "--format=json", *["--profile=" + name for name in strange],
                  "--interval=2s", "--runtime", *["--only=" + glob for glob in strange], "--skip=-x",
                  "--allow-one-way"]
        self.assertEqual(self.written_by_stand_in("arguments").splitlines(), wanted)
        self.assertEqual(self.written_by_stand_in("locale"), "C")

    def test_warnings_of_the_program_are_passed_on(self):
        program = self.stand_in(NOTHING, 0, "sysctl-advisor: warning: transaction 3 was cut off\n")

        done, _ = self.apply(executable=program)

        self.assertEqual(done["warnings"], ["transaction 3 was cut off"])

    def test_an_answer_that_is_not_understood_fails(self):  # thorough
        for answer in ("", "done\n", '{"schema": "sysctl-advisor/apply/1"}', "[]"):
            failed, _ = self.apply(executable=self.stand_in(answer))

            self.assert_failed(failed, "the answer of sysctl-advisor is not sysctl-advisor/apply/2")
            self.assertFalse(failed["changed"])
            self.assertIn("--dry-run", self.written_by_stand_in("arguments"))

    def wrapper(self, when, instead):
        path = os.path.join(self.folder, "wrapper")
        ansible_host.write(path, WRAPPER.format(when=when, instead=instead, program=PROGRAM), mode=0o755)
        return path

    def test_a_line_before_the_answer_fails_before_anything_is_changed(self):  # thorough
        before = everything()
        program = self.wrapper("", f'echo "Last login: today"; exec {PROGRAM} "$@"')

        for mode in (["--check"], []):
            failed, _ = self.apply(*mode, executable=program)

            self.assert_failed(failed, "does something print besides it?")
            self.assertEqual((failed["rc"], failed["changed"]), (0, False))
            self.assertIn("Last login", failed["stdout"])
        self.assertEqual(everything(), before)

    def test_a_run_that_changed_the_host_and_is_not_understood_is_a_change(self):
        program = self.wrapper("--yes", f'echo "Last login: today"; exec {PROGRAM} "$@"')

        failed, _ = self.apply(executable=program)

        self.assertEqual(values(), AFTER)
        self.assert_failed(failed, "`sysctl-advisor history` says what was done")
        self.assertEqual((failed["rc"], failed["changed"]), (0, True))

    def test_a_run_that_is_killed_is_a_change_until_it_is_known(self):
        failed, _ = self.apply(executable=self.wrapper("--yes", "kill -9 $$"))

        self.assert_failed(failed, "`sysctl-advisor history` says what was done")
        self.assertTrue(failed["changed"])

    def test_what_cannot_be_set_here_is_left_out_and_returned(self):  # thorough
        ansible_host.write_profile("more", ansible_host.PROFILE.replace('"plain"', '"more"') +
                                   '"vm.swappiness" = 17\n')

        predicted, _ = self.apply("--check", profiles=["more"])
        done, _ = self.apply(profiles=["more"])
        again, _ = self.apply(profiles=["more"])

        self.assertEqual(values(), AFTER)
        self.assertEqual((done["changed"], done["status"]), (True, "committed"))
        self.assertEqual((again["changed"], again["status"]), (False, "nothing"))
        for result in (predicted, done, again):
            self.assertEqual([left["parameter"] for left in result["left_out"]], ["vm.swappiness"])
            self.assertIn("read-only", result["left_out"][0]["reason"])

        refused, _ = self.apply(profiles=["more"], strict=True)

        self.assert_failed(refused, "vm.swappiness = 17: cannot write vm.swappiness")
        self.assertEqual((refused["rc"], refused["changed"]), (2, False))

    def test_all_that_the_program_answers_is_returned(self):
        ansible_host.write("/etc/sysctl.d/10-old.conf", "net.core.somaxconn = 128\n")
        advisor.write_parameter("net.core.somaxconn", "8192")

        done, _ = self.apply()

        with open(os.path.join(ansible_host.COLLECTION, "../schemas/apply.schema.json")) as file:
            answered = set(json.load(file)["required"]) - {"schema"}
        self.assertEqual(answered - set(done), set())
        self.assertEqual([kept["parameter"] for kept in done["boot"]["kept"]], ["net.core.somaxconn"])
        self.assertEqual((done["boot"]["beaten_by"], done["moved"]), ([], []))
        self.assertIsInstance(done["other_writers"], list)
        self.assertIsNone(done["deadline"])
        self.assertEqual("sysctl-advisor " + done["version"], advisor.run("--version").stdout.strip())

    def test_options_that_leave_nothing_to_do_are_refused(self):  # thorough
        before = everything()
        refused = [({"runtime": False, "persist": False}, "runtime and persist are both false"),
                   ({"profiles": []}, "profiles and values are both empty"),
                   ({"profiles": [""]}, "profiles has an empty element"),
                   ({"only": [""]}, "only has an empty element"),
                   ({"interval": ""}, "interval is empty"),
                   ({"interval": "soon"}, "--interval must be a time"),
                   ({"executable": "/nonexistent/sysctl-advisor"}, "is not installed on this host")]

        for options, sentence in refused:
            failed, _ = self.apply(**options)

            self.assert_failed(failed, sentence)
        self.assertEqual(everything(), before)

    def test_the_program_is_found_without_being_named(self):
        self.environment["PATH"] = "/usr/bin:/bin"

        done, _ = self.apply("--check")

        self.assertEqual(os.path.basename(done["cmd"][0]), os.path.basename(PROGRAM))
        self.assertTrue(done["changed"])


if __name__ == "__main__":
    ansible_host.main()
