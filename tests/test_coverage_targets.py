"""Coverage held against targets: met, not met, or cannot say."""

import datetime as dt
import math
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smarthan.coverage import CoverageMatrix, read_matrix, sample_matrix, target_check
from smarthan.settings import SettingsError

HEADER = "postcode,csp_region,region_code,available,wan_technology,premises,premises_available\n"


def build(path: Path, covered: int, error: int = 0) -> CoverageMatrix:
    """A release of 1,000 premises in one northern postcode, and perhaps some in a postcode that did not answer."""
    text = HEADER + f"M1 1AE,North,,true,4G,1000,{covered}\n" + (f"M1 1AF,North,E62,,,{error},\n" if error else "")
    (path / "m.csv").write_text(text)
    return read_matrix(path / "m.csv", as_of="2026-11-02").matrix


@pytest.mark.parametrize(
    ("covered", "error", "verdict", "short"),
    [
        (995, 0, "met", 0),
        (994, 0, "not met", 1),
        (1000, 4, "met", 0),
        (999, 10, "cannot say", 6),
        (900, 5, "not met", 100),
    ],
)
def test_verdict_follows_the_bounds(tmp_path: Path, covered: int, error: int, verdict: str, short: int) -> None:
    north = target_check(build(tmp_path, covered, error)).set_index("id").loc["north"]
    assert (north["verdict"], north["short"]) == (verdict, short)
    assert north["denominator"] == 1000 + error
    assert north["share_lower"] <= north["share_upper"]


def test_own_targets(tmp_path: Path) -> None:
    file = tmp_path / "targets.toml"
    file.write_text(
        '[[target]]\nid = "m"\nscope = "area"\nname = "M"\nthreshold = 0.5\nsource = "ours"\nstatus = "illustrative"\n'
    )
    assert target_check(build(tmp_path, 600), file)["verdict"].tolist() == ["met"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [("area", "planet", "scope 'planet' is neither GB"), ('"M"', '"Q"', "name 'Q' is not a area")],
    ids=["scope", "name"],
)
def test_unknown_scope_or_name_is_refused(tmp_path: Path, old: str, new: str, words: str) -> None:
    text = (
        '[[target]]\nid = "m"\nscope = "area"\nname = "M"\nthreshold = 0.5\nsource = "ours"\nstatus = "illustrative"\n'
    )
    (tmp_path / "t.toml").write_text(text.replace(old, new))
    with pytest.raises(ValueError, match=words):
        target_check(build(tmp_path, 600), tmp_path / "t.toml")


def test_threshold_is_a_share(tmp_path: Path) -> None:
    (tmp_path / "t.toml").write_text(
        '[[target]]\nid = "m"\nscope = "GB"\nthreshold = 99.5\nsource = "x"\nstatus = "published"\n'
    )
    with pytest.raises(SettingsError, match=r"99\.5"):
        target_check(build(tmp_path, 600), tmp_path / "t.toml")


def write_target(folder: Path, threshold: str, scope: str = 'scope = "GB"', more: str = "") -> Path:
    file = folder / "t.toml"
    text = f'[[target]]\nid = "t"\n{scope}\nthreshold = {threshold}\nsource = "x"\nstatus = "illustrative"\n{more}\n'
    file.write_text(text)
    return file


@settings(deadline=None, max_examples=15)
@given(st.integers(1, 9_999), st.integers(1, 100))
def test_short_is_the_least_number_that_reaches_the_target(
    tmp_path_factory: pytest.TempPathFactory, hundredths: int, part: int
) -> None:
    folder = tmp_path_factory.mktemp("short")
    covered = part * 10
    threshold = f"0.{hundredths:04d}"
    found = target_check(build(folder, covered), write_target(folder, threshold)).iloc[0]
    needed = Fraction(threshold) * 1000
    assert covered + found["short"] >= needed
    assert found["short"] == 0 or covered + found["short"] - 1 < needed
    assert found["verdict"] == ("met" if covered >= needed else "not met")


@pytest.mark.parametrize(
    ("threshold", "covered", "short"),
    [("0.29", 290, 0), ("0.57", 570, 0), ("0.995", 995, 0), ("0.9951", 995, 1), ("1", 1000, 0), ("0", 0, 0)],
)
def test_binary_numbers_do_not_decide(tmp_path: Path, threshold: str, covered: int, short: int) -> None:
    # 0.29 * 1000 is 290.0 or 289.99..., by the way it is reckoned.
    found = target_check(build(tmp_path, covered), write_target(tmp_path, threshold)).iloc[0]
    assert (found["short"], found["verdict"]) == (short, "met" if short == 0 else "not met")


def test_a_release_without_premises_cannot_say_of_premises(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text("postcode,csp_region,available,wan_technology\nM1 1AE,North,true,4G\n")
    matrix = read_matrix(tmp_path / "m.csv", as_of="2026-11-02").matrix
    found = target_check(matrix, write_target(tmp_path, "0.9")).iloc[0]
    assert (found["verdict"], found["basis"]) == ("cannot say", "postcodes")
    assert "of premises" in found["reason"]
    of_postcodes = write_target(tmp_path, "0.9", more='basis = "postcodes"')
    assert target_check(matrix, of_postcodes)["verdict"].tolist() == ["met"]


def test_nothing_weighed_cannot_say(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text(HEADER + "M1 1AE,SMETS1,,true,SMETS1,10,10\n")
    found = target_check(
        read_matrix(tmp_path / "m.csv", as_of="2026-11-02").matrix, write_target(tmp_path, "0.9")
    ).iloc[0]
    assert (found["verdict"], found["denominator"], found["short"]) == ("cannot say", 0, 0)
    assert math.isnan(found["share"])


def test_unknown_premises_keep_the_verdict_open(tmp_path: Path) -> None:
    text = HEADER + "M1 1AE,North,,true,4G,10,10\nM1 1AF,North,,false,4G,,\n"
    (tmp_path / "m.csv").write_text(text)
    found = target_check(
        read_matrix(tmp_path / "m.csv", as_of="2026-11-02").matrix, write_target(tmp_path, "0.9")
    ).iloc[0]
    assert (found["share"], found["share_lower"], found["share_upper"]) == (1.0, 0.5, 1.0)
    assert found["verdict"] == "cannot say"


def test_each_target_has_an_id_of_its_own(tmp_path: Path) -> None:
    file = write_target(tmp_path, "0.5")
    file.write_text(file.read_text() * 2)
    with pytest.raises(ValueError, match="id t stands twice"):
        target_check(build(tmp_path, 600), file)


def test_two_targets_of_one_scope(tmp_path: Path) -> None:
    file = write_target(tmp_path, "0.5")
    file.write_text(file.read_text() + file.read_text().replace('"t"', '"u"').replace("0.5", "0.9"))
    assert target_check(build(tmp_path, 600), file)["verdict"].tolist() == ["met", "not met"]


def test_the_day_asked_does_not_move_what_is_covered(tmp_path: Path) -> None:
    matrix = build(tmp_path, 995)
    assert target_check(matrix, as_of=dt.date(2030, 1, 1))["short"].equals(target_check(matrix)["short"])


def test_targets_that_are_no_path_are_refused_in_a_sentence() -> None:
    with pytest.raises(TypeError, match="targets: dict given; the path of a TOML file"):
        target_check(sample_matrix(), {})  # type: ignore[arg-type]
