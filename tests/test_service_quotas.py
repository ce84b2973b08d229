"""Allowances are counted by answer, for each caller, and filled again by time."""

import pytest
from tests.service_client import make_matrix, run_service

from smarthan.service import Role, Roles
from smarthan.service.quotas import Quotas
from smarthan.service.refusals import Refusal

ROLE = Role("guest", frozenset({"lookup_postcode", "batch"}), "POSTCODE", batch_max=10, per_second=2, per_day=5)


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def test_requests_come_back_by_the_second() -> None:
    clock = Clock()
    quotas = Quotas(10, clock)
    for _ in range(2):
        quotas.take_request("a", ROLE)
    with pytest.raises(Refusal) as refused:
        quotas.take_request("a", ROLE)
    assert refused.value.http == 429
    assert refused.value.headers == ((b"retry-after", b"1"),)
    quotas.take_request("b", ROLE)
    clock.now += 0.5
    quotas.take_request("a", ROLE)
    clock.now -= 100  # a clock set back gives nothing and takes nothing
    with pytest.raises(Refusal):
        quotas.take_request("a", ROLE)


def test_answers_are_of_the_day_and_refused_whole() -> None:
    clock = Clock()
    quotas = Quotas(10, clock)
    quotas.take_answers("a", ROLE, 3)
    with pytest.raises(Refusal, match="3 answers asked, 2 of 5 are left today"):
        quotas.take_answers("a", ROLE, 3)
    quotas.take_answers("a", ROLE, 2)
    clock.now += 86_400
    quotas.take_answers("a", ROLE, 5)


def test_no_more_callers_are_remembered_than_said() -> None:
    quotas = Quotas(3, Clock())
    for name in "abcd":
        quotas.take_request(name, ROLE)
    assert len(quotas._accounts) == 3


def test_a_list_counts_by_its_lines(tmp_path_factory: pytest.TempPathFactory) -> None:
    role = Role("public", ROLE.allow, "POSTCODE", batch_max=10, per_second=1000, per_day=5)
    roles = Roles({"public": role}, path="given")
    with run_service(make_matrix(tmp_path_factory.mktemp("quotas")), roles=roles) as running:
        assert running.post_json("/v1/coverage:batch", {"postcodes": ["LL57 2DG"] * 4}).status == 200
        refused = running.post_json("/v1/coverage:batch", {"postcodes": ["LL57 2DG"] * 4})
        assert (refused.status, refused.code) == (429, "TOO_MANY")
        assert 0 < int(refused.headers["retry-after"]) <= 86_400
        assert running.ask("/v1/coverage/LL57%202DG").status == 200
        assert running.ask("/v1/coverage/LL57%202DG").status == 429
