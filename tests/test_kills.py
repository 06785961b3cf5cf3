import subprocess
import sys


def test_kills_and_a_pair_leave_what_an_undisturbed_run_leaves():
    command = [sys.executable, "-m", "tests.kills", "4", "1"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "\n1 pairs: {'right" in done.stdout
