"""What is frozen once agreed: its hash can be made again from the page, and every later change is told."""

from __future__ import annotations

import hashlib
import json
import warnings
from pathlib import Path

import pytest
from tests.tiny_appraisal import read_small

from smarthan.analysis.record.frozen import freeze, read_frozen

AGREED = ('status = "draft"', 'status = "agreed"')
DEARER = ("range = [0, 100]", "range = [0, 120]")
HEAVIER = ("one,cost,100", "one,cost,90")


def write_agreed(folder: Path, *changes: tuple[str, str]) -> Path:
    """Write the record of the small appraisal, agreed and changed; a change since is a warning and is let pass."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return read_small(folder / "appraisal", AGREED, *changes).audit(folder / "audit.html")


def test_the_hash_is_that_of_the_text_on_the_page(tmp_path: Path) -> None:
    frozen = read_frozen(write_agreed(tmp_path))
    assert frozen.is_agreed
    assert frozen.sha256 == hashlib.sha256(frozen.text.encode()).hexdigest()
    assert json.loads(frozen.text)["criteria"]["cost"]["range"] == [0, 100]
    assert json.loads(frozen.text)["weights"]["one"]["stated"]["cost"] == [100]


def test_a_score_is_not_frozen(tmp_path: Path) -> None:
    before = freeze(read_small(tmp_path / "1", AGREED))
    after = freeze(read_small(tmp_path / "2", AGREED, ("b,reach,x,,0.9", "b,reach,x,,0.8")), before)
    assert (after.sha256, after.history) == (before.sha256, ())


def test_a_change_since_it_was_agreed_is_told_and_stays_told(tmp_path: Path) -> None:
    write_agreed(tmp_path)
    changed = read_small(tmp_path / "changed", AGREED, DEARER, HEAVIER)
    with pytest.warns(UserWarning, match="cost / range: 0 to 100 became 0 to 120") as told:
        page = changed.audit(tmp_path / "audit.html")
    assert "weights / one / stated / cost: 100 became 90" in str(told[0].message)
    first = page.read_text(encoding="utf-8")
    assert "Changed since agreed" in first
    with pytest.warns(UserWarning, match="0 to 100 became 0 to 120"):
        changed.audit(page)
    assert page.read_text(encoding="utf-8") == first


def test_changes_are_carried_on_in_order(tmp_path: Path) -> None:
    write_agreed(tmp_path)
    write_agreed(tmp_path, DEARER)
    history = read_frozen(write_agreed(tmp_path, DEARER, HEAVIER)).history
    assert [len(changes) for _, changes in history] == [1, 1]
    assert history[1][1] == ("weights / one / stated / cost: 100 became 90",)


def test_a_draft_may_change_without_a_word(tmp_path: Path) -> None:
    read_small(tmp_path / "1").audit(tmp_path / "audit.html")
    page = read_small(tmp_path / "2", DEARER).audit(tmp_path / "audit.html")
    assert read_frozen(page).history == ()
    assert "is a draft" in page.read_text(encoding="utf-8")


def test_going_back_to_draft_does_not_unfreeze(tmp_path: Path) -> None:
    write_agreed(tmp_path)
    with pytest.warns(UserWarning, match="became 0 to 120"):
        page = read_small(tmp_path / "draft", DEARER).audit(tmp_path / "audit.html")
    assert read_frozen(page).is_agreed


def test_an_earlier_record_elsewhere_counts(tmp_path: Path) -> None:
    earlier = write_agreed(tmp_path)
    with pytest.warns(UserWarning, match="became 90"):
        read_small(tmp_path / "2", AGREED, HEAVIER).audit(tmp_path / "new.html", since=earlier)


def test_what_is_added_and_taken_out_is_told(tmp_path: Path) -> None:
    before = freeze(read_small(tmp_path / "1", AGREED))
    extra = ("two,ease,,,0.25,,,\n", "two,ease,,,0.25,,,\nthree,cost,,1,,,,\nthree,reach,,2,,,,\nthree,ease,,3,,,,\n")
    after = freeze(read_small(tmp_path / "2", AGREED, extra), before)
    assert after.history[0][1] == ("weights / three: added, kind rank; stated cost 1; ease 3; reach 2",)
    again = freeze(read_small(tmp_path / "3", AGREED, ("max_regret = 0.5\n", "")), before)
    assert again.history[0][1] == ("rule / max_regret: 0.5 became not stated",)
    assert freeze(read_small(tmp_path / "4", AGREED), after).history[1][1][0].startswith("weights / three: taken out")


def test_another_file_is_never_written_over(tmp_path: Path) -> None:
    mine = tmp_path / "mine.html"
    mine.write_text("<p>my notes</p>", encoding="utf-8")
    with pytest.raises(ValueError, match="is no audit page"):
        read_small(tmp_path / "a").audit(mine)
    assert mine.read_text(encoding="utf-8") == "<p>my notes</p>"
    empty = tmp_path / "empty.html"
    empty.touch()
    assert read_small(tmp_path / "a").audit(empty).stat().st_size > 10_000


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("&quot;kind&quot;: &quot;swing&quot;", "&quot;kind&quot;: &quot;rank&quot;", "was edited"),
        ("&quot;changes&quot;: []", "&quot;changes&quot;: 3", "cannot be read"),
        ("&quot;agreed&quot;", "&quot;settled&quot;", "cannot be read"),
    ],
    ids=["text", "history", "key"],
)
def test_an_edited_page_is_refused(tmp_path: Path, old: str, new: str, words: str) -> None:
    page = write_agreed(tmp_path)
    text = page.read_text(encoding="utf-8")
    assert old in text
    page.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ValueError, match=words):
        read_frozen(page)


def test_a_vast_file_is_not_read(tmp_path: Path) -> None:
    vast = tmp_path / "vast.html"
    with vast.open("wb") as stream:
        stream.truncate(65 * 1024 * 1024)
    with pytest.raises(ValueError, match="too many for an audit page"):
        read_frozen(vast)
