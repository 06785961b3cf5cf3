import pandas as pd
import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode
from transformers import AutoModel, BertConfig, XLMRobertaConfig

from book.pages import cost as costs
from hybridlib.data import miracl
from study.analysis import cost
from study.runs.profile import load_profile

TEXTS = pd.DataFrame(
    {
        "language": ["ar", "en"],
        "passage_tokens": [150.0, 50.0],
        "query_tokens": [14.0, 6.0],
        "passage_gzip_bytes": [400.0, 200.0],
        "lareqa_tokens": [1e6, 3e6],
    }
)


def model(shape):
    """The backbone as transformers builds it, without memory for its weights."""
    config = (XLMRobertaConfig if shape.is_xlm_r else BertConfig)(
        vocab_size=shape.vocabulary, hidden_size=shape.hidden, num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads, intermediate_size=shape.intermediate,
        max_position_embeddings=shape.positions,
    )  # fmt: skip
    with torch.device("meta"):
        return AutoModel.from_config(config, add_pooling_layer=False, attn_implementation="eager")


@pytest.mark.parametrize("name", cost.SHAPES)
def test_weights_and_operations_are_those_of_the_model(name):
    shape = cost.SHAPES[name]
    backbone = model(shape)
    weights = sum(weight.numel() for weight in backbone.parameters())
    assert shape.parameters == pytest.approx(weights, rel=0.002)
    tokens = torch.ones(3, 64, dtype=torch.long, device="meta")
    with FlopCounterMode(display=False) as counter:
        backbone(tokens)
    assert shape.flops_a_token(64) * tokens.numel() == pytest.approx(counter.get_total_flops())


def test_a_part_counts_what_its_runs_read():
    profile = load_profile("paper-xlm-r")
    table = cost.parts(profile, "xlm-r", TEXTS).set_index("part")
    assert table["runs"].tolist() == [9, 9, 10, 10]
    assert table.loc["training", "tokens"] == 20_000 * 100 * (10 + 2 * 100)
    assert table.loc["validation while training", "tokens"] == 40 * 10_000 * (10 + 100)
    assert table.loc["XQuAD-R and MLQA-R", "tokens"] == 4e6
    others = sum(miracl.NUM_PASSAGES[code] for code in miracl.LANGUAGES if code != "ar")
    expected = miracl.NUM_PASSAGES["ar"] * 150 + others * 100
    searched = table.loc["MIRACL dev, 15 languages"]
    assert searched["tokens"] == pytest.approx(expected)
    flops = cost.SHAPES["xlm-r"].flops_a_token(100)
    assert searched["petaflops"] == pytest.approx(expected * flops / 1e15)
    assert table.loc["training", "petaflops"] == pytest.approx(3 * 420e6 * flops / 1e15)


def test_hours_follow_measured_speed_here_and_sustained_operations_there():
    speeds = pd.DataFrame(
        [("xlm-r", "encoding", 1000.0), ("xlm-r", "training", 500.0)],
        columns=["backbone", "part", "tokens_a_second"],
    )
    table = costs.hours(load_profile("paper-xlm-r"), TEXTS, speeds, {False: 10.0, True: 100.0})
    rows = table.set_index("part")
    assert rows.loc["training", costs.HERE] == pytest.approx(420e6 / 500 / 3600)
    lareqa = rows.loc["XQuAD-R and MLQA-R"]
    assert lareqa[costs.HERE] == pytest.approx(4e6 / 1000 / 3600)
    flops = 4e6 * cost.SHAPES["xlm-r"].flops_a_token(100)
    assert lareqa[costs.EACH] == pytest.approx(flops / 10e12 / 3600)
    assert lareqa[costs.ALL] == pytest.approx(10 * lareqa[costs.EACH])
    assert "% of them for MIRACL dev" in costs.answer(table)


def test_the_largest_language_decides_the_disk():
    needed = cost.memory(load_profile("paper-labse"), "labse")
    assert needed["vectors"] == pytest.approx(miracl.NUM_PASSAGES["fr"] * 768 * 2 / 1e9)
    assert needed["weights"] == pytest.approx(4 * cost.SHAPES["labse"].parameters / 1e9)
    assert needed["training"] > 16 * cost.SHAPES["labse"].parameters / 1e9
