"""What an entry of the register bears on: links read, and held against what there is."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from smarthan.tables import Rows

from .declared import LINK_KINDS

if TYPE_CHECKING:
    from smarthan.analysis.appraisal.model import Appraisal
    from smarthan.analysis.homes.home_reach import Reach

_FORM = re.compile(rf"(?:{'|'.join(LINK_KINDS)}):[^:;\s][^:;]*")
Known = Mapping[str, Collection[str]]


def known_links(
    appraisal: Appraisal | None = None, reach: Reach | None = None, coverage_areas: Collection[str] | None = None
) -> dict[str, tuple[str, ...]]:
    """Return what the links of a register may name, by kind.

    Parameters
    ----------
    appraisal : Appraisal, optional
        Gives options and criteria, gates among them.
    reach : Reach, optional
        Gives technologies and building types.
    coverage_areas : collection of str, optional
        Codes or names of areas, such as outward codes.

    Returns
    -------
    dict of str to tuple of str
        Only the kinds that can be judged: a kind that is absent is not checked.

    Examples
    --------
    >>> from smarthan.analysis import sample_appraisal
    >>> known_links(sample_appraisal())["option"][:2]
    ('zb24', 'zb868')
    """
    known: dict[str, tuple[str, ...]] = {}
    if appraisal is not None:
        known["option"] = tuple(option.id for option in appraisal.options)
        known["criterion"] = tuple(part.id for part in (*appraisal.criteria, *appraisal.gates))
    if reach is not None:
        known["technology"] = tuple(reach.technologies)
        known["building_type"] = tuple(sorted({archetype for _, archetype, _ in reach.estimates} - {"ALL"}))
    if coverage_areas is not None:
        known["coverage_area"] = tuple(coverage_areas)
    return known


def split_links(entries: pd.DataFrame) -> pd.DataFrame:
    """Return one row a link: id, link_kind, target.

    Parameters
    ----------
    entries : DataFrame
        With id and links, as `Register.table` has them.

    Returns
    -------
    DataFrame
        In the order of the entries; none for an entry without links.
    """
    texts = entries["links"].fillna("").str.split(";").explode().str.strip()
    texts = texts[texts.ne("")]
    parts = texts.str.partition(":")
    return pd.DataFrame(
        {"id": entries["id"].loc[texts.index], "link_kind": parts[0].str.strip(), "target": parts[2].str.strip()}
    ).reset_index(drop=True)


def check_form(rows: Rows) -> None:
    """Quarantine rows whose links are not kind:id joined by ';'."""
    wrong = [
        any(part.strip() and not _FORM.fullmatch(part.strip()) for part in text.split(";"))
        for text in rows.text["links"].tolist()
    ]
    message = f"'{{value}}' is no list of links; write kind:id joined by ';', kinds {', '.join(LINK_KINDS)}"
    rows.reject(np.array(wrong, dtype=bool), "link_form", "links", message)


def check_targets(rows: Rows, known: Known) -> None:
    """Flag rows with a link to something that does not exist, and name it."""
    named = split_links(
        rows.frame.assign(row=range(len(rows.frame)))[["id", "links"]].assign(id=range(len(rows.frame)))
    )
    for kind, targets in known.items():
        of_kind = named[named["link_kind"].eq(kind) & ~named["target"].isin(list(targets))]
        for target, at in of_kind.groupby("target", sort=True)["id"]:
            mask = np.zeros(len(rows.frame), dtype=bool)
            mask[at.to_numpy()] = True
            rows.flag(mask & rows.alive, "link_unknown", "links", f"links to {kind} '{target}', which does not exist")
