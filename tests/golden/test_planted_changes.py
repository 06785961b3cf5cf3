"""No tolerance hides a change that would move a published number: it fails its version's golden."""

from dataclasses import replace

import pytest

from hybridlib.models.encoder import DualEncoder
from hybridlib.training import trainer
from tests.golden.computations import COMPUTATIONS
from tests.golden.test_golden import check
from tests.golden.training import cases as trainings

pytestmark = pytest.mark.filterwarnings("ignore:too few groups:UserWarning")
TINY = [name for name in COMPUTATIONS["encoding"]() if "e5" not in name]


def fails(computation, folder, case):
    expected = (
        rf"(?s){computation}, version .*{case}.*"
        rf"meant: set VERSIONS\['{computation}'\] in study/store/key.py to .*"
        rf"run `python -m tests.golden.write {computation}` and .*If it was not meant: undo it"
    )
    with pytest.raises(pytest.fail.Exception, match=expected):
        check(computation, folder, [case])


@pytest.mark.parametrize("case", trainings())
def test_a_temperature_five_percent_off(case, tmp_path, monkeypatch):
    def off(queries, passages, temperature, *negatives, loss=trainer.info_nce):
        return loss(queries, passages, 1.05 * temperature, *negatives)

    monkeypatch.setattr(trainer, "info_nce", off)
    fails("training", tmp_path, case)


@pytest.mark.parametrize("case", TINY)
def test_a_dropped_prefix(case, tmp_path, monkeypatch):
    def without(self, texts, side, tokenize=DualEncoder.tokenize):
        self.settings = replace(self.settings, query_prefix="", passage_prefix="")
        return tokenize(self, texts, side)

    monkeypatch.setattr(DualEncoder, "tokenize", without)
    fails("encoding", tmp_path, case)
