"""Comments on documents: who said how much about what, and what was answered where."""

from __future__ import annotations

import os
from dataclasses import dataclass

import pandas as pd

from .declared import COMMENT_KINDS, COMMENTS
from .opening import open_list
from .wordings import SIMILAR, similar_texts

TALLIED = ("respondent", "document", "kind")


@dataclass(frozen=True)
class Comments:
    """Comments with the account of their rows.

    Attributes
    ----------
    table : DataFrame
        One row a comment: id, respondent, document, section, comment, kind, response, answered_in, next_milestone.
    quarantine, notes, ledger : DataFrame
        As every reader gives them.
    synthetic : bool
        Whether any row says it is made up.
    """

    table: pd.DataFrame
    quarantine: pd.DataFrame
    notes: pd.DataFrame
    ledger: pd.DataFrame
    synthetic: bool

    def tally(self, by: str = "respondent") -> pd.DataFrame:
        """Return how many comments there are, of which kind, and how many are answered.

        Parameters
        ----------
        by : {"respondent", "document", "kind"}

        Returns
        -------
        DataFrame
            The column, comments, clarify, change, out_of_scope, answered, open; the most comments first.

        Raises
        ------
        ValueError
            When `by` is none of those.
        """
        if by not in TALLIED:
            raise ValueError(f"by: '{by}' is none of {', '.join(TALLIED)}")
        table, answered = self.table, self.table["response"].notna()
        marks = pd.DataFrame({by: table[by].astype("str"), "comments": 1})
        marks = marks.assign(
            **{kind: table["kind"].eq(kind) for kind in COMMENT_KINDS}, answered=answered, open=~answered
        )
        counts = marks.groupby(by, sort=True).sum().astype("int64").reset_index()
        counts = counts.sort_values(["comments", by], ascending=[False, True]).reset_index(drop=True)
        counts.attrs["synthetic"] = self.synthetic
        return counts

    def answers(self) -> pd.DataFrame:
        """Return which comments are answered and where, and when the others are taken up again.

        Returns
        -------
        DataFrame
            id, respondent, document, section, kind, answered {answered, open}, answered_in, next_milestone, note
            ("no place given", "no milestone given" or empty); open ones first.
        """
        table = self.table
        done = table["response"].notna()
        answer = table[["id", "respondent", "document", "section", "kind"]].assign(
            answered=done.map({True: "answered", False: "open"}),
            answered_in=table["answered_in"].where(done),
            next_milestone=table["next_milestone"].where(~done),
        )
        lacking = (done & answer["answered_in"].isna()).map({True: "no place given", False: ""})
        lacking = lacking.mask(~done & answer["next_milestone"].isna(), "no milestone given")
        answer = answer.assign(note=lacking).sort_values("answered", ascending=False, kind="stable")
        answer.attrs["synthetic"] = self.synthetic
        return answer.reset_index(drop=True)

    def similar(self, threshold: float = SIMILAR) -> pd.DataFrame:
        """Return comments that say nearly the same, grouped, for a person to confirm; see `similar_texts`.

        Returns
        -------
        DataFrame
            group, id, respondent, document, comment, similarity, confirmed (empty, to be filled in).
        """
        found = similar_texts(self.table.set_index("id")["comment"], threshold=threshold)
        named = self.table.set_index("id").loc[found["id"], ["respondent", "document"]].reset_index(drop=True)
        answer = pd.concat([found[["group", "id"]], named, found[["text", "similarity", "confirmed"]]], axis=1)
        answer.attrs["synthetic"] = self.synthetic
        return answer.rename(columns={"text": "comment"})

    def __repr__(self) -> str:
        mark = ", SYNTHETIC" if self.synthetic else ""
        answered = int(self.table["response"].notna().sum())
        of = f"{len(self.table):,} of {self.table['respondent'].nunique():,} respondents"
        return f"Comments: {of}, {answered:,} answered{mark}"

    def _repr_html_(self) -> str:
        import html

        return f"<p>{html.escape(repr(self))}</p>{self.tally('document').to_html(index=False)}"


def read_comments(path: str | os.PathLike[str]) -> Comments:
    """Read comments on documents.

    Parameters
    ----------
    path : path
        A CSV file, an `.xlsx` workbook with a sheet `comments`, or a folder with `comments.csv`.

    Returns
    -------
    Comments

    Raises
    ------
    FileRefused
        When the file cannot be used as a whole.

    Notes
    -----
    A row is quarantined when a required cell is empty, a word is not listed, or an id stands twice with different
    content. Personal data in free text is withheld and the row kept.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> rows = ["id,respondent,document,section,comment,kind", "1,Body A,Design v1,2.1,Say which band,clarify"]
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder) / "comments.csv"
    ...     _ = file.write_text("\\n".join(rows))
    ...     comments = read_comments(file)
    >>> comments.tally("document")[["document", "comments", "open"]].values.tolist()
    [['Design v1', 1, 1]]
    """
    rows = open_list(path, COMMENTS)
    rows.reject_duplicates()
    read = rows.finish()
    synthetic = bool(read.frame["synthetic"].fillna(False).any())
    return Comments(read.frame.drop(columns="synthetic"), read.quarantine, read.notes, read.ledger, synthetic)
