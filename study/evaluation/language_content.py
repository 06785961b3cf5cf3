"""How much the embeddings of parallel questions tell of their language (claim 11)."""

import numpy as np
import pandas as pd

from hybridlib.evaluation.three_settings import CELL

ACCURACY, SHARE = "language classifier accuracy", "share of variance by language"
_FOLDS = 5


def language_content(queries: pd.DataFrame, embeddings: np.ndarray) -> pd.DataFrame:
    """Measure every question: is its language recognised, its translation found.

    - *language classifier accuracy*: linear discriminant analysis with equal priors and the
      covariance of Ledoit and Wolf (2004), cross-validated in five folds by article, so that no
      fold knows a question's topic. Without language in the embeddings it is one over the number of
      languages.
    - *share of variance by language*: the languages' means explain this share of the embeddings'
      variance (eta squared of a one-way analysis, over all dimensions). It is a ratio of two sums
      over questions; a question's value is the share plus what it adds to the ratio to first order,
      so the mean over questions is the share.
    - *R@1* of translations: a query finds the same question in another language among all
      questions that both languages have. Mean over the other languages; ties go against it.

    ``queries`` have ``language``, ``question`` and ``article``; ``embeddings`` are of unit length,
    of shape (queries, dimensions). One language, or fewer than five articles, is a ValueError.
    Columns ``question``, ``article``, ``setting``, ``metric``, ``query_language`` (``all`` for the
    share of variance) and ``value``.
    """
    named = queries[["question", "article"]].assign(query_language=queries["language"])
    recognised = named.assign(
        setting="embeddings", metric=ACCURACY, value=_is_recognised(queries, embeddings)
    )
    found = named.assign(setting="translations", metric="R@1", value=_found(queries, embeddings))
    every = [recognised, _share_by_question(queries, embeddings), found.dropna()]
    return pd.concat(every, ignore_index=True).astype({"value": np.float32})


def question_scores(content: pd.DataFrame) -> pd.DataFrame:
    """What :func:`hybridlib.evaluation.three_settings.question_scores` gives, from these rows."""
    cells = content.assign(candidate_language="all")
    table = cells.pivot(index="question", columns=CELL, values="value").astype(np.float64)
    return table.sort_index()


def score(content: pd.DataFrame) -> pd.DataFrame:
    """Means by cell. Columns as of :func:`hybridlib.evaluation.three_settings.score`."""
    table = question_scores(content)
    means = table.mean().rename("value").reset_index()
    return means.assign(num_queries=table.count().to_numpy())


def _is_recognised(queries: pd.DataFrame, embeddings: np.ndarray) -> np.ndarray:
    # a second that a page, which only shows what is stored, does without
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
    from sklearn.model_selection import GroupKFold, cross_val_predict

    languages = queries["language"].to_numpy()
    priors = np.full(len(set(languages)), 1 / len(set(languages)))
    classifier = LinearDiscriminantAnalysis("lsqr", shrinkage="auto", priors=priors)
    folds, articles = GroupKFold(_FOLDS), queries["article"]
    found = cross_val_predict(classifier, embeddings, languages, groups=articles, cv=folds)
    return (found == languages).astype(np.float64)


def _share_by_question(queries: pd.DataFrame, embeddings: np.ndarray) -> pd.DataFrame:
    codes = pd.factorize(queries["language"])[0]
    means = np.stack([embeddings[codes == code].mean(0) for code in range(codes.max() + 1)])
    centred, offsets = embeddings - embeddings.mean(0), (means - embeddings.mean(0))[codes]
    parts = queries[["question", "article"]].assign(
        # its sum is that of the squared offsets, and the means move with a question too
        explained=((2 * centred - offsets) * offsets).sum(1, dtype=np.float64),
        total=(centred**2).sum(1, dtype=np.float64),
    )
    sums = parts.groupby(["question", "article"], sort=False).sum().reset_index()
    share = sums["explained"].sum() / sums["total"].sum()
    added = (sums["explained"] - share * sums["total"]) / sums["total"].mean()
    return sums[["question", "article"]].assign(
        query_language="all", setting="embeddings", metric=SHARE, value=share + added
    )


def _found(queries: pd.DataFrame, embeddings: np.ndarray) -> np.ndarray:
    rows = queries.reset_index(drop=True).reset_index()
    table = rows.pivot(index="question", columns="language", values="index")
    found, num_others = np.zeros((2, len(rows)))
    for language in table:
        for other in table.columns.drop(language):
            both = table[[language, other]].dropna().astype(int).to_numpy()
            scores = embeddings[both[:, 0]] @ embeddings[both[:, 1]].T
            found[both[:, 0]] += (scores >= np.diag(scores)[:, None]).sum(1) == 1
            num_others[both[:, 0]] += 1
    with np.errstate(invalid="ignore"):
        return found / num_others  # NaN for a question in one language alone
