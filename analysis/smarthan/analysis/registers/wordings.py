"""Texts that say nearly the same, found by their letters and offered to a person."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

# Cosine of letter n-gram weights from which two texts are offered as one (ours: a changed clause still meets it).
SIMILAR = 0.75


def similar_texts(texts: pd.Series, *, threshold: float = SIMILAR) -> pd.DataFrame:
    """Group texts that are nearly the same, for a person to confirm.

    Parameters
    ----------
    texts : Series of str
        The index names the texts; missing and blank ones are left out.
    threshold : float
        Least cosine similarity of two texts of a group [above 0, at most 1].

    Returns
    -------
    DataFrame
        group (1 is the largest), id, text, similarity (to the text of its group that is nearest to all others, itself
        1), confirmed (empty, to be filled in by a person). Texts that are like no other are left out.

    Raises
    ------
    ValueError
        When the threshold is out of its range, or the index names a text twice.

    Notes
    -----
    Texts are compared by scikit-learn's tf-idf weights of their runs of three to five letters within words, case and
    accents aside, and groups are the connected parts: two texts of a group may be alike only through a third. Likeness
    of letters is no likeness of meaning ("must" and "must not" differ by one word): nothing is merged without a person.

    Examples
    --------
    >>> said = pd.Series({"a": "Please state the hub's band.", "b": "please state the hub's band", "c": "No."})
    >>> similar_texts(said)[["group", "id"]].values.tolist()
    [[1, 'a'], [1, 'b']]
    """
    if not 0 < threshold <= 1:
        raise ValueError(f"threshold: {threshold:g} is out of range; give a number above 0 and at most 1")
    if texts.index.has_duplicates:
        raise ValueError(f"texts: the index names {texts.index[texts.index.duplicated()][0]!r} twice")
    said = texts.dropna().astype("str").str.strip()
    said = said[said.ne("")]
    weights = _weigh(said)
    if weights is None:
        return _tabulate(said, np.zeros(len(said), dtype=np.int64), np.ones(len(said)))
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    alike = (weights @ weights.T).tocoo()
    near = alike.data >= threshold - 1e-9
    graph = coo_matrix((np.ones(near.sum()), (alike.row[near], alike.col[near])), shape=alike.shape)
    _, part = connected_components(graph, directed=False)
    return _tabulate(said, part, _nearness(weights, part))


def _weigh(said: pd.Series) -> Any:
    """Return the weights of the texts' letters, rows of length 1; None where there is nothing to compare."""
    if len(said) < 2:
        return None
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), strip_accents="unicode", sublinear_tf=True)
    return vectors.fit_transform(said)


def _nearness(weights: Any, part: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Return each text's likeness to the text of its part that is nearest to all others of it."""
    found = np.ones(len(part))
    for number in np.flatnonzero(np.bincount(part) > 1):
        at = np.flatnonzero(part == number)
        alike = (weights[at] @ weights[at].T).toarray()
        found[at] = alike[:, alike.sum(axis=0).argmax()]
    return found


def _tabulate(said: pd.Series, part: npt.NDArray[np.int64], similarity: npt.NDArray[np.float64]) -> pd.DataFrame:
    frame = pd.DataFrame({"id": said.index, "text": said.to_numpy(), "part": part, "similarity": similarity.round(3)})
    size = frame.groupby("part")["id"].transform("size")
    frame = frame.assign(size=size, first=frame.groupby("part")["part"].transform(lambda p: p.index[0]))
    frame = frame[frame["size"].gt(1)].sort_values(
        ["size", "first", "similarity"], ascending=[False, True, False], kind="stable"
    )
    number = pd.factorize(frame["first"])[0] + 1
    return frame.assign(group=number, confirmed="")[["group", "id", "text", "similarity", "confirmed"]].reset_index(
        drop=True
    )
