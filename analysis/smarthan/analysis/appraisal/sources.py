"""Which files an appraisal was read from: by name, hash, size and rows, so that others can hold the same."""

from __future__ import annotations

from pathlib import Path

from smarthan.files import sha256_of

from .files import AppraisalDraft
from .parts import InputFile


def list_sources(draft: AppraisalDraft) -> tuple[InputFile, ...]:
    """Return the files of a draft, each once: a workbook that holds several tables counts their rows together."""
    found: dict[str, InputFile] = {}
    if draft.toml is not None:
        path = Path(draft.toml.path)
        found[path.name] = InputFile(path.name, sha256_of(path), path.stat().st_size)
    for table in draft.tables.values():
        source, name = table.source, Path(table.source.file).name
        earlier = found.get(name)
        rows = source.records + (earlier.rows or 0 if earlier else 0)
        found[name] = InputFile(name, source.sha256, source.size, rows)
    return tuple(found.values())
