"""Publishing: what is refused, what is kept, and what stands when it fails half-way."""

import datetime as dt
import fcntl
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from smarthan.coverage import ChurnLimits, CoverageMatrix, MatrixRead, Release, ReleaseStore, diff, read_matrix
from smarthan.coverage.releases import locking, publishing
from smarthan.coverage.releases.gates import PublishRefused
from smarthan.coverage.releases.opening import ReleaseDamaged
from smarthan.files import sha256_of
from smarthan.tables import FileRefused

UNITS = [f"LL57 2{a}{b}" for a in "ABDEFGHJLN" for b in "ABDEFGHJLN"]


def rows_of(n: int, covered: int, start: int = 0) -> list[str]:
    """Return n rows, the first of them covered, the others planned and not confirmed in turn."""
    rest = ("false,2027-06-30", "false,")
    return [f"{code},{'true,' if k < covered else rest[k % 2]}" for k, code in enumerate(UNITS[start : start + n])]


@pytest.fixture
def store(publish: Callable[..., Path]) -> Path:
    return publish("2026-05-01", *rows_of(90, 80), accept_drift=None)


def listing(store: Path) -> dict[str, str]:
    """Return every file of a store with its hash, its lock aside."""
    return {
        path.relative_to(store).as_posix(): sha256_of(path)
        for path in sorted(store.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }


def test_a_published_release_is_whole_and_current(store: Path) -> None:
    folder = store / "releases" / "2026-05-01"
    assert (store / "CURRENT").read_text() == "2026-05-01\n"
    assert {path.name for path in folder.iterdir()} == {
        *("matrix.parquet", "matrix.idx", "manifest.json", "SHA256"),
        *("ledger.json", "quarantine.csv", "revisions.md"),
    }
    vouched = dict(line.split()[::-1] for line in (folder / "SHA256").read_text().splitlines())
    assert vouched == {name: sha256_of(folder / name) for name in ("matrix.parquet", "matrix.idx", "manifest.json")}
    assert {path.name for path in store.iterdir()} == {"CURRENT", "releases", ".lock"}


def test_publish_then_open_is_the_matrix(store: Path, tmp_path: Path) -> None:
    read = read_matrix(tmp_path / "store-2026-05-01.csv", as_of="2026-05-01", release_id="2026-05-01")
    opened = ReleaseStore(store).open()
    pd.testing.assert_frame_equal(opened.rows, read.matrix.rows)
    assert opened.release == read.matrix.release
    assert opened.notes == ()


def test_the_same_release_gives_the_same_bytes_in_another_store(store: Path, publish: Callable[..., Path]) -> None:
    again = publish("2026-05-01", *rows_of(90, 80), store="again", accept_drift=None)
    assert {k: v for k, v in listing(again).items() if "ledger" not in k} == {
        k: v for k, v in listing(store).items() if "ledger" not in k
    }


def test_a_reading_is_published_with_its_account(tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    path.write_text("postcode,csp_region,available,wan_technology\nLL57 2DG,Central,true,4G\nLL57,Central,true,4G\n")
    read = read_matrix(path, as_of="2026-05-01")
    done = ReleaseStore(tmp_path / "store").publish(read, release_id="mine", facts={"note": "by hand"})
    assert (done.release.release_id, done.release.note, done.is_current, done.before) == ("mine", "by hand", True, None)
    assert len(done.quarantine) == 1
    assert "postcode_partial" in (done.folder / "quarantine.csv").read_text()
    assert json.loads((done.folder / "ledger.json").read_text())[0]["quarantined"] == 1
    assert ReleaseStore(tmp_path / "store").open().rows["release_id"].tolist() == ["mine"]
    assert ReleaseStore(tmp_path / "other").publish(read).release == read.matrix.release


def test_releases_are_listed_with_their_facts(store: Path, publish: Callable[..., Path]) -> None:
    publish("2026-11-02", *rows_of(40, 20), accept_drift="the South was left out")
    table = ReleaseStore(store).releases()
    assert table["release_id"].tolist() == ["2026-05-01", "2026-11-02"]
    assert table["current"].tolist() == [False, True]
    assert table["condition"].tolist() == ["complete", "complete"]
    assert table["locations"].tolist() == [90, 40]
    assert table["share_covered"].round(4).tolist() == [0.8889, 0.5]
    assert table["sequence"].tolist() == [1, 2]
    assert table["before"].isna().tolist() == [True, False]
    assert table["accepted_drift"].tolist()[1] == "the South was left out"
    assert str(table["as_of"].dtype) == "datetime64[us]"
    assert table.attrs["notes"] == []
    with pytest.raises(FileNotFoundError, match="no such store"):
        ReleaseStore(store / "none").releases()
    assert repr(ReleaseStore(store)) == f"<ReleaseStore {store}>"


def test_what_a_release_changed_is_written_down(store: Path, publish: Callable[..., Path]) -> None:
    publish("2026-11-02", *rows_of(88, 79, start=2))
    text = (store / "releases" / "2026-11-02" / "revisions.md").read_text()
    assert "# Release 2026-11-02, as of 2026-11-02" in text
    assert "Compared with release 2026-05-01 of 2026-05-01" in text
    assert "added: 0; removed: 2" in text
    assert "90 locations before, 88 after" in text
    assert "| COVERED | COVERED | 78 |" in text
    assert "each location weighs one" in text
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines() if line.startswith("| ")]
    assert sum(int(count) for before, after, count in cells[1:] if before != "ABSENT") == 90
    assert sum(int(count) for before, after, count in cells[1:] if after != "ABSENT") == 88


def test_what_changed_is_written_as_diff_tells_it(tmp_path: Path) -> None:
    head = "postcode,uprn,csp_region,available,wan_technology,premises,premises_available\n"
    store = ReleaseStore(tmp_path / "store")
    for day, covered in (("2026-05-01", 1000), ("2026-11-02", 990)):
        path = tmp_path / f"{day}.csv"
        path.write_text(f"{head}LL57 2DG,,Central,true,Cellular,1000,{covered}\n,77,Central,true,Cellular,,\n")
        done = store.publish(path, as_of=day, release_id=day)
    text = (done.folder / "revisions.md").read_text()
    assert "| before | after | locations | premises before | premises after |\n|---|---|---:|---:|---:|\n" in text
    assert "| COVERED | MIXED | 1 | 1,000 | 1,000 |" in text
    assert "Covered 100.00% of premises before, 99.00% after (-1.00 points, -10 premises net)." in text
    table = diff(store.open("2026-05-01"), store.open()).revisions_note
    assert len(table) == sum(line.startswith("| ") for line in text.splitlines()) - 1
    summary = json.loads((done.folder / "manifest.json").read_text())["summary"]
    assert summary == {
        "locations": 2,
        "locations_by_state": {"COVERED": 1, "MIXED": 1},
        "basis": "premises",
        "share_covered": 0.99001,
    }


def test_with_no_full_release_before_it_there_is_nothing_to_compare(tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    path.write_text("postcode,csp_region,available,wan_technology\nLL57 2DG,Central,true,4G\n")
    store = tmp_path / "store"
    part = read_matrix(path, as_of="2026-05-01", release_id="part", facts={"complete": False})
    part.matrix.save(store / "releases" / "part")  # by hand: no publication would put it there
    done = ReleaseStore(store).publish(path, as_of="2026-11-02")
    assert (done.before, done.warnings) == (None, ())
    assert "Compared with nothing" in (done.folder / "revisions.md").read_text()


def test_a_release_made_by_hand_is_counted(store: Path, publish: Callable[..., Path], tmp_path: Path) -> None:
    read = read_matrix(tmp_path / "store-2026-05-01.csv")
    by_hand = CoverageMatrix(read.matrix.rows, Release("by-hand", as_of=dt.date(2026, 11, 2)))
    done = ReleaseStore(store).publish(MatrixRead(by_hand, read.quarantine, read.ledger, read.notes))
    assert done.release.row_count == 90
    nothing = CoverageMatrix(read.matrix.rows.iloc[:0], Release("nothing", as_of=dt.date(2026, 11, 2)))
    with pytest.raises(PublishRefused, match="it has no row"):
        ReleaseStore(store).publish(MatrixRead(nothing, read.quarantine, read.ledger, read.notes))


def test_without_weight_the_share_is_not_compared(tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    store = ReleaseStore(tmp_path / "store")
    for day, region in (("2026-05-01", "SMETS1"), ("2026-08-03", "Central"), ("2026-11-02", "SMETS1")):
        path.write_text(f"postcode,csp_region,available,wan_technology\nLL57 2DG,{region},true,SMETS1\n")
        assert store.publish(path, as_of=day, release_id=day).warnings == ()
    assert store.releases()["share_covered"].isna().tolist() == [True, False, True]


REFUSALS: dict[str, tuple[dict[str, object], list[str], str]] = {
    "no day": ({"as_of": None}, rows_of(90, 80), "no as_of"),
    "only changes": ({"facts": {"complete": False}}, rows_of(90, 80), "only what changed"),
    "there already": ({"release_id": "2026-05-01"}, rows_of(90, 80), "holds a release 2026-05-01 already"),
    "older": ({"as_of": "2026-04-30"}, rows_of(90, 80), "older than the current one"),
    "fewer": ({}, rows_of(80, 72), r"11.1% fewer locations \(80 where there were 90; 10% is allowed\)"),
    "moved down": ({}, rows_of(90, 75), r"moved by -5.56 points to 83.33% \(5 points are allowed\)"),
    "moved up": ({}, rows_of(90, 85), r"moved by \+5.56 points.*publish it with accept_drift"),
    "one state": ({"limits": ChurnLimits(covered_points=100)}, rows_of(90, 90), "every location is COVERED"),
    "no reason": ({"accept_drift": " "}, rows_of(90, 80), "give the reason"),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_a_refused_release_leaves_the_store_as_it_was(store: Path, publish: Callable[..., Path], case: str) -> None:
    before = listing(store)
    options, rows, words = REFUSALS[case]
    with pytest.raises(PublishRefused, match=words):
        publish("2026-11-02", *rows, **{"accept_drift": None, **options})
    assert listing(store) == before


@pytest.mark.parametrize("rows", [rows_of(81, 72), rows_of(90, 76), rows_of(90, 84)], ids=["fewer", "down", "up"])
def test_up_to_the_limits_a_release_passes(store: Path, publish: Callable[..., Path], rows: list[str]) -> None:
    publish("2026-11-02", *rows, accept_drift=None)
    assert ReleaseStore(store).open().release.release_id == "2026-11-02"


def test_accepted_drift_is_kept_with_its_reason(store: Path, publish: Callable[..., Path]) -> None:
    publish("2026-11-02", *rows_of(40, 20), accept_drift="the South was left out")
    folder = store / "releases" / "2026-11-02"
    kept = json.loads((folder / "manifest.json").read_text())["accepted_drift"]
    assert kept["reason"] == "the South was left out"
    assert len(kept["drift"]) == 2
    assert "the South was left out" in (folder / "revisions.md").read_text()


def test_a_needless_acceptance_leaves_no_trace(store: Path, publish: Callable[..., Path]) -> None:
    publish("2026-11-02", *rows_of(90, 80), accept_drift="just in case")
    assert json.loads((store / "releases" / "2026-11-02" / "manifest.json").read_text())["accepted_drift"] is None


def test_limits_can_be_set(store: Path, publish: Callable[..., Path]) -> None:
    publish(
        "2026-11-02", *rows_of(60, 50), accept_drift=None, limits=ChurnLimits(fewer_locations=0.5, covered_points=10)
    )


def test_churn_beyond_the_usual_is_a_warning(store: Path, publish: Callable[..., Path], tmp_path: Path) -> None:
    read = read_matrix(tmp_path / "store-2026-05-01.csv", as_of="2026-06-01", release_id="b")
    fewer = CoverageMatrix(read.matrix.rows.iloc[3:], read.matrix.release)
    done = ReleaseStore(store).publish(type(read)(fewer, read.quarantine, read.ledger, read.notes))
    assert done.warnings == ("3 postcodes removed, 3.3% in 31 days (2.0% is usual at most)",)
    assert "3 postcodes removed" in (done.folder / "revisions.md").read_text()


def test_a_file_that_cannot_be_read_is_refused_before_anything(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match=r"no\.csv"):
        ReleaseStore(tmp_path / "store").publish(tmp_path / "no.csv")
    assert list(tmp_path.iterdir()) == []


def test_a_refusal_on_a_new_store_leaves_nothing(publish: Callable[..., Path], tmp_path: Path) -> None:
    with pytest.raises(PublishRefused, match="no as_of"):
        publish("2026-11-02", *rows_of(3, 3), as_of=None)
    assert not (tmp_path / "store").exists()


def test_a_backfilled_release_is_kept_for_its_time(store: Path, publish: Callable[..., Path]) -> None:
    publish("2026-02-02", *rows_of(90, 70), backfill=True)
    assert (store / "CURRENT").read_text() == "2026-05-01\n"
    assert ReleaseStore(store).open().release.release_id == "2026-05-01"
    assert ReleaseStore(store).open("2026-04-30").release.release_id == "2026-02-02"
    publish("2026-11-02", *rows_of(90, 80), backfill=True)
    assert (store / "CURRENT").read_text() == "2026-11-02\n"


def test_a_backfilled_release_is_compared_with_the_one_before_it(store: Path, publish: Callable[..., Path]) -> None:
    publish("2026-11-02", *rows_of(40, 20))
    publish("2026-08-03", *rows_of(90, 80), accept_drift=None, backfill=True)
    manifest = json.loads((store / "releases" / "2026-08-03" / "manifest.json").read_text())
    assert manifest["before"] == "2026-05-01"


def test_old_releases_are_kept(store: Path, publish: Callable[..., Path]) -> None:
    for month in range(6, 13):
        publish(f"2026-{month:02d}-01", *rows_of(90, 80))
    assert len(ReleaseStore(store).releases()) == 8


@pytest.mark.parametrize("current", [None, "", "../x\n", "2027-01\n"], ids=["absent", "empty", "path", "dangling"])
@pytest.mark.parametrize("backfill", [False, True])
def test_publishing_mends_the_pointer(
    store: Path, publish: Callable[..., Path], current: str | None, backfill: bool
) -> None:
    (store / "CURRENT").unlink()
    if current is not None:
        (store / "CURRENT").write_text(current)
    publish("2026-02-02" if backfill else "2026-11-02", *rows_of(90, 80), backfill=backfill)
    assert (store / "CURRENT").read_text() == ("2026-05-01\n" if backfill else "2026-11-02\n")
    assert ReleaseStore(store).open().notes == ()


def test_leftovers_are_swept_by_the_next_publisher(store: Path, publish: Callable[..., Path]) -> None:
    (store / "releases" / ".tmp-2026-11-02-77").mkdir()
    (store / "releases" / ".tmp-2026-11-02-77" / "matrix.parquet").write_bytes(b"half")
    (store / "CURRENT.tmp-77").write_text("2026-1")
    publish("2026-11-02", *rows_of(90, 80))
    assert {path.name for path in store.iterdir()} == {"CURRENT", "releases", ".lock"}
    assert {path.name for path in (store / "releases").iterdir()} == {"2026-05-01", "2026-11-02"}


def interrupt(publish: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Publish, and stop when the release stands but is not yet named the current one."""

    def stop(store: Path, name: str) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(publishing, "_name_current", stop)
        with pytest.raises(KeyboardInterrupt):
            publish("2026-11-02", *rows_of(90, 80))


def test_publishing_again_finishes_what_was_interrupted(
    store: Path, publish: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupt(publish, monkeypatch)
    before = listing(store)
    assert before["CURRENT"] == listing(store)["CURRENT"]
    assert ReleaseStore(store).open().release.release_id == "2026-05-01"
    with pytest.raises(PublishRefused, match="already"):
        publish("2026-11-02", *rows_of(90, 79))  # another file under the same name
    publish("2026-11-02", *rows_of(90, 80))
    assert ReleaseStore(store).open().release.release_id == "2026-11-02"
    after = listing(store)
    assert {k: v for k, v in after.items() if k != "CURRENT"} == {k: v for k, v in before.items() if k != "CURRENT"}


def test_a_damaged_namesake_is_not_finished(
    store: Path, publish: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupt(publish, monkeypatch)
    (store / "releases" / "2026-11-02" / "matrix.parquet").write_bytes(b"")
    with pytest.raises(PublishRefused, match="already"):
        publish("2026-11-02", *rows_of(90, 80))


def test_a_second_publisher_stops_and_says_so(store: Path, publish: Callable[..., Path]) -> None:
    before = listing(store)
    code = (
        "import fcntl, os, sys, time\n"
        f"lock = open({str(store / '.lock')!r}, 'r+')\n"
        "fcntl.flock(lock, fcntl.LOCK_EX); lock.truncate(0); lock.write(str(os.getpid())); lock.flush()\n"
        "print('locked', flush=True); sys.stdin.read()\n"
    )
    holder = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"locked\n"
    with pytest.raises(PublishRefused, match=rf"another publisher is at work \(process {holder.pid}\)"):
        publish("2026-11-02", *rows_of(90, 80))
    assert listing(store) == before
    holder.communicate()
    publish("2026-11-02", *rows_of(90, 80))


def test_of_two_publishers_at_once_one_wins_and_one_says_so(store: Path, tmp_path: Path) -> None:
    source = tmp_path / "store-2026-05-01.csv"
    code = (
        "import sys; from smarthan.coverage import ReleaseStore\n"
        "from smarthan.coverage.releases import publishing as p\n"
        "sys.stdin.readline()\n"
        "try:\n"
        f"    ReleaseStore({str(store)!r}).publish({str(source)!r}, as_of='2026-11-02', release_id='one')\n"
        "    print('won')\n"
        "except p.PublishRefused as error:\n"
        "    print('refused', error)\n"
    )
    both = [
        subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for one in both:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    told = sorted(one.communicate()[0].split()[0] for one in both)
    assert told == ["refused", "won"]
    assert ReleaseStore(store).open().release.release_id == "one"


def test_a_reader_that_looks_at_the_lock_does_not_stop_a_publisher(
    store: Path, publish: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = open(store / ".lock", "rb")  # noqa: SIM115
    fcntl.flock(reader, fcntl.LOCK_SH)
    monkeypatch.setattr(locking.time, "sleep", lambda seconds: reader.close())
    publish("2026-11-02", *rows_of(90, 80))
    assert ReleaseStore(store).open().release.release_id == "2026-11-02"


def test_a_lock_that_was_removed_with_its_store_is_no_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = tmp_path / "store"
    store.mkdir()
    flock, taken = fcntl.flock, []

    def remove_first(handle: int, operation: int) -> None:
        flock(handle, operation)
        taken.append(handle)
        if len(taken) == 1:
            (store / ".lock").unlink()

    monkeypatch.setattr(fcntl, "flock", remove_first)
    os.close(locking.take_lock(store))
    assert len(taken) == 2


def test_everything_is_on_disk_before_each_renaming(
    store: Path, publish: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[tuple[str, str]] = []
    fsync, rename, replace = os.fsync, os.rename, os.replace

    def log_sync(handle: int) -> None:
        calls.append(("sync", Path(f"/proc/self/fd/{handle}").resolve().relative_to(store).as_posix()))
        fsync(handle)

    def log_rename(a: str | Path, b: str | Path) -> None:
        calls.append(("rename", Path(b).relative_to(store).as_posix()))
        rename(a, b)

    def log_replace(a: str | Path, b: str | Path) -> None:
        if Path(b).is_relative_to(store):
            calls.append(("rename", Path(b).relative_to(store).as_posix()))
        replace(a, b)

    monkeypatch.setattr(os, "fsync", log_sync)
    monkeypatch.setattr(os, "rename", log_rename)
    monkeypatch.setattr(os, "replace", log_replace)
    publish("2026-11-02", *rows_of(90, 80))
    partial = f"releases/.tmp-2026-11-02-{os.getpid()}"
    names = ["matrix.parquet", "matrix.idx", "manifest.json", "SHA256", "ledger.json", "quarantine.csv", "revisions.md"]
    assert calls == [
        *(("sync", f"{partial}/{name}") for name in names),
        ("sync", partial),
        ("rename", "releases/2026-11-02"),
        ("sync", "releases"),
        ("sync", f"CURRENT.tmp-{os.getpid()}"),
        ("rename", "CURRENT"),
        ("sync", "."),
    ]


def test_every_call_to_the_disk_may_fail(
    store: Path, publish: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    for failing in range(1, 11):
        count, fsync = 0, os.fsync

        def fail(handle: int) -> None:
            nonlocal count
            count += 1
            if count == failing:  # noqa: B023
                raise OSError(5, "Input/output error")
            fsync(handle)  # noqa: B023

        day = f"2026-11-{failing:02d}"
        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", fail)
            with pytest.raises(OSError, match=r"store/.*cannot be written \(Input/output error\)"):
                publish(day, *rows_of(90, 80))
        assert ReleaseStore(store).open().release.release_id in ("2026-05-01", day)
        assert ReleaseStore(store).open().notes == ()
        assert not list(store.glob("**/.tmp-*")) + list(store.glob("CURRENT.tmp-*"))


def test_a_file_that_reads_back_otherwise_is_not_published(
    store: Path, publish: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("smarthan.coverage.releases.folder.find_damage", lambda *_: {"matrix.idx": "is short"})
    with pytest.raises(ReleaseDamaged, match=r"matrix\.idx: is short: it does not read back"):
        publish("2026-11-02", *rows_of(90, 80))
    assert ReleaseStore(store).open().release.release_id == "2026-05-01"


LIMITED = """
import resource, sys
from smarthan.coverage import ReleaseStore, read_matrix
read = read_matrix(sys.argv[1], as_of="2026-11-02", release_id="2026-11-02")
store = ReleaseStore(sys.argv[2])
hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
for limit in map(int, sys.argv[3:]):
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        done = store.publish(read)
        words = "published"
    except OSError as error:
        words = str(error)
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    print(limit, store.open().release.release_id, store.open().notes, words, sep="|")
"""


def test_no_space_at_any_write_leaves_the_old_release(
    store: Path, publish: Callable[..., Path], tmp_path: Path
) -> None:
    other = publish("2026-11-02", *rows_of(90, 80), store="other")
    sizes = {path.name: path.stat().st_size for path in (other / "releases" / "2026-11-02").iterdir()}
    limits = sorted({0, 1, *(size - 1 for size in sizes.values()), *(size // 2 for size in sizes.values())})
    limits = [limit for limit in limits if limit < max(sizes.values())]
    source = tmp_path / "other-2026-11-02.csv"
    arguments = [sys.executable, "-c", LIMITED, str(source), str(store), *map(str, limits), str(10**9)]
    before = listing(store)
    done = subprocess.run(arguments, capture_output=True, text=True, check=True)
    tried = [line.split("|") for line in done.stdout.splitlines()]
    assert len(tried) == len(limits) + 1
    for limit, release, notes, words in tried[:-1]:
        assert (release, notes) == ("2026-05-01", "()"), limit
        named = [name for name in sizes if f"{name}: cannot be written (File too large)" in words]
        assert len(named) == 1, words
        assert sizes[named[0]] > int(limit)
    assert tried[-1][1:] == ["2026-11-02", "()", "published"]
    assert before.items() <= {**listing(store), "CURRENT": before["CURRENT"]}.items()


def test_a_store_in_a_place_that_cannot_be_written_to_is_named(store: Path, publish: Callable[..., Path]) -> None:
    shutil.rmtree(store / "releases")
    (store / "releases").write_text("a file")
    with pytest.raises(OSError, match="store: cannot be written"):
        publish("2026-11-02", *rows_of(90, 80))
