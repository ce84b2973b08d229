"""Whether a pack is still what its record says: every file of it, and every input behind it, hashed again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from .manifest import RUN, read_manifest
from .planning import key_of
from .provenance import SCHEMA_VERSION, hash_input, hash_source, hash_values, list_outputs, read_versions
from .publishing import MANIFEST
from .refusals import ReportRefused

_COVER_WORDS = (
    "pack",
    "report",
    "title",
    "organisation",
    "audience",
    "logo_text",
    "contact",
    "licence",
    "as_of",
    "marks",
)


@dataclass(frozen=True)
class Verified:
    """What hashing a pack anew has told.

    Attributes
    ----------
    folder : Path
    inputs_folder : Path or None
        Where the inputs were looked for; None when they were not.
    differences : tuple of str
        What is not as the record says, a sentence each; empty when all is.
    notes : tuple of str
        What a careful reader should know although nothing differs: other versions of the code, inputs not looked at.
    outputs, inputs : int
        How many files of the pack and how many inputs were hashed.
    """

    folder: Path
    inputs_folder: Path | None
    differences: tuple[str, ...]
    notes: tuple[str, ...]
    outputs: int
    inputs: int


def verify_report(folder: Path, *, config: Path | None = None, pack_only: bool = False) -> Verified:
    """Hash a pack and its inputs again and say what differs from its record.

    Parameters
    ----------
    folder : Path
        A pack, as `make_report` published it.
    config : Path, optional
        The report.toml or its folder; by default where the inputs stood when the pack was made.
    pack_only : bool
        Whether to leave the inputs aside, as the reader of a published pack must, who does not have them.

    Returns
    -------
    Verified

    Raises
    ------
    ReportRefused
        When there is no pack, or none whose record can be read.

    Notes
    -----
    Hashes find what changed by accident or by a careless hand. They are no signature: who can write to the pack can
    write its record.

    Examples
    --------
    >>> verify_report(Path("no/such/pack"))
    Traceback (most recent call last):
    ...
    smarthan.report.refusals.ReportRefused: no/such/pack: holds no provenance.json; name the folder of a report
    """
    folder = Path(folder)
    manifest = _read(folder)
    differences = [*_compare_outputs(folder, manifest), *_compare_record(folder, manifest)]
    place = None if pack_only else _find_inputs(folder, config)
    rows = [] if pack_only else manifest["inputs"]
    differences += _compare_inputs(place, rows)
    notes = list(_find_notes(manifest))
    if pack_only:
        notes.append("The inputs were not looked at (--pack-only).")
    return Verified(folder, place, tuple(differences), tuple(notes), len(manifest["outputs"]), len(rows))


def _read(folder: Path) -> dict[str, Any]:
    if not (folder / MANIFEST).is_file():
        raise ReportRefused([f"{folder}: holds no {MANIFEST}; name the folder of a report"])
    manifest = read_manifest(folder)
    if manifest.get("schema_version") != SCHEMA_VERSION or manifest.get("command") != "report":
        raise ReportRefused([f"{folder / MANIFEST}: is not the record of a report, or of another version of smarthan"])
    try:
        shaped = all(
            isinstance(row["path"], str) and row["sha256"] for row in [*manifest["outputs"], *manifest["inputs"]]
        )
        shaped = shaped and all(isinstance(entry["parts"], dict) for entry in manifest["notebooks"].values())
    except (KeyError, TypeError, AttributeError):
        shaped = False
    if not shaped:
        raise ReportRefused([f"{folder / MANIFEST}: lacks what a record must hold; it was changed"])
    return manifest


def _compare_outputs(folder: Path, manifest: Mapping[str, Any]) -> Iterator[str]:
    recorded = {row["path"]: row["sha256"] for row in manifest["outputs"]}
    found = {row["path"]: row["sha256"] for row in list_outputs(folder)}
    for path in sorted(recorded | found):
        if path not in found:
            yield f"{path}: is gone"
        elif path not in recorded:
            yield f"{path}: is in the folder and not in the record"
        elif found[path] != recorded[path]:
            yield f"{path}: is not what was published"


def _compare_record(folder: Path, manifest: Mapping[str, Any]) -> Iterator[str]:
    """Hold the parts of the record against each other: hashes of inputs stand in it twice, the whole under one key."""
    parts = [manifest["notebooks"].get(name, {}).get("parts", {}) for name in manifest.get("order", [])]
    words = {name: manifest.get(name) for name in _COVER_WORDS}
    if key_of(parts, words) != manifest.get("key"):
        yield f"{MANIFEST}: its key does not follow from what it records"
    for row in manifest["inputs"]:
        told = {part[row["input"]] for part in parts if row["input"] in part}
        if told - {hash_values([row["path"], row["sha256"]])}:
            yield f"{MANIFEST}: says of the input {row['input']} what its notebooks do not"


def _find_inputs(folder: Path, config: Path | None) -> Path | None:
    if config is not None:
        return config if config.is_dir() else config.parent
    try:
        place = Path(json.loads((folder / RUN).read_text(encoding="utf-8"))["inputs_folder"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return place if place.is_dir() else None


def _compare_inputs(place: Path | None, rows: list[Mapping[str, Any]]) -> Iterator[str]:
    if place is None:
        if rows:
            yield "the inputs are not where they were; name their report.toml (--config), or leave them (--pack-only)"
        return
    for row in rows:
        relative = PurePosixPath(row["path"])
        path = place / relative
        if relative.is_absolute() or ".." in relative.parts:
            yield f"input {row['input']}: the record names {row['path']!r}, outside the folder of the inputs"
        elif not path.exists():
            yield f"input {row['input']} ({row['path']}): is gone"
        elif hash_input(path)[0] != row["sha256"]:
            yield f"input {row['input']} ({row['path']}): is not what the report was made from"


def _find_notes(manifest: Mapping[str, Any]) -> Iterator[str]:
    if manifest.get("source_sha256") != hash_source():
        yield "It was made by other code than this; made again, it may differ."
    now = read_versions()
    other = [
        f"{name} {was} (here {now[name]})" for name, was in manifest.get("versions", {}).items() if now.get(name) != was
    ]
    if other:
        yield f"It was made with {', '.join(other)}."
