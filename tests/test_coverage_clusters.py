"""Clusters: the same as DBSCAN's, in a stated order, however many neighbours there are."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.cluster import DBSCAN

from smarthan.coverage.geography import clusters
from smarthan.coverage.geography.clusters import cluster_points

points = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=60)


def test_nothing_makes_no_cluster() -> None:
    assert cluster_points(np.zeros((0, 2)), 10).tolist() == []


@pytest.mark.parametrize(("step", "expected"), [(9.99, [0, 1, 2]), (10.0, [0, 0, 1]), (20.0, [0, 0, 0])])
def test_a_step_of_just_the_length_counts(step: float, expected: list[int]) -> None:
    assert cluster_points(np.array([[0.0, 0.0], [10.0, 0.0], [30.0, 0.0]]), step).tolist() == expected


def test_a_point_may_stand_twice() -> None:
    assert cluster_points(np.array([[5.0, 5.0], [90.0, 0.0], [5.0, 5.0]]), 1).tolist() == [0, 1, 0]


@settings(max_examples=60, deadline=None)
@given(points, st.integers(1, 15))
def test_they_are_the_clusters_of_dbscan(given_points: list[tuple[int, int]], step: int) -> None:
    xy = np.array(given_points, dtype=float)
    mine, theirs = cluster_points(xy, step), DBSCAN(eps=step, min_samples=1).fit(xy).labels_
    assert len(set(zip(mine.tolist(), theirs.tolist(), strict=True))) == len(set(mine)) == len(set(theirs))
    assert list(dict.fromkeys(mine.tolist())) == list(range(mine.max() + 1))


@settings(max_examples=60, deadline=None)
@given(points, st.integers(1, 15))
def test_strips_change_nothing(given_points: list[tuple[int, int]], step: int) -> None:
    xy = np.array(given_points, dtype=float)
    whole = cluster_points(xy, step)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clusters, "_PAIRS", 2)
        assert cluster_points(xy, step).tolist() == whole.tolist()
