"""What providers answered: claims under review, what was not answered, and the rows that an appraisal takes up."""

from __future__ import annotations

import hashlib
import html
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from os import PathLike
from pathlib import Path
from typing import Any

import pandas as pd

from smarthan.analysis.appraisal.copying import csv_text, escape_cell
from smarthan.analysis.appraisal.keys import EVIDENCE_COLUMNS, SCORE_COLUMNS
from smarthan.files import write_csv, write_whole

from .claim_rules import GIVEN, Asked
from .declared import CLAIM_COLUMNS, STATES, TOPICS, UNANSWERED_COLUMNS

_LEAST = {"high": 0, "medium": 1, "low": 2}
FILES = ("claims.csv", "scores.csv", "evidence.csv", "unanswered.csv", "answers.csv", "quarantine.csv", "ledger.csv")


@dataclass(frozen=True)
class ProviderResponses:
    """The returned forms of a request, read strictly.

    Attributes
    ----------
    claims : DataFrame
        One row a claim: provider, option, criterion, level, best, low, high, n, k, document, note; its review: state
        (received, accepted, disputed or rejected), reviewer, reason, confidence, quality; `claimed`, a digest of what
        was claimed; file and cell.
    answers : DataFrame
        Answers in words: provider, option, topic, answer, document.
    documents : DataFrame
        provider, id, title, date, where.
    providers : DataFrame
        provider, organisation (empty where the provider is a person), date, file, sha256. No contact is in it.
    quarantine, notes, ledger : DataFrame
        The account: in each sheet, rows read = accepted + quarantined. A form that could not be read at all stands
        in the notes (`form_refused`).
    synthetic : bool
        Whether the request or the appraisal is synthetic.
    """

    claims: pd.DataFrame
    answers: pd.DataFrame
    documents: pd.DataFrame
    providers: pd.DataFrame
    quarantine: pd.DataFrame
    notes: pd.DataFrame
    ledger: pd.DataFrame
    synthetic: bool
    asked: Asked = field(repr=False)

    def unanswered(self) -> pd.DataFrame:
        """Return what was asked and not answered.

        Returns
        -------
        DataFrame
            provider, option, kind, asked, unit. For each option that a provider answers for: the topics (`question`)
            and criteria (`claim`) it left empty; rows in quarantine were answered, and are not listed. An option that
            nobody answers for has one row, its provider empty and its kind `option`.
        """
        told = self._told()
        rows = []
        for option in self.asked.options:
            names = sorted({provider for _, provider, offered, _ in told if offered == option})
            if not names:
                rows.append(("", option, "option", "nobody answers for this option", ""))
            for provider in names:
                for kind, asked, unit in self._questions():
                    if (kind, provider, option, asked) not in told:
                        rows.append((provider, option, kind, asked, unit))
        return self._stamp(pd.DataFrame(rows, columns=UNANSWERED_COLUMNS).astype("str"))

    def _questions(self) -> Iterable[tuple[str, str, str]]:
        yield from (("question", topic, "words") for topic in TOPICS)
        yield from (("claim", name, unit) for name, unit in self.asked.units.items())

    def _told(self) -> set[tuple[str, str, str, str]]:
        """Return kind, provider, option and topic or criterion of all that was answered, sound or not."""
        told = set(self.providers.attrs.get("aside", ()))
        for kind, frame, name in (("claim", self.claims, "criterion"), ("question", self.answers, "topic")):
            rows = frame[["provider", "option", name]].itertuples(index=False, name=None)
            told |= {(kind, *row) for row in rows}
        return told

    @property
    def scores(self) -> pd.DataFrame:
        """The accepted claims as rows of `scores.csv`, all text: the provider is the assessor."""
        rows = [self._score(claim) for claim in self._accepted().itertuples()]
        return self._stamp(pd.DataFrame(rows, columns=list(SCORE_COLUMNS), dtype="str").fillna(""))

    @property
    def evidence(self) -> pd.DataFrame:
        """What the accepted claims rest on as rows of `evidence.csv`, all text, of kind `claim`."""
        accepted = self._accepted()
        rows = [
            self._evidence(provider, document, group)
            for (provider, document), group in accepted.groupby(["provider", "document"], sort=True)
        ]
        return self._stamp(pd.DataFrame(rows, columns=list(EVIDENCE_COLUMNS), dtype="str").fillna(""))

    def _accepted(self) -> pd.DataFrame:
        return self.claims[self.claims["state"].eq("accepted")]

    def _score(self, claim: Any) -> dict[str, str]:
        numbers = {name: _number_text(getattr(claim, name)) for name in ("best", "low", "high", "n", "k")}
        said = f"; {claim.note}" if claim.note else ""
        reason = f": {claim.reason}" if claim.reason else ""
        return {
            "option": claim.option,
            "criterion": claim.criterion,
            "assessor": claim.provider,
            "level": claim.level,
            **numbers,
            "evidence": _evidence_id(claim.provider, claim.document),
            "confidence": claim.confidence or "low",
            "note": f"claimed in {claim.file} {claim.cell}, accepted by {claim.reviewer}{reason}{said}",
        }

    def _evidence(self, provider: str, document: str, claims: pd.DataFrame) -> dict[str, str]:
        who = self.providers.set_index("provider").loc[[provider]].iloc[-1]
        named = self.documents[self.documents["provider"].eq(provider) & self.documents["id"].eq(document)]
        title, date, where = ("Answer to the request", who["date"], "")
        if len(named):
            title, date, where = (str(named.iloc[0][name]) for name in ("title", "date", "where"))
        files = self.providers[self.providers["file"].isin(claims["file"])]
        forms = ", ".join(
            f"{file}#sha256={digest}" for file, digest in zip(files["file"], files["sha256"], strict=True)
        )
        made = " (synthetic)" if self.synthetic else ""
        return {
            "id": _evidence_id(provider, document),
            "title": f"{title}, claimed by {who['organisation'] or provider}{made}",
            "kind": "claim",
            "date": date or str(who["date"]),
            "where": "; ".join(part for part in (where, forms) if part),
            # One document counts as the weakest review of what rests on it.
            "quality": max((str(word) or "low" for word in claims["quality"]), key=_LEAST.__getitem__),
            "owner": str(who["organisation"] or provider),
        }

    def summary(self) -> pd.DataFrame:
        """Return one row a provider: claims by state, and how many questions stay unanswered."""
        open_ = self.unanswered()["provider"].value_counts()
        rows = []
        for name in sorted(set(self.providers["provider"])):
            states = self.claims.loc[self.claims["provider"].eq(name), "state"].value_counts()
            counts = [int(states.get(state, 0)) for state in STATES]
            rows.append([name, sum(counts), *counts, int(open_.get(name, 0))])
        return self._stamp(pd.DataFrame(rows, columns=["provider", "claims", *STATES, "unanswered"]))

    def write(self, folder: str | PathLike[str], *, replace: bool = False) -> Path:
        """Write what was answered into a folder, which is made where needed.

        Parameters
        ----------
        folder : path
            Gets claims.csv (edit its columns state, reviewer, reason, confidence and quality, and give it back as
            `reviews`), scores.csv and evidence.csv (accepted claims alone), unanswered.csv, answers.csv,
            quarantine.csv and ledger.csv.
        replace : bool
            Whether files of those names may be written over; a review that was not given back would be lost.

        Returns
        -------
        Path

        Raises
        ------
        FileExistsError
            When one of the files is there and `replace` is False.
        OSError
            When the folder cannot be written to.
        """
        target = Path(folder)
        there = [name for name in FILES if (target / name).exists()]
        if there and not replace:
            raise FileExistsError(f"{target}: holds {', '.join(there)} already; choose another folder")
        target.mkdir(parents=True, exist_ok=True)
        for name, frame in (("scores", self.scores), ("evidence", self.evidence)):
            rows = [{str(k): escape_cell(str(v)) for k, v in row.items()} for row in frame.to_dict("records")]
            with write_whole(target / f"{name}.csv", "w") as stream:
                stream.write(csv_text(list(frame), rows))
        tables = {"claims": self.claims, "unanswered": self.unanswered(), "answers": self.answers}
        tables |= {"quarantine": self.quarantine, "ledger": self.ledger}
        for name, frame in tables.items():
            write_csv(frame, target / f"{name}.csv")
        return target

    def _stamp(self, frame: pd.DataFrame) -> pd.DataFrame:
        frame.attrs.update({"synthetic": self.synthetic, "appraisal": self.asked.appraisal.id})
        return frame

    def with_claims(self, claims: pd.DataFrame, **account: pd.DataFrame) -> ProviderResponses:
        """Return the same responses with reviewed claims."""
        return replace(self, claims=self._stamp(claims[CLAIM_COLUMNS].reset_index(drop=True)), **account)

    def _repr_html_(self) -> str:
        mark = " (synthetic data)" if self.synthetic else ""
        return (
            f"<p><strong>{html.escape('Answers of providers')}{mark}</strong></p>{self.summary().to_html(index=False)}"
        )


def _number_text(value: Any) -> str:
    if pd.isna(value):
        return ""
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def _evidence_id(provider: str, document: str) -> str:
    return f"{provider}_{document or 'answer'}"


def digest_of(claim: dict[str, Any]) -> str:
    """Return a short digest of what is claimed: the same claim gives the same, whoever reads it and when.

    Examples
    --------
    >>> digest_of({"level": "field"}) == digest_of({"level": "field", "best": float("nan")})
    True
    """
    parts = [claim.get(name) for name in (*GIVEN, "document", "note")]
    text = "\x1f".join("" if part is None or pd.isna(part) else _plain(part) for part in parts)
    return "c" + hashlib.sha256(text.encode()).hexdigest()[:12]


def _plain(part: Any) -> str:
    return part if isinstance(part, str) else _number_text(part)
