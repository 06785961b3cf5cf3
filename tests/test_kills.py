import subprocess
import sys


def test_kills_and_pairs_leave_what_an_undisturbed_run_leaves():
    done = subprocess.run(
        [sys.executable, "-m", "tests.kills", "2", "1"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 kills: " in done.stdout, done.stdout
    assert "1 pairs: {'right" in done.stdout, done.stdout
