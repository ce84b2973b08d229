"""Coverage held against targets: met, not met, or cannot say."""

from pathlib import Path

import pytest

from smarthan.coverage import CoverageMatrix, read_matrix, target_check
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
