"""Answers to a consultation: counted all, shown where they may be."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from smarthan.tables import Rows

from .agreement import judge_agreement
from .declared import RESPONSES, STANCES
from .opening import open_list
from .wordings import SIMILAR, similar_texts

ASKED = ["question", "option"]
NO_OPTION = "(none)"
TOTAL = "All respondents"
NO_STANCE = "no stance"
AGREEING, DISAGREEING = STANCES[:2], STANCES[3:]


@dataclass(frozen=True)
class Responses:
    """Answers to a consultation with the account of their rows.

    Attributes
    ----------
    quarantine, notes, ledger : DataFrame
        As every reader gives them; who answered, the stance and the reasons stand in none of them.
    synthetic : bool
        Whether any row says it is made up.
    threshold : int
        Groups of fewer respondents are hidden, and what would give them away.

    Notes
    -----
    The answers themselves are not public attributes: `public` gives those that may be shown.
    """

    _all: pd.DataFrame
    quarantine: pd.DataFrame
    notes: pd.DataFrame
    ledger: pd.DataFrame
    synthetic: bool
    threshold: int

    @property
    def public(self) -> pd.DataFrame:
        """The answers of respondents who did not ask for confidence."""
        shown = self._all[~self._all["confidential"].astype("bool")].drop(columns="confidential")
        return self._mark(shown.reset_index(drop=True))

    def tally(self, *, level: float = 0.95) -> pd.DataFrame:
        """Return stances, net agreement with its interval and a plain word, by question and option.

        Parameters
        ----------
        level : float
            Confidence level.

        Returns
        -------
        DataFrame
            question, option, strongly_agree, agree, neutral, disagree, strongly_disagree, no_stance (wrote and took
            none), not_answered (respondents without a row), answered, respondents, net, lower, upper, word. The six
            counts and not_answered add up to respondents.
        """
        respondents = self._all["respondent"].nunique()
        rows = [self._tally_one(asked, of, respondents, level) for asked, of in self._all.groupby(ASKED, sort=True)]
        return self._mark(pd.DataFrame(rows))

    def _tally_one(self, asked: tuple[str, str], of: pd.DataFrame, respondents: int, level: float) -> dict[str, object]:
        counts = of["stance"].value_counts().reindex(list(STANCES), fill_value=0).astype(int).to_dict()
        answered = sum(counts.values())
        agree, disagree = (sum(counts[name] for name in side) for side in (AGREEING, DISAGREEING))
        found = judge_agreement(agree, disagree, answered, level=level)
        return {
            **dict(zip(ASKED, asked, strict=True)),
            **counts,
            "no_stance": len(of) - answered,
            "not_answered": respondents - len(of),
            "answered": answered,
            "respondents": respondents,
            **found._asdict(),
        }

    def by_type(self) -> pd.DataFrame:
        """Return stances by type of respondent, small groups hidden and all that would give them away.

        Returns
        -------
        DataFrame
            question, option, respondent_type, side {agree, neutral, disagree, no stance, total},
            respondents (missing where hidden), share of the type (missing where hidden), status {shown, primary,
            secondary}.

        Notes
        -----
        Every table of small groups passes disclosure control (`smarthan.trial_data.suppress`): an answer given in
        confidence must not be found by taking the others away.
        """
        from smarthan.trial_data import suppress

        parts = [self._suppress(asked, of, suppress) for asked, of in self._all.groupby(ASKED, sort=True)]
        return self._mark(pd.concat(parts, ignore_index=True))

    def _suppress(self, asked: tuple[str, str], of: pd.DataFrame, suppress: Callable[..., Any]) -> pd.DataFrame:
        cells = _count_cells(of)
        told = cells["respondent_type"].eq(TOTAL)
        rules = {"threshold": self.threshold, "dominance": 1.0, "two_largest": 1.0, "total": TOTAL}
        # What all respondents said stands in `tally`: known to whoever would work a hidden figure out.
        safe = suppress(
            cells[~told], dims=["respondent_type", "side"], count="respondents", earlier=cells[told], **rules
        ).table
        whole = safe[safe["side"].eq(TOTAL)].set_index("respondent_type")["respondents"]
        share = safe["respondents"] / safe["respondent_type"].map(whole)
        safe = safe.assign(side=safe["side"].replace(TOTAL, "total"), share=share)
        safe.insert(0, "question", asked[0])
        safe.insert(1, "option", asked[1])
        return safe[["question", "option", "respondent_type", "side", "respondents", "share", "status"]]

    def differences(self, *, level: float = 0.95) -> pd.DataFrame:
        """Return where types of respondents disagree with each other.

        Parameters
        ----------
        level : float
            Confidence level.

        Returns
        -------
        DataFrame
            question, option, most (the type that agrees most), most_net, least, least_net, gap (0 to 2), apart (their
            intervals do not overlap); types with fewer answers than the threshold are left out, and questions with
            fewer than two such types.
        """
        rows = [self._differ(asked, of, level) for asked, of in self._all.groupby(ASKED, sort=True)]
        columns = [*ASKED, "most", "most_net", "least", "least_net", "gap", "apart"]
        answer = pd.DataFrame([row for row in rows if row], columns=columns).sort_values("gap", ascending=False)
        return self._mark(answer.reset_index(drop=True))

    def _differ(self, asked: tuple[str, str], of: pd.DataFrame, level: float) -> dict[str, object] | None:
        judged = {}
        for kind, answers in of.dropna(subset="stance").groupby("respondent_type", observed=True):
            if len(answers) >= self.threshold:
                agree, disagree = (int(answers["stance"].isin(side).sum()) for side in (AGREEING, DISAGREEING))
                judged[str(kind)] = judge_agreement(agree, disagree, len(answers), level=level)
        if len(judged) < 2:
            return None
        most, least = max(judged, key=lambda kind: judged[kind].net), min(judged, key=lambda kind: judged[kind].net)
        high, low = judged[most], judged[least]
        found = {"most": most, "most_net": high.net, "least": least, "least_net": low.net, "gap": high.net - low.net}
        return dict(zip(ASKED, asked, strict=True)) | found | {"apart": high.lower > low.upper}

    def silent(self) -> pd.DataFrame:
        """Return who did not take a stance on what they could have.

        Returns
        -------
        DataFrame
            question, option, silent (how many), named (those who may be named, joined by '; '), in_confidence (how many
            of them asked for confidence).
        """
        whole = self._all.groupby("respondent")["confidential"].any()
        rows = []
        for asked, of in self._all.groupby(ASKED, sort=True):
            spoke = set(of.loc[of["stance"].notna(), "respondent"])
            quiet = [name for name in whole.index if name not in spoke]
            named = [name for name in quiet if not whole[name]]
            counts = {"silent": len(quiet), "named": "; ".join(named), "in_confidence": len(quiet) - len(named)}
            rows.append(dict(zip(ASKED, asked, strict=True)) | counts)
        return self._mark(pd.DataFrame(rows))

    def themes(self, threshold: float = SIMILAR) -> pd.DataFrame:
        """Return reasons that are nearly the same, grouped, for a person to confirm; none given in confidence.

        Returns
        -------
        DataFrame
            group, respondent, question, option, text, similarity, confirmed.
        """
        shown = self.public
        shown = shown[shown["text"].notna()].reset_index(drop=True)
        found = similar_texts(shown["text"], threshold=threshold)
        named = shown.loc[found["id"], ["respondent", *ASKED]].reset_index(drop=True)
        return self._mark(pd.concat([found[["group"]], named, found[["text", "similarity", "confirmed"]]], axis=1))

    def _mark(self, answer: pd.DataFrame) -> pd.DataFrame:
        answer.attrs["synthetic"] = self.synthetic
        return answer

    def __repr__(self) -> str:
        mark = ", SYNTHETIC" if self.synthetic else ""
        return (
            f"Responses of {self._all['respondent'].nunique():,} respondents to {self._all['question'].nunique():,} "
            f"questions, {int(self._all['confidential'].sum()):,} answers in confidence{mark}"
        )

    def _repr_html_(self) -> str:
        import html

        shown = self.tally()[[*ASKED, "answered", "net", "lower", "upper", "word"]].round(2)
        return f"<p>{html.escape(repr(self))}</p>{shown.to_html(index=False)}"


def read_responses(
    path: str | os.PathLike[str],
    *,
    questions: Mapping[str, str] | None = None,
    options: Sequence[str] | None = None,
    threshold: int | None = None,
) -> Responses:
    """Read answers to a consultation.

    Parameters
    ----------
    path : path
        A CSV file, an `.xlsx` workbook with a sheet `responses`, or a folder with `responses.csv`.
    questions : mapping of str to str, optional
        Question to its words; a question that is not among them is flagged (`link_unknown`).
    options : sequence of str, optional
        Options that may be named, such as an appraisal's; others are flagged.
    threshold : int, optional
        Groups of fewer respondents are hidden in what `by_type` and `differences` give; when not given, the threshold
        of the trial's disclosure rules (10).

    Returns
    -------
    Responses

    Raises
    ------
    FileRefused
        When the file cannot be used as a whole.
    ValueError
        When the threshold is below 1.

    Notes
    -----
    A row is quarantined when a required cell is empty, a word is not listed, a respondent answers one question and
    option twice differently, or has two types. An answer without stance counts as "no stance", not as neutral. Answers
    in confidence are counted and never shown, in the quarantine neither.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> rows = ["respondent,respondent_type,question,option,stance,text,confidential"]
    >>> rows += [f"Body {n},supplier,Q1,market,agree,,false" for n in range(6)]
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder) / "responses.csv"
    ...     _ = file.write_text("\\n".join(rows))
    ...     responses = read_responses(file)
    >>> responses.tally()[["question", "option", "answered", "word"]].values.tolist()
    [['Q1', 'market', 6, 'agreement']]
    """
    from smarthan.trial_data.disclosure.defaults import RULES

    least = int(RULES.threshold) if threshold is None else threshold
    if least < 1:
        raise ValueError(f"threshold: {least} respondents; give 1 or more")
    rows = open_list(path, RESPONSES)
    _check_keys(rows)
    for column, known in (("question", questions), ("option", options)):
        _check_known(rows, column, known)
    read = rows.finish()
    frame = read.frame
    synthetic = bool(frame["synthetic"].fillna(False).any())
    return Responses(frame.drop(columns="synthetic"), read.quarantine, read.notes, read.ledger, synthetic, least)


def _check_keys(rows: Rows) -> None:
    """Quarantine what a respondent says twice, and respondents of two types."""
    rows.frame["option"] = rows.frame["option"].fillna(NO_OPTION)
    rows.reject_duplicates(["respondent", *ASKED], "respondent, question and option")
    types = rows.frame.groupby("respondent")["respondent_type"].transform("nunique").gt(1)
    rows.reject(types & rows.alive, "duplicate_conflict", "respondent_type", "the respondent has two types; keep one")


def _check_known(rows: Rows, column: str, known: Mapping[str, str] | Sequence[str] | None) -> None:
    if known is not None:
        unknown = rows.frame[column].notna() & ~rows.frame[column].isin([*known, NO_OPTION])
        rows.flag(unknown.to_numpy() & rows.alive, "link_unknown", column, f"{column} '{{value}}' does not exist")


def _count_cells(of: pd.DataFrame) -> pd.DataFrame:
    side = pd.Series("neutral", index=of.index).mask(of["stance"].isna(), NO_STANCE)
    side = side.mask(of["stance"].isin(AGREEING), "agree").mask(of["stance"].isin(DISAGREEING), "disagree")
    counts = pd.crosstab(of["respondent_type"].astype("str"), side, margins=True, margins_name=TOTAL)
    counts = counts.reindex(columns=["agree", "neutral", "disagree", NO_STANCE, TOTAL], fill_value=0)
    counts.index.name, counts.columns.name = "respondent_type", "side"
    return counts.reset_index().melt("respondent_type", var_name="side", value_name="respondents")
