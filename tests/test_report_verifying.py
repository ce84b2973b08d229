"""A pack is held against its record: a byte changed, a file gone or added, an input that is another."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from smarthan.report import ReportRefused, verify_report
from smarthan.report.planning import key_of
from smarthan.report.provenance import (
    SCHEMA_VERSION,
    hash_input,
    hash_source,
    hash_values,
    json_text,
    list_outputs,
    read_versions,
)

COVER = {
    "pack": "p", "report": "coverage", "title": "T", "organisation": "O", "audience": "", "logo_text": "",
    "contact": "", "licence": "", "as_of": "2026-11-02", "marks": [],
}  # fmt: skip


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """Return a pack of two files, made from one input."""
    inputs, folder = tmp_path / "in", tmp_path / "pack"
    inputs.mkdir()
    (inputs / "report.toml").write_text("")
    (inputs / "m.csv").write_text("postcode\n")
    (folder / "charts").mkdir(parents=True)
    (folder / "report.html").write_text("page")
    (folder / "charts" / "a.csv").write_text("a\n1\n")
    sha, size = hash_input(inputs / "m.csv")
    parts = {"notebook": "x", "matrix": hash_values(["m.csv", sha])}
    manifest: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION, "command": "report", **COVER, "key": key_of([parts], COVER),
        "inputs": [{"input": "matrix", "path": "m.csv", "bytes": size, "sha256": sha}],
        "notebooks": {"01_a": {"parts": parts, "sha256": "y"}}, "order": ["01_a"],
        "source_sha256": hash_source(), "versions": read_versions(), "outputs": list_outputs(folder),
    }  # fmt: skip
    (folder / "provenance.json").write_text(json_text(manifest))
    (folder / "run.json").write_text(json.dumps({"inputs_folder": str(inputs)}))
    return folder


def _change(pack: Path, **changes: Any) -> None:
    file = pack / "provenance.json"
    file.write_text(json_text({**json.loads(file.read_text()), **changes}))


def test_a_pack_as_it_was_published_verifies(pack: Path) -> None:
    found = verify_report(pack)
    assert (found.differences, found.notes, found.outputs, found.inputs) == ((), (), 2, 1)


def test_every_difference_is_told_at_once(pack: Path) -> None:
    (pack / "report.html").write_text("Page")
    (pack / "charts" / "a.csv").unlink()
    (pack / "charts" / "b.csv").write_text("b\n")
    (pack.parent / "in" / "m.csv").write_text("postcode\nSW1A 1AA\n")
    assert verify_report(pack).differences == (
        "charts/a.csv: is gone",
        "charts/b.csv: is in the folder and not in the record",
        "report.html: is not what was published",
        "input matrix (m.csv): is not what the report was made from",
    )


def test_inputs_are_looked_for_where_they_stood_or_where_one_says(pack: Path, tmp_path: Path) -> None:
    (tmp_path / "in").rename(tmp_path / "moved")
    (words,) = verify_report(pack).differences
    assert words.startswith("the inputs are not where they were; name their report.toml")
    for place in (tmp_path / "moved", tmp_path / "moved" / "report.toml"):
        assert verify_report(pack, config=place).differences == ()
    alone = verify_report(pack, pack_only=True)
    assert (alone.differences, alone.inputs) == ((), 0)
    assert "were not looked at" in alone.notes[0]
    (tmp_path / "moved" / "m.csv").unlink()
    assert verify_report(pack, config=tmp_path / "moved").differences == ("input matrix (m.csv): is gone",)


def test_a_record_that_contradicts_itself_is_told(pack: Path) -> None:
    _change(pack, title="Another title")
    assert verify_report(pack).differences == ("provenance.json: its key does not follow from what it records",)
    _change(pack, title="T", inputs=[{"input": "matrix", "path": "../m.csv", "sha256": "0"}])
    words = " ".join(verify_report(pack).differences)
    assert "says of the input matrix what its notebooks do not" in words
    assert "outside the folder of the inputs" in words


def test_other_code_and_other_packages_are_notes_and_no_difference(pack: Path) -> None:
    _change(pack, source_sha256="other", versions={**read_versions(), "pandas": "2.0"})
    found = verify_report(pack)
    assert found.differences == ()
    assert "made by other code" in found.notes[0]
    assert "pandas 2.0 (here " in found.notes[1]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "holds no provenance.json"),
        ("{", "is not the record of a report"),
        ('{"schema_version": 9, "command": "report"}', "is not the record of a report"),
        (f'{{"schema_version": {SCHEMA_VERSION}, "command": "report"}}', "lacks what a record must hold"),
    ],
)
def test_what_is_no_pack_is_refused(tmp_path: Path, text: str | None, words: str) -> None:
    if text is not None:
        (tmp_path / "provenance.json").write_text(text)
    with pytest.raises(ReportRefused, match=words):
        verify_report(tmp_path)


def test_a_pack_without_its_run_is_still_held_against_its_record(pack: Path) -> None:
    (pack / "run.json").unlink()
    assert "not where they were" in verify_report(pack).differences[0]
    shutil.rmtree(pack / "charts")
    assert verify_report(pack, pack_only=True).differences == ("charts/a.csv: is gone",)
