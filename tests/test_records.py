"""Light records: they do what is used of a frozen dataclass, and of a named tuple."""

import copy

import pytest

from smarthan.records import NamedTuple, fresh, names_of, record, replace


@record
class Site:
    name: str
    premises: int = 0
    tags: dict[str, str] = fresh(factory=dict)


class Pair(NamedTuple):
    one: int
    other: int = 2


def test_a_record_takes_values_by_place_or_name() -> None:
    assert Site("a", 3) == Site(name="a", premises=3)
    assert Site("a") != Site("b")
    assert repr(Site("a")) == "Site(name='a', premises=0, tags={})"
    assert names_of(Site) == ("name", "premises", "tags")
    assert (Site("a") == "a") is False


def test_a_default_is_made_anew() -> None:
    assert Site("a").tags is not Site("a").tags


def test_a_record_is_not_changed_but_replaced() -> None:
    site = Site("a")
    with pytest.raises(AttributeError, match=r"Site\.premises cannot be changed"):
        site.premises = 5  # type: ignore[misc]
    with pytest.raises(AttributeError):
        del site.name
    assert replace(site, premises=5) == Site("a", 5)
    assert copy.copy(site) == site


@pytest.mark.parametrize(
    ("given", "named", "words"),
    [
        ((), {}, "'name' is missing"),
        (("a", 1, {}, 4), {}, "4 values given for 3 fields"),
        (("a",), {"name": "b"}, "'name' is no field of it, or is given twice"),
        (("a",), {"colour": "b"}, "'colour' is no field of it"),
    ],
)
def test_what_does_not_fit_is_refused(given: tuple[object, ...], named: dict[str, object], words: str) -> None:
    with pytest.raises(TypeError, match=words):
        Site(*given, **named)  # type: ignore[arg-type]


def test_a_record_can_check_itself_and_be_a_key() -> None:
    @record
    class Share:
        value: float

        def __post_init__(self) -> None:
            if not 0 <= self.value <= 1:
                raise ValueError("a share lies between 0 and 1")

    assert {Share(0.5): "half"}[Share(0.5)] == "half"
    with pytest.raises(ValueError, match="between 0 and 1"):
        Share(2)


def test_a_named_tuple_is_a_tuple() -> None:
    one, other = Pair(1)
    assert (one, other, Pair(1).other) == (1, 2, 2)
    assert Pair(1)._replace(other=3) == (1, 3)
    assert Pair._fields == ("one", "other")
    assert Pair(1)._asdict() == {"one": 1, "other": 2}
    assert copy.copy(Pair(1)) == Pair(1)
    assert {Pair(1): "x"}[Pair(1, 2)] == "x"
    with pytest.raises(TypeError, match="'one' is missing"):
        Pair()  # type: ignore[call-arg]
