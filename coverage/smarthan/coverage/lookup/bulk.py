"""The answers to many questions at once, as a table in the order of the questions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from smarthan.coverage.index.location_keys import location_postcodes
from smarthan.coverage.index.locations import ALL_STATES, MIXED_CODE, Ints, Locations
from smarthan.coverage.index.mapped import NO_DATE
from smarthan.coverage.postcodes.rules import Postcode
from smarthan.coverage.reference.standing import open_standing, read_cell

from . import statuses as st
from .answering import caveat, echo
from .answers import row_words
from .bulk_finding import NO_UPRN, RESOLUTIONS, STATUS, Found, as_series, find_many
from .states import COVERED, MIXED, STATES, state_words

if TYPE_CHECKING:
    from smarthan.coverage.matrix import CoverageMatrix

_COVERED = STATES.index(COVERED)


def answer_many(
    matrix: CoverageMatrix,
    postcodes: Iterable[object],
    uprns: Iterable[object] | None,
    day: dt.date | None,
) -> pd.DataFrame:
    """Return what a release says of many locations; see `CoverageMatrix.lookup_many`."""
    asked = as_series(postcodes, "postcodes")
    keys = None if uprns is None else as_series(uprns, "uprns")
    if keys is not None and len(keys) != len(asked):
        raise ValueError(f"uprns: {len(keys):,} given for {len(asked):,} postcodes; one a row is needed")
    located = matrix.locations(day)
    found = find_many(located, asked.reset_index(drop=True), None if keys is None else keys.reset_index(drop=True))
    state, best = _states(located, found)
    columns = {
        **_key_columns(located, asked, keys, found),
        "state": _categorical(state, ALL_STATES),
        "words": _words(located, found, state, best),
        "resolution": _categorical(found.resolution, RESOLUTIONS),
        "degraded": found.degraded,
        **_region_columns(located, found),
        **_figures(located, found, state, best),
        **_release_columns(matrix, located, found),
        **_best_columns(located, best),
    }
    return _finish(pd.DataFrame(columns).set_axis(asked.index), matrix)


def _states(located: Locations, found: Found) -> tuple[npt.NDArray[np.int8], Ints]:
    """Return the state code and best row of each question, -1 for none."""
    state = _take(located.state, found.place)
    best = _take(located.best_row, found.place)
    own = found.unit >= 0
    if own.any():
        unit = found.unit[own]
        state[own] = np.where(located.unit_partial[unit], MIXED_CODE, located.unit_state[unit])
        best[own] = located.unit_best_row[unit]
    return state, best


def _take(values: npt.NDArray[Any], at: Ints) -> npt.NDArray[Any]:
    """Return values by place, -1 where the place is -1."""
    taken = values[np.maximum(at, 0)]
    taken[at < 0] = -1
    return taken


def _categorical(codes: npt.NDArray[Any], words: Iterable[str]) -> pd.Categorical:
    return pd.Categorical.from_codes(codes, categories=list(words))


def _key_columns(located: Locations, asked: pd.Series, keys: pd.Series | None, found: Found) -> dict[str, Any]:
    parsed = found.parsed
    query = _echoes(asked)
    part = parsed["kind"].eq("PARTIAL")
    postcode = parsed["postcode"].mask(part, parsed["sector"].fillna(parsed["outward"]))
    own = np.flatnonzero(found.unit >= 0)
    if len(own):
        postcode.iloc[own] = _own_postcodes(located, found, own)
    uprn = pd.Series(pd.NA, index=parsed.index, dtype="str")
    if keys is not None:
        given = found.uprn > 0
        uprn[given] = pd.Series(found.uprn[given]).astype("str").to_numpy()
        empty = (parsed["kind"] == "EMPTY").to_numpy() & (found.uprn != NO_UPRN)
        query = query.mask(empty, _echoes(keys))
    return {"query": query, "postcode": postcode, "uprn": uprn, "status": _categorical(found.status, st.STATUSES)}


def _own_postcodes(located: Locations, found: Found, own: Ints) -> npt.NDArray[np.object_]:
    """The postcodes that UPRNs stand under, where they stand under one; else the one asked."""
    location = located.unit_location[found.unit[own]]
    held = location <= located.n_postcodes
    names = location_postcodes(located.mapped)
    texts = names[np.where(held, location - 1, 0)].astype("U8") if len(names) else np.full(len(own), "")
    asked = found.parsed["postcode"].fillna(found.parsed["sector"]).fillna(found.parsed["outward"]).iloc[own]
    return np.where(held, texts.astype(object), asked.to_numpy(dtype=object))


def _echoes(asked: pd.Series) -> pd.Series:
    plain = asked.reset_index(drop=True)
    if isinstance(plain.dtype, pd.StringDtype):
        return plain.str.slice(0, 64).fillna("")
    return plain.map(echo).astype("str")


def _words(located: Locations, found: Found, state: npt.NDArray[np.int8], best: Ints) -> pd.Categorical:
    """Every answer in words, each distinct sentence once."""
    used, of_row = np.unique(located.row_class[best], return_inverse=True)
    sentences = [_class_words(located, int(number)) for number in used]
    code = of_row.astype(np.int64)
    code[state == MIXED_CODE] = len(sentences)
    sentences.append(state_words(MIXED))
    for number, status in enumerate(st.STATUSES):
        chosen = found.status == number
        if number != STATUS[st.OK] and chosen.any():
            codes, texts = _status_words(found, status, chosen)
            code[chosen] = codes + len(sentences)
            sentences += texts
    part = found.part.copy()
    part[(found.status != STATUS[st.OK]) | (found.unit >= 0)] = -1
    if (part >= 0).any():
        code[part >= 0] = part[part >= 0] + len(sentences)
        sentences += [str(text) for text in _part_table(located, found)["words"]]
    codes, _ = pd.factorize(code)
    texts, labels = pd.factorize(np.array(sentences, dtype=object)[pd.unique(code)])
    return _categorical(texts[codes], labels)


def _class_words(located: Locations, number: int) -> str:
    row = dict(located.mapped.row_class(number))
    row["state"] = STATES[located.class_state[number]]
    return row_words(row)


def _status_words(found: Found, status: str, chosen: npt.NDArray[np.bool_]) -> tuple[Ints, list[str]]:
    """Return the sentence number of each chosen question, and the sentences."""
    if status == st.TERMINATED:
        cells, codes = np.unique(found.standing[chosen], return_inverse=True)
        standings = [read_cell(int(cell)) for cell in cells]
        return codes.astype(np.int64), [st.describe_termination(s.year, s.month) for s in standings]
    if status in (st.BAD_FORMAT, st.OUTSIDE_GB, st.NON_GEOGRAPHIC):
        odd = found.parsed.loc[chosen, ["kind", "problem", "position"]]
        keys = list(zip(odd["kind"], odd["problem"], odd["position"].fillna(0), strict=True))
        codes, distinct = pd.factorize(pd.Index(keys, tupleize_cols=False))
        texts = [st.describe_format(Postcode(None, k, problem=p, position=int(n) or None)) for k, p, n in distinct]
        return codes.astype(np.int64), texts
    by_uprn = (found.parsed.loc[chosen, "kind"] == "EMPTY").to_numpy() & (status == st.NOT_IN_MATRIX)
    return by_uprn.astype(np.int64), [st.WORDS[status], f"UPRN {st.WORDS[status]}"]


def _part_table(located: Locations, found: Found) -> pd.DataFrame:
    """The words and covered share of each distinct outward code and sector asked."""
    from .answering import describe_part

    table = []
    for part in found.parts:
        numbers = located.mapped.find_sector(part) if " " in part else located.mapped.find_outward(part)
        places = np.array(numbers, dtype=np.int64) - 1
        bits = located.region_bits[places]
        used = places[(bits & ~np.uint8(located.no_region_bits)) > 0]
        by_state = located.weight_by_state[used].sum(axis=0)
        total = by_state.sum()
        share = by_state[_COVERED] / total if total else None
        words = describe_part(share, total, located.basis, len(places))
        table.append((words, np.nan if share is None else share))
    return pd.DataFrame(table, columns=["words", "share"])


def _region_columns(located: Locations, found: Found) -> dict[str, Any]:
    bits = _take(located.region_bits.astype(np.int64), found.place)
    own = found.unit >= 0
    if own.any():
        bits[own] = located.unit_region_bits[found.unit[own]]
    regions = located.mapped.arrays.header["labels"]["csp_region"]
    codes, distinct = pd.factorize(np.maximum(bits, 0))
    words = ["; ".join(name for k, name in enumerate(regions) if n >> k & 1) for n in distinct]
    several = np.array([n.bit_count() > 1 for n in distinct.tolist()], dtype=bool)
    codes = np.where(bits > 0, codes, -1)
    labels = [word if word else "(none)" for word in words]
    return {
        "multi_region": several[np.maximum(codes, 0)] & (codes >= 0) if len(several) else np.zeros(len(codes), bool),
        "regions": _categorical(codes, labels).remove_unused_categories(),
    }


def _figures(located: Locations, found: Found, state: npt.NDArray[np.int8], best: Ints) -> dict[str, Any]:
    share = np.full(len(state), np.nan)
    mixed = np.flatnonzero((state == MIXED_CODE) & (found.place >= 0))
    if len(mixed):
        place = found.place[mixed]
        by_state = located.premises_by_state[place]
        total = by_state.sum(axis=1)
        known = (total > 0) & located.knows_total[place]
        share[mixed] = np.where(known, by_state[:, _COVERED] / np.maximum(total, 1), np.nan)
    own = np.flatnonzero((state == MIXED_CODE) & (found.unit >= 0))
    if len(own):
        unit = found.unit[own]
        share[own] = located.unit_reached[unit] / located.unit_premises[unit]
    part = np.flatnonzero((found.resolution >= 3) & (found.status == STATUS[st.OK]))
    if len(part):
        share[part] = _part_table(located, found)["share"].to_numpy()[found.part[part]]
    return {"share": share, "days": _days(located, state, best)}


def _days(located: Locations, state: npt.NDArray[np.int8], best: Ints) -> Any:
    planned = (state == STATES.index("PLANNED")) | (state == STATES.index("OVERDUE"))
    days = located.column("class_anticipated")[located.row_class[np.maximum(best, 0)]].astype(np.int64)
    if located.day is None:
        planned = np.zeros_like(planned)
    asked = 0 if located.day is None else (located.day - dt.date(1970, 1, 1)).days
    return (
        pd.array(np.where(planned, days - asked, 0), dtype="Int64").copy()
        if planned.all()
        else pd.arrays.IntegerArray(np.where(planned, days - asked, 0), ~planned)
    )


def _release_columns(matrix: CoverageMatrix, located: Locations, found: Found) -> dict[str, Any]:
    release, count = matrix.release, len(found.status)
    same = np.zeros(count, dtype=np.int8)
    age = (located.day - release.as_of).days if located.day and release.as_of else None
    consulted = found.standing >= 0
    vintage = open_standing().vintage if consulted.any() else ""
    return {
        "release_id": _categorical(same, [release.release_id]),
        "as_of": _constant_day(release.as_of, count),
        "asked_on": _constant_day(located.day, count),
        "age_days": pd.array([age], dtype="Int64").take(same),
        "reference_vintage": _categorical(np.where(consulted, 0, -1).astype(np.int8), [vintage]),
        "caveat": _categorical(same, [caveat(located.mapped)]),
        "synthetic": np.full(count, release.synthetic),
    }


def _constant_day(day: dt.date | None, count: int) -> npt.NDArray[np.datetime64]:
    return np.full(count, np.datetime64(day or "NaT", "us"))


def _best_columns(located: Locations, best: Ints) -> dict[str, Any]:
    number = np.where(best >= 0, located.row_class[np.maximum(best, 0)].astype(np.int64), -1)
    labels = located.mapped.arrays.header["labels"]
    columns: dict[str, Any] = {}
    for name in ("csp_region", "region_code", "wan_technology", "wan_group", "likelihood", "auxiliary"):
        columns[name] = _labelled(_take(located.column(f"class_{name}").astype(np.int64), number), labels[name])
    available = _take(located.column("class_available").astype(np.int64), number)
    columns["available"] = pd.arrays.BooleanArray(available == 1, (available < 0) | (available == 2))
    days = _take(located.column("class_anticipated").astype(np.int64), number)
    missing = (number < 0) | (days == NO_DATE)
    columns["anticipated"] = np.where(missing, np.datetime64("NaT"), days.astype("datetime64[D]")).astype(
        "datetime64[us]"
    )
    columns["info"] = _texts(located, "info", best)
    for name in ("premises", "premises_available"):
        values = _take(located.column(name).astype(np.int64), best).astype(np.int32)
        columns[name] = pd.arrays.IntegerArray(np.maximum(values, 0).astype(np.int32), values < 0)
    order = ["csp_region", "region_code", "available", "anticipated", "wan_technology", "wan_group", "likelihood"]
    return {name: columns[name] for name in [*order, "auxiliary", "info", "premises", "premises_available"]}


def _labelled(codes: Ints, labels: list[str | None]) -> pd.Categorical:
    words = [label for label in labels if label is not None]
    return _categorical(np.where(codes < len(words), codes, -1), words)  # a missing label stands last


def _texts(located: Locations, name: str, best: Ints) -> pd.Series:
    if name not in located.mapped.arrays:
        return pd.Series(pd.NA, index=range(len(best)), dtype="str")
    numbers = _take(located.column(name).astype(np.int64), best)
    used, of_row = np.unique(np.maximum(numbers, 0), return_inverse=True)
    words = [located.mapped.text(name, int(number)) for number in used]
    return pd.Series(np.array(words, dtype=object)[of_row], dtype="str")


def _finish(frame: pd.DataFrame, matrix: CoverageMatrix) -> pd.DataFrame:
    frame.attrs = {
        **matrix.release_attrs,
        "status_counts": _counts(frame["status"]),
        "state_counts": _counts(frame["state"]),
    }
    return frame


def _counts(column: pd.Series) -> dict[str, int]:
    counts = column.value_counts(sort=False)
    return {str(word): int(count) for word, count in counts.items() if count}
