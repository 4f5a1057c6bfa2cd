"""`status`: what is applied and stands, what is open, and what nobody could tell."""

import json
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
import advisor
from advisor import run

FIN_TIMEOUT = "net.ipv4.tcp_fin_timeout"
APPLY = ("apply", "--yes", "--interval", "0", "--set", f"{FIN_TIMEOUT}=45")


def status(expected, *args, user=None):
    return json.loads(run("status", "--format", "json", *args, user=user, status=expected).stdout)


class Status(unittest.TestCase):
    def setUp(self):
        advisor.require_private_host()

    def test_what_was_applied_stands_until_somebody_changes_it(self):
        run(*APPLY, status=0)
        stands = status(0)
        advisor.write_parameter(FIN_TIMEOUT, "50")
        deviates = status(1)

        self.assertEqual((stands["applied"], stands["deviations"], stands["in_order"]), (1, [], True))
        self.assertEqual(stands["latest"]["id"], "1")
        self.assertEqual(deviates["deviations"], [{"transaction": "1", "parameter": FIN_TIMEOUT,
                                                   "applied": "45", "now": "50", "error": None}])
        self.assertIn(f"{FIN_TIMEOUT} was set to 45 by transaction 1, and is 50 now",
                      " ".join(run("status", status=1).stdout.split()))
        self.assertEqual(run("-q", "status", status=1).stdout, "1 parameter changed since\n")

    def test_what_was_taken_back_is_expected_of_nobody(self):
        run(*APPLY, status=0)
        run("rollback", status=0)

        self.assertEqual(status(0)["applied"], 0)
        self.assertTrue(run("-q", "status", status=0).stdout.startswith("in order: nothing is applied"))

    def test_a_provisional_change_is_open_until_it_is_confirmed(self):
        run(*APPLY, "--confirm-within", "60s", status=0)
        waits = status(1)
        text = " ".join(run("status", status=1).stdout.split())
        run("confirm", status=0)

        self.assertEqual([one["state"] for one in waits["open"]], ["provisional"])
        self.assertIn("`sysctl-advisor confirm` keeps it", text)
        self.assertEqual(status(0)["open"], [])

    def test_a_later_transaction_says_what_stands(self):
        run(*APPLY, status=0)
        run("apply", "--yes", "--interval", "0", "--set", f"{FIN_TIMEOUT}=46", status=0)

        answer = status(0)

        self.assertEqual((answer["applied"], answer["latest"]["id"]), (1, "2"))

    def test_who_may_not_read_the_transactions_is_told_so(self):
        run(*APPLY, status=0)

        answer = status(1, user=65534)

        self.assertIsNone(answer["latest"])
        self.assertIn("run this command with sudo", answer["transactions_unknown"])

    def test_a_damaged_journal_is_no_empty_answer(self):
        run(*APPLY, status=0)
        with open("/var/lib/sysctl-advisor/transactions/1/journal.json", "w") as file:
            file.write("{")

        self.assertIn("journal", status(2)["transactions_unknown"])

    def test_a_drop_in_that_cannot_be_read_is_no_empty_one(self):
        os.makedirs("/etc/sysctl.d/99-zz-sysctl-advisor.conf")

        self.assertIn("99-zz-sysctl-advisor.conf", status(2)["transactions_unknown"])


if __name__ == "__main__":
    advisor.main()
