"""Reading the folder of an appraisal: the four files as text, every fault noted, nothing judged yet."""

from __future__ import annotations

import re
from pathlib import Path

from smarthan.files import sha256_of
from smarthan.settings import SettingsError, TomlFile, read_toml
from smarthan.tables import FileRefused, Limits, TextTable, clip, read_text_table

from .draft import STRUCTURE, AppraisalDraft, AppraisalSource
from .keys import NEEDED, TABLES
from .noting import note_structure
from .parts import InputFile
from .problems import Place

TOML_NAME = "appraisal.toml"
# A table of judgements is written by people: 12 options x 16 criteria x 20 assessors are 0.3 MiB (ours).
LIMITS = Limits(file_bytes=64 << 20, rows=1_000_000)
_MERELY_NOTED = ("header_unknown", "header_spelling", "file_row_limit", "personal_column")


class FolderSource(AppraisalSource):
    """A folder of four files."""

    toml: TomlFile | None = None

    def file_of(self, part: str) -> str:
        """Return `appraisal.toml`, or the name of a table's CSV file."""
        return TOML_NAME if part == STRUCTURE else f"{part}.csv"

    def call(self, part: str) -> str:
        """Return the name of the file."""
        return self.file_of(part)

    def place_of(self, part: str, line: Place, column: str) -> Place:
        """Return the physical line."""
        return line

    def find(self, key: str, near: str | None, last: bool) -> Place:
        """Return the line of a key, if it is one only, or of the entry with an id."""
        if self.toml is None:
            return None
        if last and near is not None:
            entry = re.compile(rf"\bid\s*=\s*[\"']{re.escape(near)}[\"']")
            lines = [number for number, text in enumerate(self.toml.text.splitlines(), 1) if entry.search(text)]
            return lines[-1] if lines else None
        return self.toml.line_of(key, near)


def read_folder(path: Path) -> AppraisalDraft:
    """Read the files of an appraisal as text.

    Parameters
    ----------
    path : Path
        A folder with `appraisal.toml`, `scores.csv`, `weights.csv` and `evidence.csv`, or its `appraisal.toml`.

    Returns
    -------
    AppraisalDraft
        With no values, or a table absent, where a file could not be used; the problems say why.
    """
    source = FolderSource(path.parent if path.name == TOML_NAME else path)
    draft = AppraisalDraft(source)
    _read_structure(draft, source)
    for name in TABLES:
        _read_table(draft, name)
    return draft


def _read_structure(draft: AppraisalDraft, source: FolderSource) -> None:
    try:
        source.toml = read_toml(source.path / TOML_NAME)
    except SettingsError as error:
        for problem in error.problems:
            draft.error(problem.code, STRUCTURE, problem.message, line=problem.line)
        return
    draft.written = source.toml.values
    draft.files.append(InputFile(TOML_NAME, sha256_of(source.toml.path), source.toml.path.stat().st_size))
    note_structure(draft, source.toml)


def _read_table(draft: AppraisalDraft, name: str) -> None:
    path = draft.source.path / f"{name}.csv"
    try:
        text = read_text_table(path, wanted={column: column for column in TABLES[name]}, limits=LIMITS)
    except FileRefused as refused:
        draft.error(refused.code, name, str(refused).removeprefix(f"{path}: ").removesuffix(f" ({refused.code})"))
        return
    absent = [column for column in NEEDED[name] if column not in text.frame]
    if absent:
        draft.error("header_missing", name, f"has no column {', '.join(absent)}. Add it to the header", line=1)
        return
    draft.tables[name] = _rows_of(text)
    draft.files.append(InputFile(path.name, text.source.sha256, text.source.size, text.source.records))
    for problem in text.problems:
        note = draft.warn if problem.code in _MERELY_NOTED else draft.error
        line = problem.line if isinstance(problem.line, int) else None
        note(problem.code, name, f"{clip(problem.column or 'the row')}: {problem.message}", line=line or None)


def _rows_of(text: TextTable) -> list[tuple[int, dict[str, str]]]:
    return [
        (line, {str(name): str(cell).strip() for name, cell in cells.items()})
        for line, cells in zip(text.line.tolist(), text.frame.to_dict("records"), strict=True)
    ]
