"""From returned forms to responses: every form read, every row accounted for, nothing of a contact opened."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from smarthan.tables import FileRefused, TableRead, empty_ledger, empty_problems
from smarthan.tables.findings import stack_problems
from smarthan.trial_data.rules.privacy import withhold_from_account

from .claim_rules import Asked, is_claim
from .declared import CLAIM_COLUMNS
from .forms_read import ReturnedForm, open_form, reject_repeated
from .responses import ProviderResponses, digest_of
from .reviews import apply_reviews

if TYPE_CHECKING:
    from smarthan.analysis.appraisal.model import Appraisal

_TEXT = ("level", "document", "note")
_WORKBOOKS = (".xlsx", ".xlsm")


def read_request(
    path: str | os.PathLike[str], appraisal: Appraisal, *, reviews: str | os.PathLike[str] | None = None
) -> ProviderResponses:
    """Read the forms that technology providers filled in and sent back.

    Parameters
    ----------
    path : path
        One returned form, or a folder of them.
    appraisal : Appraisal
        What they were asked about: claims are held against its options, criteria, ranges and words.
    reviews : path, optional
        `claims.csv` as `ProviderResponses.write` made it, with states and reviewers filled in by hand.

    Returns
    -------
    ProviderResponses
        Claims are `received` until a review says otherwise; only accepted ones become rows of scores and evidence.

    Raises
    ------
    FileRefused
        When the one form, each form of a folder, or the file of reviews cannot be used; when there is no form.

    Notes
    -----
    Strict: a row that is not what was asked is set aside with its cell and the rule it breaks, never put right. Of a
    folder, a form that cannot be read is noted (`form_refused`) and the others count. The sheet `contact` is never
    opened; free text with a postcode, telephone number or e-mail address is withheld.

    Examples
    --------
    >>> import tempfile
    >>> from smarthan.analysis import sample_appraisal, write_request
    >>> appraisal = sample_appraisal()
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     form = write_request(Path(folder) / "form.xlsx", appraisal)
    ...     try:
    ...         _ = read_request(form, appraisal)
    ...     except ValueError as refused:  # nobody has filled it in
    ...         print(refused.code)
    provider_form
    """
    given, asked = Path(path), Asked(appraisal)
    forms, refused = _open_all(given, asked)
    reject_repeated(forms)
    responses = _assemble(forms, refused, asked)
    return responses if reviews is None else apply_reviews(responses, reviews)


def _open_all(path: Path, asked: Asked) -> tuple[list[ReturnedForm], list[FileRefused]]:
    if not path.is_dir():
        return [open_form(path, asked)], []
    # Spreadsheets keep a lock beside an open workbook under the name ~$form.xlsx.
    found = [
        each for each in sorted(path.iterdir()) if each.suffix.casefold() in _WORKBOOKS and each.name[0] not in "~."
    ]
    if not found:
        raise FileRefused(path, "file_missing", "holds no returned form; put the .xlsx workbooks there")
    forms, refused = [], []
    for each in found:
        try:
            forms.append(open_form(each, asked))
        except FileRefused as problem:
            refused.append(problem)
    if not forms:
        raise refused[0]
    return forms, refused


def _assemble(forms: list[ReturnedForm], refused: list[FileRefused], asked: Asked) -> ProviderResponses:
    synthetic = asked.appraisal.synthetic or any(form.synthetic for form in forms)
    aside = {told for form in forms for told in _set_aside(form)}
    claims = _stack((_claims_of(form) for form in forms), CLAIM_COLUMNS)
    answers = _stack((_answers_of(form) for form in forms), ["provider", "option", "topic", "answer", "document"])
    documents = _stack((_documents_of(form) for form in forms), ["provider", "id", "title", "date", "where"])
    who = [[form.provider, form.organisation, form.date, form.path.name, form.sha256] for form in forms]
    providers = pd.DataFrame(who, columns=["provider", "organisation", "date", "file", "sha256"]).astype("str")
    read = [rows.finish() for form in forms for rows in form.rows.values()]
    frames = (claims, answers, documents, providers)
    for frame in frames:
        frame.attrs.update({"synthetic": synthetic, "appraisal": asked.appraisal.id})
    providers.attrs["aside"] = tuple(sorted(aside))
    return ProviderResponses(*frames, *_account(read, refused), synthetic=synthetic, asked=asked)


def _account(read: list[TableRead], refused: list[FileRefused]) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    lines = [dict.fromkeys(empty_problems().columns, "") | _note(problem) for problem in refused]
    notes = [*(each.notes for each in read), *([pd.DataFrame(lines)] if lines else [])]
    quarantine = withhold_from_account(stack_problems([each.quarantine for each in read]))
    ledger = pd.concat([each.ledger for each in read], ignore_index=True)[empty_ledger().columns.tolist()]
    return quarantine, withhold_from_account(stack_problems(notes)), ledger


def _note(problem: FileRefused) -> dict[str, str]:
    name = Path(problem.path.split("!")[0]).name
    told = str(problem).removeprefix(f"{problem.path}: ")
    return {"file": name, "code": "form_refused", "severity": "flag", "message": f"none of it counts: {told}"}


def _stack(frames: Iterable[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    kept = [frame for frame in frames if len(frame)]
    if not kept:
        return pd.DataFrame({name: pd.Series([], dtype="str") for name in columns})
    return pd.concat(kept, ignore_index=True)[columns]


def _claims_of(form: ReturnedForm) -> pd.DataFrame:
    found = form.answered("claims")
    for name in _TEXT:
        found[name] = found[name].fillna("").astype("str")
    letter = (form.rows["claims"].places.letters if form.rows["claims"].places else {}).get("option", "A")
    review = {"state": "received", "reviewer": "", "reason": "", "confidence": "", "quality": ""}
    digests: list[Any] = [digest_of({str(k): v for k, v in row.items()}) for row in found.to_dict("records")]
    cells = [f"claims!{letter}{row}" for row in found["row"]]
    return found.assign(provider=form.provider, **review, claimed=digests, file=form.path.name, cell=cells)[
        CLAIM_COLUMNS
    ]


def _answers_of(form: ReturnedForm) -> pd.DataFrame:
    found = form.answered("technology")
    text = {name: found[name].astype("str").where(found[name].notna(), "") for name in found if name != "row"}
    return pd.DataFrame(text).assign(provider=form.provider)


def _documents_of(form: ReturnedForm) -> pd.DataFrame:
    found = form.answered("documents")
    if found.empty:
        return found
    dates = found["date"].dt.strftime("%Y-%m-%d")
    text = found.assign(date=dates).drop(columns="row").astype("object")
    return text.where(text.notna(), "").astype("str").assign(provider=form.provider)


def _set_aside(form: ReturnedForm) -> Iterable[tuple[str, str, str, str]]:
    """Yield what was answered in rows that stand in quarantine: asked again it need not be."""
    for kind, sheet, name in (("claim", "claims", "criterion"), ("question", "technology", "topic")):
        rows = form.rows[sheet]
        told = is_claim(rows) if sheet == "claims" else rows.text["answer"].str.strip().ne("").to_numpy(dtype=bool)
        lost = rows.text
        for at in (told & ~rows.alive).nonzero()[0].tolist():
            yield kind, form.provider, str(lost["option"].iloc[at]).strip(), str(lost[name].iloc[at]).strip()
