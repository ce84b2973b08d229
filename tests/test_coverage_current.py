"""Which release of a store is served: by the day asked, and after every state that a crash can leave."""

import datetime as dt
import fcntl
import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from smarthan.coverage import ReleaseStore, open_matrix
from smarthan.coverage.lookup.cold import lookup_one
from smarthan.coverage.releases.current import NoRelease, find_leftovers, list_entries, read_current
from smarthan.coverage.releases.opening import ReleaseDamaged
from smarthan.coverage.releases.store import demonstration_place
from smarthan.files import sha256_of

DAYS = ("2026-02-02", "2026-05-01", "2026-11-02")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three releases; LL57 2DG is planned, then planned, then covered."""
    folder = tmp_path_factory.mktemp("made")
    for day, first in zip(DAYS, ("false,2026-06-30", "false,2026-09-30", "true,"), strict=True):
        (folder / f"{day}.csv").write_text(
            "postcode,available,anticipated,csp_region,wan_technology\n"
            f"LL57 2DG,{first},Central,Cellular\nLL57 2DH,true,,Central,Cellular\n"
        )
        ReleaseStore(folder / "store").publish(
            folder / f"{day}.csv", as_of=day, release_id=day, accept_drift="two rows"
        )
    return folder / "store"


@pytest.fixture
def store(made: Path, tmp_path: Path) -> Path:
    """A copy to be damaged."""
    return shutil.copytree(made, tmp_path / "store")


def served(store: Path, as_of: str | None = None) -> tuple[str, tuple[str, ...]]:
    """Return the release that answers and the notes of its answer, the same warm, cold and in bulk."""
    warm = ReleaseStore(store).open(as_of)
    cold = lookup_one("LL57 2DG", matrix=store, as_of=as_of)
    answer = warm.lookup("LL57 2DG", as_of=as_of)
    assert (answer.release_id, answer.notes, answer.state) == (cold.release_id, cold.notes, cold.state)
    assert warm.lookup_many(["LL57 2DG"]).attrs.get("notes", []) == list(warm.notes)
    assert warm.rows["release_id"].unique().tolist() == [answer.release_id]
    return answer.release_id, answer.notes


@pytest.mark.parametrize(
    ("as_of", "release"),
    [
        ("2026-02-02", DAYS[0]),
        ("2026-04-30", DAYS[0]),
        ("2026-05-01", DAYS[1]),
        ("2026-11-01", DAYS[1]),
        ("2026-11-02", DAYS[2]),
        ("2030-01-01", DAYS[2]),
        (None, DAYS[2]),
    ],
    ids=str,
)
def test_the_newest_release_of_the_day_is_served(store: Path, as_of: str | None, release: str) -> None:
    assert served(store, as_of) == (release, ())


def test_the_day_before_the_first_release_has_none(store: Path) -> None:
    with pytest.raises(NoRelease, match="the earliest is of 2026-02-02") as caught:
        ReleaseStore(store).open("2026-02-01")
    assert (caught.value.status, caught.value.earliest) == ("NO_RELEASE", dt.date(2026, 2, 2))
    with pytest.raises(NoRelease):
        open_matrix(store, "2026-02-01")
    answer = lookup_one("LL57 2DG", matrix=store, as_of="2026-02-01")
    assert (answer.status, answer.state, answer.release_id) == ("NO_RELEASE", None, "")
    assert "the earliest is of 2026-02-02" in answer.notes[0]


def test_of_two_releases_of_one_day_the_later_published_is_served(publish: Callable[..., Path]) -> None:
    publish("2026-05-01", "LL57 2DG,true,", release_id="z-first")
    store = publish("2026-05-01", "LL57 2DG,true,", release_id="a-correction")
    assert served(store) == served(store, "2026-05-01") == ("a-correction", ())


def cut(path: Path, to: int) -> None:
    path.write_bytes(path.read_bytes()[:to])


def spoil(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def fold(path: Path) -> None:
    """Put a folder in the place of a file."""
    path.unlink()
    path.mkdir()


def swap(store: Path) -> None:
    shutil.rmtree(store / NEWEST)
    shutil.copytree(store / "releases" / DAYS[0], store / NEWEST)


def empty(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()


NEWEST = f"releases/{DAYS[2]}"
STATES: dict[str, tuple[Callable[[Path], object], str]] = {
    "CURRENT empty": (lambda s: (s / "CURRENT").write_text(""), "CURRENT is empty"),
    "CURRENT of NULs": (lambda s: (s / "CURRENT").write_bytes(bytes(11)), "CURRENT is empty"),
    "CURRENT absent": (lambda s: (s / "CURRENT").unlink(), "CURRENT is absent"),
    "CURRENT a folder": (lambda s: fold(s / "CURRENT"), "CURRENT is absent"),
    "CURRENT dangling": (lambda s: (s / "CURRENT").write_text("2027-01\n"), "names 2027-01, which is not there"),
    "CURRENT a path": (lambda s: (s / "CURRENT").write_text("../releases/2026-05-01\n"), "holds no release id"),
    "CURRENT absolute": (lambda s: (s / "CURRENT").write_text("/etc\n"), "holds no release id"),
    "CURRENT two lines": (lambda s: (s / "CURRENT").write_text("a\nb\n"), "holds no release id"),
    "CURRENT binary": (lambda s: (s / "CURRENT").write_bytes(b"\xff\xfe\x00"), "holds no release id"),
    "CURRENT long": (lambda s: (s / "CURRENT").write_text("a" * 9_999), "holds no release id"),
    "no hash": (lambda s: (s / NEWEST / "SHA256").unlink(), "no SHA256 in it"),
    "half a hash": (lambda s: cut(s / NEWEST / "SHA256", 40), "does not list matrix.parquet"),
    "half a file": (lambda s: cut(s / NEWEST / "matrix.parquet", 900), "matrix.parquet is not the file"),
    "zero length": (lambda s: cut(s / NEWEST / "matrix.parquet", 0), "matrix.parquet is not the file"),
    "wrong hash": (lambda s: spoil(s / NEWEST / "matrix.parquet"), "matrix.parquet is not the file"),
    "file absent": (lambda s: (s / NEWEST / "matrix.parquet").unlink(), "matrix.parquet is absent"),
    "file a folder": (
        lambda s: fold(s / NEWEST / "matrix.parquet"),
        "matrix.parquet cannot be read",
    ),
    "manifest cut": (lambda s: cut(s / NEWEST / "manifest.json", 30), "manifest.json is not the file"),
    "folder empty": (lambda s: empty(s / NEWEST), "no SHA256 in it"),
    "another release under the name": (
        swap,
        "holds release 2026-02-02, not 2026-11-02",
    ),
}


@pytest.mark.parametrize("state", STATES)
def test_after_a_crash_the_newest_complete_release_is_served_and_it_is_said(store: Path, state: str) -> None:
    assert served(store) == (DAYS[2], ())
    damage, words = STATES[state]
    damage(store)
    release, notes = served(store)
    pointer = state.startswith("CURRENT")
    assert release == (DAYS[2] if pointer else DAYS[1])
    assert words in notes[0]
    assert f"served instead: release {release}" in notes[0]
    assert ReleaseStore(store).releases().attrs["notes"] == list(notes)


@pytest.mark.parametrize("state", [state for state in STATES if not state.startswith("CURRENT")])
def test_a_damaged_release_is_passed_over_as_of_a_day_too(store: Path, state: str) -> None:
    STATES[state][0](store)
    release, notes = served(store, "2026-12-01")
    assert release == DAYS[1]
    listed = list_entries(str(store))[0].name == DAYS[2]
    assert not listed or f"release {DAYS[2]} is passed over" in notes[0]


@pytest.mark.parametrize(
    "leave",
    [
        lambda s: (s / "releases" / ".tmp-2027-01-77").mkdir(),
        lambda s: shutil.copytree(s / NEWEST, s / "releases" / ".tmp-2027-01-77"),
        lambda s: (s / "CURRENT.tmp-77").write_text("2027-01\n"),
    ],
    ids=["empty folder", "full folder", "pointer"],
)
def test_a_publication_that_did_not_finish_is_said(store: Path, leave: Callable[[Path], object]) -> None:
    leave(store)
    release, notes = served(store)
    assert release == DAYS[2]
    assert "did not finish" in notes[0]
    assert "77 is left of it" in notes[0]


def test_a_publication_under_way_is_not_held_against_the_store(store: Path) -> None:
    (store / "releases" / ".tmp-2027-01-77").mkdir()
    with open(store / ".lock", "r+b") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert served(store) == (DAYS[2], ())
    (store / ".lock").unlink()
    assert "did not finish" in served(store)[1][0]


def test_a_release_renamed_but_never_current_is_not_served_unasked(store: Path, publish: Callable[..., Path]) -> None:
    publish("2027-01-04", "LL57 2DG,true,", "LL57 2DH,true,", store="store")
    (store / "CURRENT").write_text(f"{DAYS[2]}\n")
    assert served(store) == (DAYS[2], ())
    assert served(store, "2027-02-01") == ("2027-01-04", ())


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"release": 5}', '{"release": {"as_of": "soon"}}', "\xff"])
def test_a_manifest_of_nonsense_is_a_damaged_release(store: Path, text: str) -> None:
    (store / NEWEST / "manifest.json").write_text(text, encoding="latin-1")
    assert served(store)[0] == DAYS[1]
    assert served(store, "2026-12-01")[0] == DAYS[1]
    table = ReleaseStore(store).releases().set_index("release_id")
    assert table["condition"].to_dict() == {DAYS[0]: "complete", DAYS[1]: "complete", DAYS[2]: "damaged"}
    assert table["current"].to_dict() == {DAYS[0]: False, DAYS[1]: True, DAYS[2]: False}
    assert "manifest" in table.loc[DAYS[2], "problem"]


def test_a_store_without_any_complete_release_says_so(store: Path, tmp_path: Path) -> None:
    for day in DAYS:
        spoil(store / "releases" / day / "matrix.parquet")
    with pytest.raises(ReleaseDamaged, match="no complete release in it"):
        ReleaseStore(store).open()
    with pytest.raises(NoRelease):
        ReleaseStore(store).open("2026-12-01")
    assert "no complete release" in ReleaseStore(store).releases().attrs["notes"][0]
    (tmp_path / "empty" / "releases").mkdir(parents=True)
    with pytest.raises(ReleaseDamaged, match="publish one to it"):
        ReleaseStore(tmp_path / "empty").open()
    with pytest.raises(ReleaseDamaged, match="it is empty"):
        ReleaseStore(tmp_path / "empty").open("2026-12-01")
    assert ReleaseStore(tmp_path / "empty").releases().empty
    with pytest.raises(FileNotFoundError, match="no such store"):
        ReleaseStore(tmp_path / "none").open()


def test_a_store_that_lost_its_releases_says_so(store: Path) -> None:
    shutil.rmtree(store / "releases")
    with pytest.raises(ReleaseDamaged, match="CURRENT names 2026-11-02, which is not there"):
        ReleaseStore(store).open()
    assert find_leftovers(str(store)) == ()


def test_an_index_cannot_be_made_again_from_rows_that_name_no_release(store: Path) -> None:
    folder = store / NEWEST
    pq.write_table(pq.read_table(folder / "matrix.parquet").replace_schema_metadata(), folder / "matrix.parquet")
    (folder / "SHA256").write_text(f"{sha256_of(folder / 'matrix.parquet')}  matrix.parquet\n")
    release, notes = served(store)
    assert release == DAYS[1]
    assert "states no release" in notes[0]


def test_a_spoilt_demonstration_says_how_to_have_it_again(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SMARTHAN_MATRIX", raising=False)
    monkeypatch.setenv("SMARTHAN_CACHE", str(tmp_path / "cache"))
    (tmp_path / "cache").mkdir()
    shutil.copytree(store, demonstration_place(1))
    assert lookup_one("LL57 2DG").release_id == DAYS[2]
    for day in DAYS:
        (Path(demonstration_place(1)) / "releases" / day / "SHA256").unlink()
    with pytest.raises(ReleaseDamaged, match=r"delete .*demonstration-.* it is made again"):
        lookup_one("LL57 2DG")


def test_the_earliest_day_is_that_of_a_complete_release(store: Path) -> None:
    spoil(store / "releases" / DAYS[0] / "matrix.parquet")
    with pytest.raises(NoRelease, match="the earliest is of 2026-05-01"):
        ReleaseStore(store).open("2026-02-01")
    with pytest.raises(NoRelease, match="the earliest is of 2026-05-01"):
        ReleaseStore(store).open("2026-03-01")


def test_a_link_in_the_place_of_a_release_is_followed_within_its_pattern_only(store: Path) -> None:
    (store / "releases" / "2027-01-04").symlink_to(store / NEWEST)
    (store / "CURRENT").write_text("2027-01-04\n")
    release, notes = served(store)
    assert release == DAYS[2]
    assert "holds release 2026-11-02, not 2027-01-04" in notes[0]


def test_current_is_read_without_its_line_end(store: Path) -> None:
    (store / "CURRENT").write_bytes(b"2026-05-01\r\n")
    assert read_current(str(store)) == ("2026-05-01", None)
    assert served(store) == (DAYS[1], ())
