import copy
import json
from functools import partial
from itertools import chain

import numpy as np
import pandas as pd
import pytest
from datasets import Dataset, concatenate_datasets
from sentence_transformers import (
    SentenceTransformer,
    SentenceTransformerTrainer,
    SentenceTransformerTrainingArguments,
)
from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss
from transformers import TrainingArguments

from hybridlib.data.benchmark import RetrievalBenchmark
from hybridlib.data.parallel import Example, ParallelPairs
from hybridlib.evaluation import three_settings
from hybridlib.evaluation.ranking import embeddings, rank_relevant
from hybridlib.integrations.sentence_transformers import (
    LanguageBatchSampler,
    ParallelDataset,
    ThreeSettingsEvaluator,
)
from hybridlib.models import on_disk
from hybridlib.models.text_settings import TextSettings
from hybridlib.training.sampling import SAMPLERS, make_batches
from hybridlib.training.trainer import DualEncoderTrainer
from tests.golden.tiny_encoder import tiny_encoder
from tests.integrations import train_sentence_transformer as program
from tests.processes import ON_CPU, run_python


@pytest.fixture(scope="module")
def dataset(pairs):
    return ParallelDataset(pairs)


def make_trainer(model, folder, dataset, max_steps=-1, **options):
    arguments = SentenceTransformerTrainingArguments(
        str(folder), max_steps=max_steps, per_device_train_batch_size=8,
        batch_sampler=partial(LanguageBatchSampler, sampler="hybrid"),
        report_to="none", disable_tqdm=True, save_strategy="no", use_cpu=True,
    )  # fmt: skip
    loss = MultipleNegativesRankingLoss(model)
    return SentenceTransformerTrainer(model, arguments, dataset, loss=loss, **options)


def test_every_example_is_one_row_and_the_row_holds_its_texts_alone(dataset, pairs):
    examples = [
        Example(pair, query, passage)
        for pair in range(len(pairs))
        for query in pairs.languages
        for passage in pairs.languages
        if (pairs.rows[pair, [pairs.languages.index(code) for code in (query, passage)]] >= 0).all()
    ]
    rows = dataset.rows_of(examples)
    assert sorted(rows) == list(range(len(dataset)))
    for row, example in zip(rows, examples, strict=True):
        assert dataset[row] == dict(zip(("anchor", "positive"), pairs[example], strict=True))


def test_rows_of_many_language_pairs_share_their_memory():
    languages = [f"{a}{b}" for a in "abcd" for b in "efgh"]
    pairs = ParallelPairs.from_rows(
        {"corpus": "c", "pair": str(i), "language": language, "query": "q", "passage": "p"}
        for i in range(100)
        for language in languages
    )
    dataset = ParallelDataset(pairs)
    assert len(dataset) == 100 * 16 * 16
    assert dataset.data.table.get_total_buffer_size() < 30 * 8 * len(pairs)  # each buffer once


@pytest.mark.parametrize("name", SAMPLERS)
def test_the_examples_are_those_of_our_sampler_of_a_copied_data_set_too(dataset, pairs, name):
    for seed, epoch in ((0, 0), (0, 2), (5, 0)):
        ours = make_batches(name, pairs, 8, 5, seed, 0.3)
        ours.set_epoch(epoch)
        for one in (dataset, copy.deepcopy(dataset)):
            sampler = LanguageBatchSampler(
                one, 8, False, seed=seed, sampler=name, alpha=0.3, num_batches=5
            )
            sampler.set_epoch(epoch)
            assert list(sampler) == [dataset.rows_of(batch) for batch in ours]


def test_corpora_with_and_without_negatives_train_together(pairs, tmp_path):
    on_disk.save(tiny_encoder(), tmp_path / "encoder")
    model = SentenceTransformer(str(tmp_path / "encoder"))
    rows = [row | {"corpus": "new", "negative": "none"} for row in pairs.table.to_pylist()[:120]]
    both = ParallelPairs.concatenate([pairs, ParallelPairs.from_rows(rows)])
    trainer = make_trainer(model, tmp_path, ParallelDataset(both), max_steps=8)
    loader, texts = trainer.get_train_dataloader(), frozenset(("anchor", "positive"))
    names = {frozenset(name.split("_")[0] for name in inputs) for inputs in loader}
    assert names == {texts, texts | {"negative"}}
    trainer.train()


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """The program's results, by one process and by two."""
    folder, encoder = tmp_path_factory.mktemp("runs"), tiny_encoder()
    encoder.settings = TextSettings(max_query_tokens=48, max_passage_tokens=48)  # as others' are
    on_disk.save(encoder, folder / "encoder")
    for number in ("1", "2"):
        (folder / number).mkdir()
    program.main(folder / "1")
    run_python(program.__file__, folder / "2", num_processes=2, **ON_CPU)
    return folder


def read(folder, part, num_processes):
    files = [folder / str(num_processes) / f"{part}-{i}.json" for i in range(num_processes)]
    return [json.loads(file.read_text()) for file in files]


def logged(log, *names):
    """The entries of a log that have all of these, one a row."""
    return pd.DataFrame(log)[list(names)].dropna().reset_index(drop=True)


@pytest.mark.parametrize("num_processes", [1, 2])
def test_processes_train_on_their_shares_of_our_batches(runs, num_processes):
    ours = program.our_batches()
    expected = []
    for epoch in (0, 1):
        ours.set_epoch(epoch)
        expected += [[list(ours.pairs[example]) for example in batch] for batch in ours]
    for part, first in (("whole", 0), ("resumed", 6)):
        parts = [found["texts"] for found in read(runs, part, num_processes)]
        assert [list(chain(*shares)) for shares in zip(*parts, strict=True)] == expected[first:]


def test_losses_are_those_of_our_trainer(runs, tmp_path):
    trainer = DualEncoderTrainer(
        on_disk.load(runs / "encoder"),
        TrainingArguments(str(tmp_path), use_cpu=True, **program.OPTIONS),
        program.our_batches(),
        temperature=program.TEMPERATURE,
    )
    trainer.train()
    ours = logged(trainer.state.log_history, "loss")
    assert len(ours) == 2 * program.NUM_BATCHES
    assert ours["loss"].round(3).nunique() > 2
    for part in ("whole", "resumed"):
        for num_processes in (1, 2):
            for found in read(runs, part, num_processes):
                pd.testing.assert_frame_equal(logged(found["log"], "loss"), ours, rtol=0, atol=1e-4)


def test_processes_report_what_one_process_reports(runs):
    names = "step", "eval_tiny_multilingual_map", "eval_tiny_rank_distance"
    (alone,), both = (
        [logged(found["log"], *names) for found in read(runs, "whole", number)] for number in (1, 2)
    )
    assert alone["step"].tolist() == [4, 8]
    assert alone["eval_tiny_multilingual_map"].between(0, 1, inclusive="neither").all()
    for found in both:
        pd.testing.assert_frame_equal(found, alone, rtol=1e-3)


def test_the_three_settings_are_ours(make_encoder, pairs, dataset, tmp_path):
    benchmark = RetrievalBenchmark.from_pairs("tiny", pairs.take(np.arange(60, 90)))
    encoder, evaluator = make_encoder(), ThreeSettingsEvaluator(benchmark)
    on_disk.save(encoder, tmp_path / "encoder")
    model = SentenceTransformer(str(tmp_path / "encoder"))
    trainer = make_trainer(model, tmp_path, dataset, evaluator=evaluator, eval_dataset=dataset)
    found = trainer.evaluate()
    ranks = rank_relevant(benchmark, *embeddings(encoder, benchmark))
    means = three_settings.summarize(three_settings.score(ranks))
    means = means.set_index(["setting", "metric"])["value"]
    for setting in ("monolingual", "cross-lingual", "multilingual"):
        assert found[f"eval_tiny_{setting}_map"] == pytest.approx(means[setting, "mAP"], abs=1e-3)
    distance = means["multilingual", "rank distance"]
    assert found["eval_tiny_rank_distance"] == pytest.approx(distance, rel=1e-3)
    assert evaluator.primary_metric == "tiny_multilingual_map"


def test_rows_of_a_data_set_become_examples_in_whatever_order(pairs):
    frame = pairs.table.to_pandas().query("corpus == 'large'")
    dataset = ParallelDataset.from_rows(Dataset.from_pandas(frame).shuffle(seed=0))
    assert len(dataset) == 60 * 16


@pytest.mark.parametrize(
    "change",
    [
        lambda dataset: dataset.filter(lambda row: "3" in row["anchor"]),
        lambda dataset: dataset.filter(lambda row: True),
        lambda dataset: dataset.shuffle(seed=0),
        lambda dataset: dataset.map(lambda row: {"anchor": row["anchor"].upper()}),
        lambda dataset: dataset.select(range(200)),
        lambda dataset: dataset.with_format("torch"),
        lambda dataset: dataset.rename_column("pair", "other"),
        lambda dataset: concatenate_datasets([dataset, dataset]),
    ],
)
def test_a_data_set_that_was_changed_is_refused(dataset, change):
    message = r"a ParallelDataset as it was made, got a \w+ with the columns .* Way out: filter"
    with pytest.raises(TypeError, match=message):
        LanguageBatchSampler(change(dataset), 8, False, seed=0, sampler="x-x")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda frame: frame.drop(columns="language"), r"columns \['language'\] are missing"),
        (
            lambda frame: frame.assign(pair=pd.RangeIndex(len(frame)).astype(str)),
            "none of the 380 pairs is in two or more languages, there is de, en, hi, zh",
        ),
    ],
)
def test_rows_that_are_not_parallel_are_refused(pairs, change, message):
    rows = Dataset.from_pandas(change(pairs.table.to_pandas()), preserve_index=False)
    with pytest.raises(ValueError, match=message):
        ParallelDataset.from_rows(rows)


def test_a_trainer_that_passes_no_seed_is_refused(dataset):
    with pytest.raises(TypeError, match="seed"):
        LanguageBatchSampler(dataset, 8, False, sampler="x-y")


def test_what_a_csv_file_says_stays_text(tmp_path):
    rows = ["corpus,pair,language,query,passage,negative,query_id"]
    for pair, passage in (("1.1", "0042"), ("1.10", '"3.10\nNA, ""null"""')):
        rows += [f"c,{pair},{language},true,{passage},NA," for language in ("de", "en")]
    rows.append("d,1e3,de,1,None,,007")
    (tmp_path / "pairs.csv").write_text("\n".join(rows), encoding="utf-8-sig")
    pairs = ParallelDataset.from_csv(tmp_path / "pairs.csv").pairs
    assert pairs[Example(0, "de", "en")] == ("true", "0042", "NA")
    assert pairs[Example(1, "de", "en")] == ("true", '3.10\nNA, "null"', "NA")
    assert pairs[Example(2, "de", "de")] == ("1", "None")
    assert pairs.table["pair"].unique().to_pylist() == ["1.1", "1.10", "1e3"]
    assert pairs.table["query_id"].to_pylist() == [None] * 4 + ["007"]


def test_a_benchmark_in_one_language_has_no_three_settings(pairs):
    benchmark = RetrievalBenchmark.from_pairs("tiny", pairs.only(["en"]))
    with pytest.raises(ValueError, match="tiny has queries in 'en' alone"):
        ThreeSettingsEvaluator(benchmark)
