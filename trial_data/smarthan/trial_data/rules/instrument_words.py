"""Words that instruments show in place of a level: what they mean, only a protocol says."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from .workset import Workset

MEANINGS = ("at_floor", "at_ceiling")


def read_instrument_words(work: Workset) -> None:
    """Take words such as `saturated` as the protocol of the visit says; quarantine them where it says nothing.

    The cell itself was emptied when it was typed, for a word is no level.
    """
    readings = work.rows["measurements"]
    coded = readings.text.coded("rssi_dbm")
    folded = coded.words.str.strip().str.casefold()
    spoken = coded.spread(folded.isin(list_words(work.instrument_words)).to_numpy(dtype=np.bool_))
    if not spoken.any():
        return
    rows = np.flatnonzero(spoken)
    words = readings.text["rssi_dbm"].iloc[rows].str.strip().str.casefold()
    protocol = work.look_up("measurements", "visit_id", "protocol_version").iloc[rows]
    meaning = np.full(len(spoken), "", dtype=object)
    meaning[rows] = [work.instrument_words.get(p, {}).get(w, "") for p, w in zip(protocol, words, strict=True)]
    message = "'{value}' is an instrument's word; the protocol of the visit does not say what it means"
    readings.reject(spoken & (meaning == ""), "sentinel", "rssi_dbm", message)
    for status in MEANINGS:
        _take_as(work, meaning == status, status)


def list_words(instrument_words: dict[str, dict[str, str]]) -> list[str]:
    """Return every word that some protocol explains."""
    return sorted({word for words in instrument_words.values() for word in words})


def check_words(instrument_words: Mapping[str, Mapping[str, str]] | None) -> dict[str, dict[str, str]]:
    """Return the caller's words, folded, or refuse them.

    Raises
    ------
    ValueError
        When a meaning is neither at_floor nor at_ceiling.
    """
    folded: dict[str, dict[str, str]] = {}
    for protocol, words in (instrument_words or {}).items():
        for word, meaning in words.items():
            if meaning not in MEANINGS:
                raise ValueError(f"instrument_words: {word!r} means {meaning!r}; it must be {' or '.join(MEANINGS)}")
            folded.setdefault(protocol, {})[word.strip().casefold()] = meaning
    return folded


def _take_as(work: Workset, mask: np.ndarray, status: str) -> None:
    readings = work.rows["measurements"]
    given = readings.frame["rssi_status"]
    other = mask & given.notna().to_numpy() & given.ne(status).to_numpy()
    message = f"'{{value}}' means {status} by the protocol, and rssi_status says something else"
    readings.reject(other, "rssi_status_conflict", "rssi_dbm", message)
    readings.frame["rssi_status"] = given.mask(mask & ~other, status)
    message = f"'{{value}}' means {status} by the protocol: censored"
    work.flag("measurements", mask & ~other, f"rssi_{status}", "rssi_dbm", message)
