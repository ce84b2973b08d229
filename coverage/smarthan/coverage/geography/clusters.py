"""Points that hang together: each within reach of another of its cluster."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]

# At most about this many pairs of neighbours are held at once: 16 bytes each.
_PAIRS = 5_000_000


def cluster_points(xy: npt.NDArray[np.float64], within_m: float) -> Ints:
    """Return the cluster of each point: steps of at most `within_m` lead from any of its points to any other.

    Parameters
    ----------
    xy : float array
        Easting and northing [m]; a point may stand twice.
    within_m : float
        Longest step [m]; a step of exactly that length counts.

    Returns
    -------
    int array
        Clusters are numbered from 0 in the order in which their first points stand.

    Notes
    -----
    The same clusters as DBSCAN with `eps=within_m, min_samples=1`, without holding all neighbours of all points: where
    they are very many, as in a country without coverage, they are found strip by strip.

    Examples
    --------
    >>> cluster_points(np.array([[0.0, 0.0], [9.0, 0.0], [1.0, 0.0], [2.0, 0.0]]), 1.0).tolist()
    [0, 1, 0, 0]
    """
    if not len(xy):
        return np.zeros(0, dtype=np.int64)
    distinct, place = np.unique(xy, axis=0, return_inverse=True)
    label = _label_connected(distinct, within_m)[place.reshape(-1)]
    _, first, number = np.unique(label, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return rank[number]


def _label_connected(xy: npt.NDArray[np.float64], within_m: float) -> Ints:
    """Return a label a point, equal within a cluster; the points are sorted by easting."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components
    from scipy.spatial import cKDTree

    tree = cKDTree(xy)
    strips = 1 + int(tree.count_neighbors(tree, within_m) // (2 * _PAIRS))
    label = np.arange(len(xy))
    for strip in np.array_split(np.arange(len(xy)), strips):
        # Each strip reaches one step beyond its end, so that no pair across two strips is missed.
        end = np.searchsorted(xy[:, 0], xy[strip[-1], 0] + within_m, side="right") if len(strip) else 0
        part = np.arange(strip[0], end) if len(strip) else strip
        pairs = part[(tree if strips == 1 else cKDTree(xy[part])).query_pairs(within_m, output_type="ndarray")]
        edges = (np.ones(len(pairs), dtype=bool), (label[pairs[:, 0]], label[pairs[:, 1]]))
        label = connected_components(coo_array(edges, shape=(len(xy), len(xy))), directed=False)[1][label]
    return label
