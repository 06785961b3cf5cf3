import subprocess
import sys


def test_kills_and_pairs_leave_what_an_undisturbed_run_leaves():
    done = subprocess.run(
        [sys.executable, "-m", "tests.kills", "2", "1"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("2 kills\n1 pairs\n"), done.stdout
