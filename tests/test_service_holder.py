"""The release in force: taken up when it is whole, kept on any doubt, and never mixed."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.service_client import make_matrix, run_service

from smarthan.service import ReleaseHolder
from smarthan.service.refusals import Refusal

Publish = Callable[..., Path]
ROWS = ("LL57 2DG,true,", "LL57 2DH,false,")


def states(holder: ReleaseHolder) -> list[str | None]:
    return [holder.served.answer(code).state for code in ("LL57 2DG", "LL57 2DH")]


def test_a_new_release_is_taken_up(publish: Publish) -> None:
    store = publish("2026-05-01", *ROWS)
    holder = ReleaseHolder(store)
    before = holder.served
    assert not holder.refresh()
    publish("2026-06-01", "LL57 2DG,false,", "LL57 2DH,true,")
    assert holder.refresh()
    assert states(holder) == ["NOT_CONFIRMED", "COVERED"]
    assert holder.served.tag != before.tag
    assert before.answer("LL57 2DG").state == "COVERED", "a request that has begun ends with the release it began with"
    assert not holder.refresh()


def break_parquet(folder: Path) -> None:
    (folder / "matrix.parquet").write_bytes(b"PAR1")


def remove(folder: Path) -> None:
    shutil.rmtree(folder)


def empty_current(folder: Path) -> None:
    (folder.parents[1] / "CURRENT").write_bytes(b"")


def lose_current(folder: Path) -> None:
    (folder.parents[1] / "CURRENT").unlink()


def escape(folder: Path) -> None:
    (folder.parents[1] / "CURRENT").write_text("../../elsewhere\n")


def lose_hashes(folder: Path) -> None:
    (folder / "SHA256").unlink()


@pytest.mark.parametrize("harm", [break_parquet, remove, empty_current, lose_current, escape, lose_hashes])
def test_on_any_doubt_the_release_before_stays_and_says_so(publish: Publish, harm: Callable[[Path], None]) -> None:
    store = publish("2026-05-01", *ROWS)
    holder = ReleaseHolder(store)
    publish("2026-06-01", "LL57 2DG,false,", "LL57 2DH,true,")
    harm(store / "releases" / "2026-06-01")
    assert holder.refresh()
    assert states(holder) == ["COVERED", "NOT_CONFIRMED"]
    (note,) = holder.served.notes
    assert note.endswith("release 2026-05-01 is still served")
    assert str(store) not in note
    assert note in holder.served.answer("LL57 2DG").notes
    assert not holder.refresh(), "it is not tried again at once"
    publish("2026-07-01", *ROWS, backfill=True)
    assert holder.refresh() or holder.served.release.release_id == "2026-07-01"


def test_a_damaged_release_is_tried_again_after_a_while(publish: Publish, monkeypatch: pytest.MonkeyPatch) -> None:
    store = publish("2026-05-01", *ROWS)
    holder = ReleaseHolder(store)
    publish("2026-06-01", *ROWS)
    whole = (store / "releases" / "2026-06-01" / "matrix.parquet").read_bytes()
    break_parquet(store / "releases" / "2026-06-01")
    holder.refresh()
    (store / "releases" / "2026-06-01" / "matrix.parquet").write_bytes(whole)
    holder._retry_at = 0.0
    assert holder.refresh()
    assert holder.served.release.release_id == "2026-06-01"
    assert holder.served.notes == ()


def test_an_unfinished_publication_is_told_and_forgotten(publish: Publish) -> None:
    store = publish("2026-05-01", *ROWS)
    holder = ReleaseHolder(store)
    (store / "releases" / ".tmp-2026-06-01-123").mkdir()
    assert holder.refresh()
    assert "did not finish" in holder.served.notes[0]
    (store / "releases" / ".tmp-2026-06-01-123").rmdir()
    assert holder.refresh()
    assert holder.served.notes == ()


def test_a_store_removed_under_it_is_still_answered_from(publish: Publish) -> None:
    store = publish("2026-05-01", *ROWS)
    holder = ReleaseHolder(store)
    shutil.rmtree(store)
    holder.refresh()
    assert states(holder) == ["COVERED", "NOT_CONFIRMED"]
    assert "still served" in holder.served.notes[0]


def test_a_past_day_is_answered_by_the_release_of_that_day(publish: Publish) -> None:
    import datetime as dt

    store = publish("2026-05-01", *ROWS)
    publish("2026-06-01", "LL57 2DG,false,", "LL57 2DH,true,")
    holder = ReleaseHolder(store)
    assert holder.at(dt.date(2026, 5, 31)).release.release_id == "2026-05-01"
    assert holder.at(dt.date(2026, 6, 1)) is holder.served
    assert holder.at(None) is holder.served
    with pytest.raises(Refusal, match="the earliest is of 2026-05-01"):
        holder.at(dt.date(2026, 4, 30))
    assert holder.named("2026-05-01").release.release_id == "2026-05-01"
    for name in ("../2026-05-01", "2026-01-01", ""):
        with pytest.raises(Refusal):
            holder.named(name)
    assert [one["release_id"] for one in holder.listed(holder.served)] == ["2026-05-01", "2026-06-01"]
    assert len({holder.at(dt.date(2026, 6, 1) + dt.timedelta(days)) for days in range(40)}) == 1
    break_parquet(store / "releases" / "2026-05-01")
    with pytest.raises(Refusal, match="cannot be read") as refused:
        holder.named("2026-05-01")
    assert str(store) not in refused.value.words


def test_a_release_folder_a_file_and_a_matrix_are_served_too(publish: Publish, tmp_path: Path) -> None:
    store = publish("2026-05-01", *ROWS)
    matrix = make_matrix(tmp_path)
    for place in (store / "releases" / "2026-05-01", tmp_path / "store-2026-05-01.csv", matrix):
        holder = ReleaseHolder(place)
        assert holder.served.answer("LL57 2DG").state == "COVERED"
        assert not holder.refresh()
        assert len(holder.listed(holder.served)) == 1
        assert holder.served.matrix.rollup("area")["locations"].sum() > 0


def test_the_service_takes_a_release_up_while_it_runs(publish: Publish) -> None:
    import time

    store = publish("2026-05-01", *ROWS)
    with run_service(store) as running:
        first = running.ask("/v1/coverage/LL57%202DG")
        assert (first.json["state"], first.json["release_id"]) == ("COVERED", "2026-05-01")
        publish("2026-06-01", "LL57 2DG,false,", "LL57 2DH,true,")
        deadline = time.monotonic() + 20
        while running.ask("/healthz").json["release_id"] == "2026-05-01" and time.monotonic() < deadline:
            time.sleep(0.02)
        second = running.ask("/v1/coverage/LL57%202DG", If_None_Match=first.headers["etag"])
        assert (second.status, second.json["state"], second.json["release_id"]) == (200, "NOT_CONFIRMED", "2026-06-01")
        break_parquet(store / "releases" / "2026-06-01")
        (store / "CURRENT").write_text("\0")
        while not running.ask("/healthz").json["notes"] and time.monotonic() < deadline:
            time.sleep(0.02)
        page = running.ask("/?q=LL57+2DG").text
        assert "CURRENT is empty; release 2026-06-01 is still served" in page
        assert running.ask("/v1/coverage/LL57%202DG?as_of=2026-05-20").json["release_id"] == "2026-05-01"
