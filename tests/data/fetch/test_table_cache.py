import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa
import pytest

from hybridlib.data.fetch.table_cache import cached_table
from hybridlib.data.pair_checks import pair_reader


def test_of_two_callers_one_builds_and_the_other_waits(tmp_path):
    num_builds, may_end = [], threading.Event()

    def build():
        num_builds.append(1)
        may_end.wait(timeout=30)
        return pa.table({"a": [1, 2]})

    def call(_):
        return cached_table(tmp_path / "table.arrow", build)["a"].to_pylist()

    with ThreadPoolExecutor(2) as callers:
        seen = callers.map(call, range(2))
        time.sleep(0.3)  # for the second to build too, if nothing holds it back
        may_end.set()
    assert (len(num_builds), list(seen)) == (1, [[1, 2], [1, 2]])


def test_a_damaged_table_is_named_with_the_way_out(tmp_path):
    file = tmp_path / "table.arrow"
    cached_table(file, lambda: pa.table({"a": [1]}))
    file.write_bytes(file.read_bytes()[:-30])
    with pytest.raises(ValueError, match=r"table\.arrow is damaged.*delete it, it will be built a"):
        cached_table(file, lambda: pa.table({"a": [1]}))


def test_texts_may_exceed_two_gibibytes_in_all():
    table = pair_reader([("c", "1", "en", "q", "p", "n")], has_negatives=True).read_all()
    kinds = {field.name: field.type for field in table.schema}
    assert {kinds[name] for name in ("query", "passage", "negative")} == {pa.large_string()}
