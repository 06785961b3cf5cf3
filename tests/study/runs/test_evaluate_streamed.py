import numpy as np
import pandas as pd
import pytest
import pytrec_eval

from hybridlib.data import miracl, streamed_benchmark
from hybridlib.evaluation import metrics
from hybridlib.models.encoder import DualEncoder
from hybridlib.search import trec_scores
from study.runs import evaluate_streamed, run, train


@pytest.fixture
def evaluate(store, monkeypatch, make_encoder, miracl_files):
    """Evaluate a tiny encoder of a name on MIRACL's Swahili in four shards."""
    monkeypatch.setattr(streamed_benchmark, "PASSAGES_A_SHARD", 30)
    monkeypatch.setattr(train, "load_encoder", lambda name: make_encoder(revision=name))

    def do(encoder="tiny"):
        return run.evaluate_encoder(encoder, "miracl", store, "test", "mine", ["sw"])

    return do


def of_trec_eval(ranked):
    """trec_eval's means over queries; ``ranked`` has scores by query and passage."""
    judged = {query: {} for query in ranked}
    for one in miracl.load("sw").judgements:
        judged[one.query][one.passage] = one.relevance
    measures = {"ndcg_cut.10", "recall.100"}
    values = pytrec_eval.RelevanceEvaluator(judged, measures).evaluate(ranked).values()
    names = {"nDCG@10": "ndcg_cut_10", "R@100": "recall_100"}
    return {metric: np.mean([one[name] for one in values]) for metric, name in names.items()}


def test_scores_ranks_and_run_file_are_those_of_a_full_ranking(store, evaluate, make_encoder):
    found, encoder, data = evaluate(), make_encoder(), miracl.load("sw")
    shards = list(data.shards())
    ids = [passage for part, _ in shards for passage in part]
    vectors = np.concatenate([encoder.encode(texts, "passage") for _, texts in shards])
    queries = encoder.encode(list(data.queries.values()), "query")
    scores = queries @ vectors.astype(np.float16).astype(np.float32).T
    full = pd.DataFrame(scores, list(data.queries), ids).to_dict("index")
    rows = found.scores.set_index("metric")
    assert rows["value"].to_dict() == pytest.approx(of_trec_eval(full), abs=1e-6)
    assert rows["num_queries"].tolist() == [6, 6]
    assert found.provenance["revisions"]["encoder"] == "tiny"
    ranks = found.ranks["rank"].astype(float).to_numpy()[:, None]
    found = np.where(np.isnan(ranks), 1e9, ranks)
    assert metrics.recall(found, 100).mean() == pytest.approx(rows.loc["R@100", "value"])
    assert metrics.ndcg(found, 10).mean() == pytest.approx(rows.loc["nDCG@10", "value"], abs=1e-6)
    lines = (store.build / "runs/test/miracl/mine/sw.trec").read_text().splitlines()
    assert lines[0].split()[1] == "Q0"
    ranked = pytrec_eval.parse_run(lines)
    assert [len(passages) for passages in ranked.values()] == [100] * 6
    assert rows["value"].to_dict() == pytest.approx(of_trec_eval(ranked), abs=1e-12)


def test_a_search_in_a_part_of_the_corpus_is_refused(store, evaluate, monkeypatch):
    encode = evaluate_streamed.encode_shards
    monkeypatch.setattr(evaluate_streamed, "encode_shards", lambda *a: encode(*a)[:-1])
    with pytest.raises(ValueError, match="110 passages were searched, the corpus of miracl sw"):
        evaluate()
    assert not store.results.exists()


def test_a_partial_corpus_is_refused_before_it_is_encoded(store, evaluate, monkeypatch):
    monkeypatch.setitem(miracl.NUM_PASSAGES, "sw", 121)
    monkeypatch.setattr(evaluate_streamed, "encode_shards", None)
    with pytest.raises(ValueError, match="has 120 passages, published are 121"):
        evaluate()
    assert not store.results.exists()


def test_changed_measures_are_computed_from_the_stored_ranks(evaluate, monkeypatch):
    evaluate()
    measure = {"nDCG@10": trec_scores._FROM_RANKS["nDCG@10"]}
    monkeypatch.setattr(trec_scores, "_FROM_RANKS", measure)
    monkeypatch.setattr(evaluate_streamed, "_search", None)
    assert evaluate().scores["metric"].tolist() == ["nDCG@10"]


def test_an_equal_run_is_loaded_and_a_killed_one_goes_on(evaluate, monkeypatch):
    calls = []

    def counting(self, texts, side, encode=DualEncoder.encode, **options):
        calls.append(len(texts))
        if len(calls) == 3:
            raise KeyboardInterrupt
        return encode(self, texts, side, **options)

    monkeypatch.setattr(DualEncoder, "encode", counting)
    with pytest.raises(KeyboardInterrupt):
        evaluate()
    first = evaluate()
    assert calls == [30, 10, 30, 30, 10, 30, 10, 6]  # the interrupted shard comes twice
    again = evaluate()
    assert len(calls) == 8
    pd.testing.assert_frame_equal(first.scores, again.scores)


def test_another_encoder_or_changed_data_computes_again(evaluate, miracl_files):
    keys = {evaluate(name).key for name in ("tiny", "other")}
    file = miracl_files["qrels"]
    file.write_text(file.read_text().replace("0\tQ0\t3#0\t0", "0\tQ0\t3#0\t1"))
    keys.add(evaluate().key)
    assert len(keys) == 3


def test_a_passage_id_that_the_corpus_has_twice_is_refused(evaluate, miracl_files):
    miracl_files["docs-2"].write_bytes(miracl_files["docs-0"].read_bytes())
    miracl_files["qrels"].write_text("".join(f"{i}\tQ0\t{i}#0\t1\n" for i in range(6)))
    with pytest.raises(ValueError, match="#0' is in the corpus twice"):
        evaluate()
