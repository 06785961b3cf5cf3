import numpy as np
import pytest

from hybridlib.models.encoder import EncoderIdentity, TextSettings
from hybridlib.search import encode_shards as module
from hybridlib.search.encode_shards import encode_shards

SHARDS = [([f"{n}#{i}" for i in range(4)], [f"text {n} {i}" for i in range(4)]) for n in range(3)]


class Counting:
    """A stand-in for an encoder: numbers made of a text's length and last digit."""

    def __init__(self, revision: str = "r1") -> None:
        self.identity = EncoderIdentity(revision, "mean", TextSettings())
        self.encoded: list[str] = []

    def encode(self, texts, side, *, progress):
        self.encoded += texts
        return np.array([[len(text), int(text[-1])] for text in texts], dtype=np.float32)


def test_an_interrupt_costs_one_shard(tmp_path, stop_at):
    stop_at(np, "save", 3)
    with pytest.raises(KeyboardInterrupt):
        encode_shards(Counting(), SHARDS, tmp_path)
    assert not (tmp_path / "00002.npy").exists()
    again = Counting()
    shards = encode_shards(again, SHARDS, tmp_path)
    assert again.encoded == SHARDS[2][1]
    assert [np.load(shard.vectors_file)[:, 1].tolist() for shard in shards] == [[0, 1, 2, 3]] * 3


def test_a_shard_that_another_encoder_left_half_is_not_taken_for_the_first_ones(tmp_path, stop_at):
    encode_shards(Counting("r1"), SHARDS[:1], tmp_path)
    stop_at(module, "whole_file", 2)  # at the ids
    with pytest.raises(KeyboardInterrupt):
        encode_shards(Counting("r2"), SHARDS[:1], tmp_path)
    again = Counting("r1")
    encode_shards(again, SHARDS[:1], tmp_path)
    assert again.encoded == SHARDS[0][1]


def test_only_a_shard_whose_texts_or_ids_have_changed_is_encoded_again(tmp_path):
    encode_shards(Counting(), SHARDS, tmp_path)
    new = SHARDS[0][0], ["new 7", *SHARDS[0][1][1:]]
    changed = [new, SHARDS[1], (list("abcd"), SHARDS[2][1])]
    again = Counting()
    shards = encode_shards(again, changed, tmp_path)
    assert again.encoded == changed[0][1] + changed[2][1]
    vectors = np.load(shards[0].vectors_file)
    assert (vectors.dtype, vectors[0].tolist()) == (np.float16, [5, 7])
    assert [shard.passage_ids() for shard in shards[1:]] == [SHARDS[1][0], list("abcd")]


@pytest.mark.parametrize("content", ['{"key": ', 10**5 * "["])
def test_damaged_ids_name_the_way_out(tmp_path, content):
    encode_shards(Counting(), SHARDS, tmp_path)
    (tmp_path / "00001.json").write_text(content)
    with pytest.raises(ValueError, match=r"00001\.json is damaged .*; delete it and the shard is"):
        encode_shards(Counting(), SHARDS, tmp_path)


def test_processes_share_the_shards(tmp_path):
    encoders = [Counting(), Counting()]
    for process, encoder in enumerate(encoders):
        shards = encode_shards(encoder, SHARDS, tmp_path, process=process, num_processes=2)
        assert [shard.number for shard in shards] == [0, 1, 2]
    assert encoders[0].encoded == SHARDS[0][1] + SHARDS[2][1]
    assert encoders[1].encoded == SHARDS[1][1]
    assert all(shard.key() for shard in shards)
