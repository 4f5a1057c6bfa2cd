"""Files in which nearly everything is wrong: each mistake is told, in time, and the first are guessed at."""

import os
import subprocess
import tempfile
import unittest

MANY = 2_000
NAMES = [f"no-such-name-{i}" for i in range(MANY)]
QUOTED = [f'"{name}"' for name in NAMES]

# What is wrong with each, in words, and the file.
FILES = {
    "unknown parameter": "[targets]\n" + "".join(f'"net.a{i}.b" = 1\n' for i in range(MANY)),
    "unknown profile": f"extends = [{', '.join(QUOTED)}]\n",
    "unknown rules": f"rules = [{', '.join(QUOTED)}]\n",
    "this profile has no rule": f'rules = ["listeners"]\ndisable = [\n{",".join(QUOTED)}]\n',
    "no rule of this profile reads option":
        'rules = ["listeners"]\n[options]\n' + "".join(f"{name} = 1\n" for name in NAMES),
    "a profile has no": "".join(f"{name} = 1\n" for name in NAMES),
    "unknown fact": "[targets]\n" + "".join(
        f'"net.ipv4.conf.if{i}.rp_filter" = {{ exactly = 1, when = "no_such_fact > 1" }}\n' for i in range(MANY)),
}


class Mistakes(unittest.TestCase):
    def test_thousands_of_a_kind_are_all_told_and_three_are_guessed_at(self):
        for wrong, text in FILES.items():
            with self.subTest(wrong), tempfile.TemporaryDirectory() as folder:
                path = f"{folder}/wrong.toml"
                with open(path, "w", encoding="utf-8") as file:
                    file.write('name = "x"\nsummary = "s"\n' + text)

                # To look for the nearest name of each took minutes.
                done = subprocess.run([os.environ["ADVISOR"], "profiles", "check", path],
                                      capture_output=True, text=True, timeout=60, check=False)

                self.assertEqual(done.returncode, 2)
                self.assertEqual(done.stderr.count(f"error: {wrong}"), MANY, done.stderr[:500])
                self.assertLessEqual(done.stderr.count("did you mean"), 3)


if __name__ == "__main__":
    unittest.main(verbosity=2)
