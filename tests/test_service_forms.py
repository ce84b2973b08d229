"""The quick way to an answer gives what the slow way gives; a role sees what is its own."""

import datetime as dt
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.service_client import make_matrix

from smarthan.coverage import sample_matrix
from smarthan.service import ReleaseHolder, Role
from smarthan.service.forms import Forms, describe_lookup, reduce_answer
from smarthan.service.holder import Served
from smarthan.service.refusals import Refusal
from smarthan.service.vocabulary import COLUMNS

DAY = dt.date(2026, 11, 25)
FULL = Role("full", frozenset({"lookup_postcode"}), "UPRN")
COARSE = Role("coarse", frozenset({"lookup_postcode"}), "POSTCODE")
BARE = Role("bare", frozenset({"lookup_postcode"}), "POSTCODE", columns=frozenset())


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Served:
    return ReleaseHolder(make_matrix(tmp_path_factory.mktemp("forms"))).served


SAMPLE = ReleaseHolder(sample_matrix()).served
CODES = sample_matrix().rows["postcode"].dropna().unique().tolist()
FORMS = {role.name: Forms(SAMPLE, role, DAY) for role in (FULL, COARSE, BARE)}


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(CODES),
    st.sampled_from([FULL, COARSE, BARE]),
    st.sampled_from(["as is", "lower", "no blank", "wide"]),
)
def test_a_form_filled_is_the_answer_made(code: str, role: Role, spelling: str) -> None:
    ways = {"lower": code.lower(), "no blank": code.replace(" ", ""), "wide": "  " + code.replace(" ", "\u00a0 ")}
    text = ways.get(spelling, code)
    for _ in range(2):  # made, then filled
        status, outward, body = FORMS[role.name].write(text)
        answer = SAMPLE.answer(text, None, DAY)
        assert json.loads(body) == describe_lookup(answer, role)
        assert (status, outward) == (answer.status, code.split()[0])


def test_every_answer_of_the_small_matrix_is_the_same_both_ways(served: Served) -> None:
    codes = [f"LL57 2{unit}" for unit in ("DG", "DH", "DL", "DN", "DP", "DR", "DS", "DT", "ZZ")]
    for role in (FULL, COARSE, BARE):
        forms = Forms(served, role, DAY)
        for code in (*codes, *codes, "", "rubbish", "BT1 1AA", "LL57 2DG\u00a0"):
            answer = served.answer(code, None, DAY)
            assert json.loads(forms.write(code)[2]) == describe_lookup(answer, role)


def test_no_more_forms_are_kept_than_said(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    from smarthan.service import forms as module

    monkeypatch.setattr(module, "MOST_FORMS", 2)
    forms = Forms(served, FULL, DAY)
    for unit in ("DG", "DH", "DL", "DN", "DR", "DG"):
        assert json.loads(forms.write(f"LL57 2{unit}")[2])["postcode"] == f"LL57 2{unit}"
    assert len(forms._forms) <= 2


@pytest.mark.parametrize(("text", "route"), [("LL57", "/v1/outward/LL57"), ("ll57 2", "/v1/sector/LL57 2")])
def test_a_part_of_a_postcode_is_sent_to_its_route(served: Served, text: str, route: str) -> None:
    with pytest.raises(Refusal, match=route) as refused:
        Forms(served, FULL, DAY).write(text)
    assert (refused.value.code, refused.value.http) == ("PART_OF_POSTCODE", 422)


def test_a_coarser_role_sees_counts_and_no_premises(served: Served) -> None:
    fine, coarse = (reduce_answer(served.answer("LL57 2DS"), role) for role in (FULL, COARSE))
    assert [row["uprn"] for row in fine.rows] == ["100100000001", "100100000002"]
    assert (coarse.rows, coarse.best, coarse.state, coarse.counts) == ((), None, "MIXED", fine.counts)
    assert "this role sees how many" in coarse.notes[-1]
    whole = reduce_answer(served.answer("LL57 2DT"), COARSE)
    assert [row["location_kind"] for row in whole.rows] == ["POSTCODE"]
    assert "100100000001" not in json.dumps(coarse.to_dict())
    assert "FLAT" not in json.dumps(whole.to_dict())


@pytest.mark.parametrize("unit", ["DG", "DH", "DL", "DN", "DP", "DR", "DS", "DT"])
def test_a_hidden_column_leaves_no_trace(served: Served, unit: str) -> None:
    shown = reduce_answer(served.answer(f"LL57 2{unit}", None, DAY), BARE)
    assert all(row[name] is None for row in shown.rows for name in COLUMNS)
    text = json.dumps(shown.to_dict())
    for secret in ("2027-03-31", "2026-01-31", "E62", "Cellular", "Aerial", "script", "Medium"):
        assert secret not in text
    assert shown.state is not None
    assert (shown.days, shown.counts, shown.share) == (None, {}, None)
