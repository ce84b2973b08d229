"""`smarthan appraisal`: templates, copies, the request to providers, and what they answered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smarthan.commands.checks import records
from smarthan.commands.opened import refuse_input
from smarthan.commands.outcome import DONE, SET_ASIDE, Outcome, Refused
from smarthan.personal import refuse_personal

if TYPE_CHECKING:
    from smarthan.analysis import ProviderResponses

SHOWN = 20  # lines of one kind on a terminal; everything stands in the files of --out


def make_template(path: Path, *, force: bool = False) -> Outcome:
    """Write the template and say how it is used."""
    from smarthan.analysis import write_appraisal_template

    _need_parent(path)
    written = _write(lambda: write_appraisal_template(path, replace=force))
    start = "its sheet guide" if path.suffix.casefold() == ".xlsx" else "appraisal.toml in it"
    text = (
        f"{path}: an appraisal to start from; every number in it is an example, and it says that it is synthetic\n"
        f"  Read {start}, replace the examples, then: smarthan check appraisal {path}"
    )
    return Outcome(text, {"path": str(written), "status": "draft", "synthetic": True})


def copy_form(appraisal: Path, out: Path, *, force: bool = False) -> Outcome:
    """Write an appraisal in the other form."""
    from smarthan.analysis import copy_appraisal

    _need_parent(out)
    refuse_input(out, "OUT", [appraisal])
    written = _write(lambda: copy_appraisal(appraisal, out, replace=force))
    return Outcome(
        f"{out}: the appraisal of {appraisal}\n  smarthan check appraisal {out}",
        {"path": str(written), "source": str(appraisal)},
    )


def make_request(file: Path, appraisal: Path | None, *, options: Sequence[str] | None, force: bool = False) -> Outcome:
    """Write the form that providers fill in and say what becomes of it."""
    from smarthan.analysis import read_appraisal, sample_appraisal, write_request

    _need_parent(file)
    asked = read_appraisal(appraisal) if appraisal else sample_appraisal()
    _write(lambda: write_request(file, asked, options=options or None, replace=force))
    names = [option.id for option in asked.options if not options or option.id in options]
    questions = len(asked.criteria) + len(asked.gates)
    source = str(appraisal) if appraisal else "the demonstration appraisal"
    made = " (SYNTHETIC: nobody is asked to answer it)" if asked.synthetic else ""
    text = (
        f"{file}: the request to technology providers from {source}{made}\n"
        f"  {len(names)} options, {questions} criteria and must-haves each\n"
        f"  Read the returned forms with: smarthan appraisal responses FOLDER --appraisal {appraisal or 'PATH'}"
    )
    document = {"file": str(file), "appraisal": asked.id, "synthetic": asked.synthetic}
    return Outcome(text, document | {"options": names, "questions": questions})


def read_responses(
    path: Path, appraisal: Path, *, reviews: Path | None, out: Path | None, into: Path | None, force: bool = False
) -> Outcome:
    """Read returned forms and report their account.

    Parameters
    ----------
    path : Path
        A form or a folder of forms.
    appraisal : Path
        What they were asked about.
    reviews : Path, optional
        An edited claims.csv.
    out : Path, optional
        A folder for claims, accepted rows and accounts.
    into : Path, optional
        Where the appraisal with the accepted claims goes.
    force : bool
        Whether files there may be written over.

    Returns
    -------
    Outcome
        Code 1 when a row or a form was set aside.

    Raises
    ------
    Refused, FileRefused, AppraisalError
        When nothing can be read, or a target cannot be written to.
    """
    from smarthan.analysis import add_judgements, read_appraisal, read_request

    for target, option in ((out, "--out"), (into, "--into")):
        if target is not None:
            _need_parent(target, option)
            refuse_input(target, option, [path, appraisal])
    responses = read_request(path, read_appraisal(appraisal), reviews=reviews)
    if out is not None:
        _write(lambda: responses.write(out, replace=force))
    if into is not None:
        _write(lambda: add_judgements(appraisal, into, responses, replace=force))
    aside = int(responses.ledger["quarantined"].sum())
    refused = int(responses.notes["code"].eq("form_refused").sum())
    text = "\n".join(_describe(path, responses, reviews=reviews, out=out, into=into))
    code = SET_ASIDE if aside or refused else DONE
    return Outcome(text, _document(path, responses, out, into), code=code)


def _document(path: Path, responses: ProviderResponses, out: Path | None, into: Path | None) -> dict[str, Any]:
    return {
        "kind": "responses",
        "path": str(path),
        "synthetic": responses.synthetic,
        "ledger": records(responses.ledger),
        "summary": records(responses.summary()),
        "claims": records(responses.claims),
        "unanswered": records(responses.unanswered()),
        "quarantine": records(responses.quarantine),
        "notes": records(responses.notes),
        "out": str(out) if out else None,
        "into": str(into) if into else None,
    }


def _describe(
    path: Path, responses: ProviderResponses, *, reviews: Path | None, out: Path | None, into: Path | None
) -> Iterator[str]:
    read, accepted, aside = (int(responses.ledger[name].sum()) for name in ("read", "accepted", "quarantined"))
    yield f"{path}: {read:,} rows read = {accepted:,} accepted + {aside:,} quarantined"
    if responses.synthetic:
        yield "SYNTHETIC: request or appraisal is made from invented data."
    for row in responses.notes[responses.notes["code"].eq("form_refused")].itertuples():
        yield f"  {row.file}: {row.message}"
    summary = responses.summary()
    refuse_personal(summary, to="the terminal")
    yield from ("", summary.to_string(index=False))
    yield from _some(
        f"  {row.file.split('!')[0]}: {row.line}: {row.message} ({row.code})"
        + (f"; nearest: {row.suggestion}" if row.suggestion else "")
        for row in responses.quarantine.itertuples()
    )
    yield ""
    yield "What to do next"
    waiting = int(responses.claims["state"].eq("received").sum())
    if out is None:
        yield "  Write it out: add --out FOLDER (claims to review, what was not answered, the quarantine)."
    elif waiting:
        yield f"  {waiting} claims wait for a review: in {out / 'claims.csv'} write state and reviewer, then add"
        yield f"  --reviews {out / 'claims.csv'}"
    if into is not None:
        yield f"  {len(responses.scores)} accepted claims stand in {into}: smarthan check appraisal {into}"
    elif reviews is not None and len(responses.scores):
        yield f"  {len(responses.scores)} claims are accepted: add --into PATH for the appraisal with them"


def _some(lines: Iterator[str]) -> Iterator[str]:
    told = list(lines)
    if told:
        yield ""
    yield from told[:SHOWN]
    if len(told) > SHOWN:
        yield f"  ... and {len(told) - SHOWN:,} more"


def _write(work: Any) -> Any:
    try:
        return work()
    except FileExistsError as error:
        raise Refused(f"{error}, or give --force to write over it") from None


def _need_parent(path: Path, option: str = "") -> None:
    if not path.resolve().parent.is_dir():
        raise Refused(f"{option} {path}: the folder {path.parent} does not exist; make it first".strip())
