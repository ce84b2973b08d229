"""The review of claims: read from a file that people edit, held against what was claimed."""

from __future__ import annotations

from os import PathLike

import numpy as np
import pandas as pd

from smarthan.tables import Rows, open_rows
from smarthan.tables.findings import stack_problems

from .declared import CLAIM_COLUMNS, REVIEWS
from .responses import ProviderResponses

_SAID = ("state", "reviewer", "reason", "confidence", "quality")


def apply_reviews(responses: ProviderResponses, path: str | PathLike[str]) -> ProviderResponses:
    """Return responses with the states that a review file gives their claims.

    Parameters
    ----------
    responses : ProviderResponses
    path : path
        A `claims.csv` as `ProviderResponses.write` makes it, edited.

    Raises
    ------
    FileRefused
        When the file cannot be used.

    Notes
    -----
    A row without effect is in the quarantine: its claim does not exist (`orphan`), was changed since (`claim_changed`),
    stands twice, or has a state other than received and no reviewer (`required_missing`). Its claim stays received.
    """
    rows = open_rows(path, REVIEWS, escaped=True)
    key = ["provider", "option", "criterion"]
    claims = responses.claims
    digests = {tuple(row[:3]): row[3] for row in claims[[*key, "claimed"]].itertuples(index=False, name=None)}
    found = [digests.get(tuple(row)) for row in rows.frame[key].astype("str").itertuples(index=False, name=None)]
    _judge(rows, found)
    rows.reject_duplicates()
    sound = rows.frame[rows.alive]
    said = {
        tuple(row[:3]): row[3:] for row in sound[[*key, *_SAID]].astype("object").itertuples(index=False, name=None)
    }
    reviewed = claims.copy()
    for at, claim in enumerate(claims[key].itertuples(index=False, name=None)):
        for name, word in zip(_SAID, said.get(tuple(claim), ()), strict=False):
            reviewed.loc[at, name] = "" if pd.isna(word) else str(word)
    read = rows.finish()
    # The file holds what was claimed beside its review; those columns are known, and not read again.
    known = read.notes["code"].eq("header_unknown") & read.notes["column"].astype("str").isin(CLAIM_COLUMNS)
    return responses.with_claims(
        reviewed,
        quarantine=stack_problems([responses.quarantine, read.quarantine]),
        notes=stack_problems([responses.notes, read.notes[~known]]),
        ledger=pd.concat([responses.ledger, read.ledger], ignore_index=True),
    )


def _judge(rows: Rows, found: list[str | None]) -> None:
    named = rows.alive.copy()
    absent = np.array([digest is None for digest in found]) & named
    rows.reject(absent, "orphan", "criterion", "no such claim was returned")
    stated = rows.frame["claimed"].astype("str")
    changed = np.array([digest is not None for digest in found]) & named
    changed &= np.array([digest != word for digest, word in zip(found, stated, strict=True)])
    rows.reject(changed, "claim_changed", "claimed", "the claim is not what was reviewed; look at it again")
    judged = rows.frame["state"].astype("str").ne("received").to_numpy() & named
    nobody = judged & rows.frame["reviewer"].isna().to_numpy()
    rows.reject(nobody, "required_missing", "reviewer", "reviewer is empty; a state other than received needs one")
