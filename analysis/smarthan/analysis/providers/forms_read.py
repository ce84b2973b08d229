"""A returned form opened sheet by sheet, with the account of each row; the sheet of contacts is never opened."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

from smarthan.tables import FileRefused, Rows, Table
from smarthan.tables.workbook import Workbook, open_sheet, open_workbook
from smarthan.trial_data.rules.privacy import holds_personal

from .claim_rules import GIVEN, Asked, is_claim, judge_claims
from .declared import ABOUT, CLAIMS, CODE_FORM, DOCUMENTS, FORMAT, PROVIDER, TECHNOLOGY


@dataclass
class ReturnedForm:
    """A form while it is being read: who sent it, and its rows before the account is closed."""

    path: Path
    sha256: str
    provider: str
    organisation: str
    date: str
    synthetic: bool
    rows: dict[str, Rows] = field(default_factory=dict)

    def answered(self, sheet: str) -> pd.DataFrame:
        """Return the accepted rows of a sheet that hold an answer, with `row`, their place in the sheet."""
        if sheet not in self.rows:
            return pd.DataFrame()
        rows = self.rows[sheet]
        told = {"claims": is_claim, "technology": _is_answer}.get(sheet)
        keep = rows.alive if told is None else rows.alive & told(rows)
        return rows.frame.assign(row=rows.line)[keep].reset_index(drop=True)


def _is_answer(rows: Rows) -> np.ndarray:
    return rows.text["answer"].str.strip().ne("").to_numpy(dtype=bool)


def open_form(path: Path, asked: Asked) -> ReturnedForm:
    """Open a returned form and judge every row of it by itself.

    Raises
    ------
    FileRefused
        When it is no such form, is of another appraisal, or does not say who answers.
    """
    book = open_workbook(path)
    stated = _read_about(book, asked)
    who = _read_provider(book)
    row = who.frame[who.alive].iloc[0]
    organisation = row["organisation"] if pd.notna(row["organisation"]) else ""
    date = f"{row['date']:%Y-%m-%d}"
    synthetic = stated.get("synthetic") != "no"
    form = ReturnedForm(path, book.sha256, row["provider"], organisation, date, synthetic, {"provider": who})
    documents = _open(book, DOCUMENTS, needed=False)
    if documents is not None:
        _withhold(documents)
        documents.reject_duplicates()
        form.rows["documents"] = documents
    named = {} if documents is None else dict(zip(documents.frame["id"], documents.alive.tolist(), strict=True))
    technology, claims = _open(book, TECHNOLOGY), _open(book, CLAIMS)
    assert technology is not None
    assert claims is not None
    for rows in (technology, claims):
        _withhold(rows)
    unknown = ~technology.frame["option"].isin(asked.options).to_numpy() & technology.alive
    technology.reject(unknown, "claim_unasked", "option", "'{value}' is not an option of the appraisal")
    technology.reject_duplicates()
    judge_claims(claims, asked, named)
    claims.reject_duplicates()
    form.rows |= {"technology": technology, "claims": claims}
    return form


def _open(book: Workbook, table: Table, *, needed: bool = True) -> Rows | None:
    sheet = book.find(table.name)
    if sheet is None:
        message = f"has no sheet {table.name}; found {book.describe_sheets()}. Send the form back with all its sheets"
        raise FileRefused(book.path, "sheet_missing", message)
    try:
        rows = open_sheet(book, sheet, table)
    except FileRefused as refused:
        if refused.code == "file_empty" and not needed:
            return None
        raise
    absent = [name for name in table.key if name not in (rows.places.letters if rows.places else {})]
    if absent:
        raise FileRefused(f"{book.path}!{sheet.name}", "header_missing", f"has no column {', '.join(absent)}; add it")
    rows.source = replace(rows.source, file=f"{Path(book.path).name}!{sheet.name}")
    return rows


def _read_about(book: Workbook, asked: Asked) -> dict[str, str]:
    rows = _open(book, ABOUT)
    assert rows is not None
    stated = dict(zip(rows.text["key"].str.strip(), rows.text["value"].str.strip(), strict=True))
    if stated.get("format") != FORMAT:
        raise FileRefused(book.path, "request_unknown", f"is no form of {FORMAT}; send the workbook that was asked")
    if stated.get("appraisal") != asked.appraisal.id:
        message = f"asks for the appraisal '{stated.get('appraisal', '')[:64]}', not for {asked.appraisal.id}"
        raise FileRefused(book.path, "request_unknown", message)
    return stated


def _read_provider(book: Workbook) -> Rows:
    rows = _open(book, PROVIDER, needed=False)
    if rows is None:
        raise FileRefused(f"{book.path}!provider", "provider_form", "is empty; say in one row who answers")
    codes = rows.frame["provider"].fillna("").astype("str")
    formless = ~codes.map(lambda code: bool(re.fullmatch(CODE_FORM, code))).to_numpy(dtype=bool) & rows.alive
    rows.reject(formless, "provider_form", "provider", "'{value}' may hold only a to z, 0 to 9 and _, at most 32")
    person = rows.frame["is_person"].astype("str").eq("yes").to_numpy() & rows.frame["organisation"].notna().to_numpy()
    rows.empty(person, "personal_text", "organisation", "the name of a person was withheld; it belongs on contact")
    _withhold(rows)
    if int(rows.alive.sum()) != 1:
        read = rows.finish()
        told = "; ".join(f"{fault.line}: {fault.message}" for fault in read.quarantine.head(3).itertuples())
        found = f"{int(rows.alive.sum())} usable rows" + (f" ({told})" if told else "")
        raise FileRefused(f"{book.path}!provider", "provider_form", f"must say in one row who answers; found {found}")
    return rows


def _withhold(rows: Rows) -> None:
    """Empty free text that holds a postcode, a telephone number or an e-mail address."""
    for declared in rows.table.fields:
        if declared.kind == "text":
            held = holds_personal(rows.text[declared.name]) & rows.frame[declared.name].notna().to_numpy()
            rows.empty(held, "personal_text", declared.name, "the text held personal data and was withheld")


def reject_repeated(forms: list[ReturnedForm]) -> None:
    """Quarantine claims that one provider makes in several forms: the later of equal ones, all that differ."""
    made: dict[tuple[str, str, str], list[tuple[ReturnedForm, int, tuple[str, ...]]]] = {}
    for form in forms:
        rows = form.rows["claims"]
        for at in np.flatnonzero(is_claim(rows) & rows.alive).tolist():
            said = tuple(str(rows.frame[name].iloc[at]) for name in (*GIVEN, "document", "note"))
            key = (form.provider, rows.frame["option"].iloc[at], rows.frame["criterion"].iloc[at])
            made.setdefault(key, []).append((form, at, said))
    for group in made.values():
        differ = len({said for _, _, said in group}) > 1
        code = "duplicate_conflict" if differ else "duplicate"
        others = ", ".join(dict.fromkeys(form.path.name for form, _, _ in group))
        message = "forms of one provider disagree" if differ else "repeats an earlier form"
        for form, at, _ in group if differ else group[1:]:
            mask = np.arange(len(form.rows["claims"].alive)) == at
            form.rows["claims"].reject(mask, code, "option", f"{message}: {others}")
