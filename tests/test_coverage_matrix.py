"""The matrix asked one by one, by the million and from its index: one answer for one key."""

import datetime as dt
import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smarthan.coverage import CoverageMatrix, Release
from smarthan.coverage.index.building import build_index
from smarthan.coverage.index.mapped import MappedMatrix
from smarthan.coverage.index.packing import ArrayFile
from smarthan.coverage.lookup.weighing import divide_one, divide_premises, has_known_total, location_state, read_units
from smarthan.coverage.releases.columns import CSP_REGIONS, LIKELIHOODS, LOCATION_KINDS, WAN_GROUPS

POSTCODES = ["SW1A 1AA", "SW1A 2AA", "M1 1AE", "N1P 1AA", "LL57 2DG", "LL57 2DH", "W1A 1AA", "CA1 1AA"]
QUERIES = [*POSTCODES, "sw1a1aa", "m11ae", " LL57  2DG ", "LL57", "SW1A", "SW1A 1", "M1", "EH1", "AB1 0AA", "BT1 1AA"]
QUERIES += ["BT1", "GIR 0AA", "ZE9 9ZZ", "S W1A 1AA", "null", "", "2026-01-01", "sw1a oaa"]
UPRNS = ["7", "007", "8", "9", "10", "0", "x", "1" * 13, ""]
COMPARED = [
    *("query", "postcode", "uprn", "status", "state", "words", "resolution", "degraded", "multi_region", "share"),
    *("days", "release_id", "as_of", "asked_on", "age_days", "reference_vintage", "caveat", "synthetic"),
]
BEST = [
    *("csp_region", "region_code", "available", "anticipated", "wan_technology", "wan_group", "likelihood"),
    *("auxiliary", "info", "premises", "premises_available"),
]


def make_matrix(records: list[dict[str, Any]], as_of: dt.date | None = dt.date(2026, 11, 2)) -> CoverageMatrix:
    """Return a matrix from rows as dicts; what is left out is missing."""
    defaults = {"postcode": None, "address_identifier": None, "uprn": None, "csp_region": "North", "region_code": "I0"}
    defaults |= {"available": None, "anticipated": None, "wan_technology": "4G", "likelihood": None, "auxiliary": None}
    defaults |= {"info": None, "premises": None, "premises_available": None, "wan_group": "CELLULAR_4G"}
    frame = pd.DataFrame([{**defaults, **record} for record in records])
    kind = ["UPRN" if r.get("uprn") else "ADDRESS" if r.get("address_identifier") else "POSTCODE" for r in records]
    frame.insert(0, "release_id", pd.Categorical(["r1"] * len(frame)))
    frame["location_kind"] = pd.Categorical(kind, categories=list(LOCATION_KINDS))
    lists = {"csp_region": CSP_REGIONS, "wan_group": WAN_GROUPS, "likelihood": LIKELIHOODS}
    for name, words in lists.items():
        frame[name] = pd.Categorical(frame[name], categories=list(words), ordered=name == "likelihood")
    for name in ("region_code", "wan_technology", "auxiliary"):
        frame[name] = frame[name].astype("str").where(frame[name].notna()).astype("category")
    for name in ("postcode", "address_identifier", "uprn", "info"):
        frame[name] = frame[name].astype("str").where(frame[name].notna())
    types = {"available": "boolean", "premises": "Int32", "premises_available": "Int32"}
    frame = frame.astype(types).assign(anticipated=pd.to_datetime(frame["anticipated"]).astype("datetime64[us]"))
    return CoverageMatrix(frame, Release("r1", as_of=as_of, row_count=len(frame)))


@st.composite
def releases(draw: st.DrawFn) -> CoverageMatrix:
    """Small releases with every oddity: several regions, errors, premises with own rows, partial counts."""
    with_premises = draw(st.booleans())
    keys = st.tuples(
        st.sampled_from([*POSTCODES[:6], None]),
        st.sampled_from([None, None, "7", "8", "9"]),
        st.sampled_from([None, None, "1", "2"]),
        st.sampled_from(CSP_REGIONS),
    )
    records: dict[tuple[str, str], dict[str, Any]] = {}
    homes: dict[str, str | None] = {}
    for postcode, uprn, address, region in draw(st.lists(keys, min_size=1, max_size=14)):
        if postcode is None and uprn is None:
            continue
        place = homes.setdefault(uprn, postcode) if uprn else postcode
        key = uprn or f"{place}|{address if address else ''}"
        premises = draw(st.none() | st.integers(0, 9)) if with_premises else None
        reached = draw(st.none() | st.integers(0, premises)) if premises is not None else None
        code = draw(st.sampled_from(["I0", "I0", "I0", "E62"]))
        records[(key, region)] = {
            "postcode": place,
            "uprn": uprn,
            "address_identifier": address,
            "csp_region": region,
            "region_code": code,
            "available": None if code == "E62" else draw(st.booleans()),
            "anticipated": draw(st.sampled_from([None, "2026-06-01", "2026-11-02", "2027-01-31"])),
            "likelihood": draw(st.sampled_from([None, *LIKELIHOODS])),
            "info": draw(st.sampled_from([None, "steep valley", "é"])),
            "premises": premises,
            "premises_available": reached,
        }
    return make_matrix(list(records.values()) or [{"postcode": "M1 1AE", "available": True}])


def same(one: Any, many: Any) -> bool:
    """Whether a field of a single answer equals its cell in the table; missing is missing."""
    if one is None or one == "" or pd.isna(many):
        return one in (None, "") and (pd.isna(many) or many == "")
    if isinstance(one, dt.date):
        return pd.Timestamp(one) == many
    return math.isclose(one, float(many)) if isinstance(one, float) else one == many


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    releases(),
    st.lists(
        st.tuples(st.sampled_from(QUERIES) | st.none(), st.sampled_from(UPRNS) | st.none()), min_size=1, max_size=20
    ),
    st.sampled_from([None, "2026-06-01", "2027-02-01"]),
)
def test_one_by_one_equals_all_at_once(
    matrix: CoverageMatrix, asked: list[tuple[str | None, str | None]], day: str | None
) -> None:
    table = matrix.lookup_many([a for a, _ in asked], [u for _, u in asked], day)
    for (postcode, uprn), (_, row) in zip(asked, table.iterrows(), strict=True):
        answer = matrix.lookup(postcode, uprn, day)
        cells = {name: getattr(answer, name) for name in COMPARED}
        cells |= {name: (answer.best or {}).get(name) for name in BEST}
        wrong = {name: (cell, row[name]) for name, cell in cells.items() if not same(cell, row[name])}
        assert not wrong
        assert (
            "; ".join(sorted(answer.regions)) == "; ".join(sorted(str(row["regions"]).split("; ")))
            or not answer.regions
        )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(releases())
def test_arrays_weigh_as_the_scalar_core_does(matrix: CoverageMatrix) -> None:
    located, mapped = matrix.locations(), matrix.mapped
    from smarthan.coverage.index.locations import ALL_STATES, STATES
    from smarthan.coverage.lookup.answering import _with_states

    for place, first_row in enumerate(located.groups[: mapped.n_locations].tolist()):
        units = read_units(_with_states(mapped.rows_of(first_row + 1), located.day))
        assert ALL_STATES[located.state[place]] == location_state(units)
        by_state = located.premises_by_state[place]
        assert {s: n for s, n in zip(STATES, by_state.tolist(), strict=True) if n} == divide_premises(units)
        ones = located.ones_by_state[place]
        assert {s: n for s, n in zip(STATES, ones, strict=True) if n} == pytest.approx(divide_one(units))
        assert bool(located.knows_total[place]) == has_known_total(units)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(releases(), st.permutations(QUERIES))
def test_permuting_the_questions_permutes_the_answers(matrix: CoverageMatrix, order: list[str]) -> None:
    first = matrix.lookup_many(QUERIES).set_index("query")["words"].astype("str")
    second = matrix.lookup_many(order).set_index("query")["words"].astype("str")
    assert second.loc[QUERIES].tolist() == first.tolist()


def test_adding_a_row_changes_no_other_answer() -> None:
    rows = [{"postcode": "M1 1AE", "available": True}, {"postcode": "SW1A 1AA", "available": False}]
    more = [*rows, {"postcode": "LL57 2DG", "available": True}]
    for query in ("M1 1AE", "SW1A 1AA", "SW1A 2AA", "SW1A"):
        assert make_matrix(rows).lookup(query).to_dict() == {
            **make_matrix(more).lookup(query).to_dict(),
        }


def test_index_order_length_and_duplicates_are_kept() -> None:
    matrix = make_matrix([{"postcode": "M1 1AE", "available": True}])
    asked = pd.Series(["M1 1AE", None, "m11ae", "M1 1AE"], index=[9, 9, "b", 2])
    table = matrix.lookup_many(asked)
    assert table.index.tolist() == [9, 9, "b", 2]
    assert table["status"].tolist() == ["OK", "EMPTY", "OK", "OK"]
    assert table.attrs["status_counts"] == {"OK": 3, "EMPTY": 1}
    assert table.attrs["state_counts"] == {"COVERED": 3}


@pytest.mark.parametrize(
    "empty", [[], pd.Series([], dtype="str"), np.array([], dtype=object)], ids=["list", "series", "array"]
)
def test_no_question_gives_no_answer(empty: Any) -> None:
    table = make_matrix([{"postcode": "M1 1AE", "available": True}]).lookup_many(empty)
    assert len(table) == 0
    assert "words" in table


def test_one_text_is_not_a_column() -> None:
    with pytest.raises(TypeError, match="use lookup for one"):
        make_matrix([{"postcode": "M1 1AE", "available": True}]).lookup_many("M1 1AE")


def test_columns_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="uprns: 1 given for 2 postcodes"):
        make_matrix([{"postcode": "M1 1AE", "available": True}]).lookup_many(["M1 1AE", "M1"], ["7"])


def test_the_matrix_answers_what_the_reference_does_not_know() -> None:
    matrix = make_matrix([{"postcode": "ZE9 9ZZ", "available": True}, {"postcode": "AB1 0AA", "available": False}])
    assert [matrix.lookup(p).state for p in ("ZE9 9ZZ", "AB1 0AA")] == ["COVERED", "NOT_CONFIRMED"]


def test_ties_go_to_likelihood_then_4g() -> None:
    rows = [
        {"postcode": "M1 1AE", "available": True, "csp_region": "Central", "likelihood": "High"},
        {"postcode": "M1 1AE", "available": True, "csp_region": "4G Central", "likelihood": "High"},
        {"postcode": "M1 1AE", "available": True, "csp_region": "4G North", "likelihood": "Low"},
    ]
    best = make_matrix(rows).lookup("M1 1AE").best
    assert best is not None
    assert best["csp_region"] == "4G Central"


def test_index_is_the_same_bytes_for_the_same_rows() -> None:
    rows = [{"postcode": p, "available": True, "uprn": str(n)} for n, p in enumerate(POSTCODES, 1)]
    first, second = make_matrix(rows), make_matrix(rows[::-1])
    assert build_index(first.rows, first.release) == build_index(second.rows, second.release)


def test_cut_index_is_refused() -> None:
    matrix = make_matrix([{"postcode": "M1 1AE", "available": True}])
    data = build_index(matrix.rows, matrix.release)
    for piece in (data[:4], data[:40], data[:-70], b"PAR1" + data[4:]):
        with pytest.raises(ValueError, match="index"):
            MappedMatrix(ArrayFile(piece))


def test_repr_says_what_it_is() -> None:
    matrix = make_matrix([{"postcode": "M1 1AE", "available": True}], as_of=None)
    assert repr(matrix) == "<CoverageMatrix r1, as of date unknown, 1 rows>"
    assert "CoverageMatrix r1" in matrix._repr_html_()
