from tests.processes import run_python


def test_kills_and_pairs_leave_what_an_undisturbed_run_leaves():
    assert run_python("-m", "tests.kills", "2", "1").endswith("2 kills\n1 pairs\n")
