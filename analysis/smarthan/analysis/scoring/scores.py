"""The additive score at the best estimates: totals, ranks, and what each criterion contributes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from smarthan.analysis.appraisal.judgements import missing_share
from smarthan.analysis.appraisal.model import Appraisal
from smarthan.analysis.record.displays import Display, Displayed, mark_table

from .values import Floats, additive_value


@dataclass(frozen=True, repr=False)
class Score(Displayed):
    """Totals of an appraisal at its best estimates.

    Attributes
    ----------
    weights_name : str
        Whose weights they are.
    weights : Series
        Weight of each criterion; adds to 1.
    table : DataFrame
        option, label, total [points], rank (missing where a gate is failed), gate (yes, no, unknown), gate_reason,
        dominated_by, missing_weight (share of weight on cells without a score). Best first, options that are out last.
    """

    weights_name: str
    weights: pd.Series
    table: pd.DataFrame
    title: str
    _values: Floats = field(repr=False)
    _groups: tuple[str, ...] = field(repr=False)
    _options: tuple[str, ...] = field(repr=False)

    def contributions(self) -> pd.DataFrame:
        """Return weight times value for each option and criterion; an option's contributions add to its total.

        Returns
        -------
        DataFrame
            option, criterion, group, weight [share], value [points], contribution [points]; options as in `table`.
        """
        rows = []
        place = {option: number for number, option in enumerate(self._options)}
        for option in self.table["option"]:
            values = self._values[place[option]]
            for criterion, group, weight, value in zip(
                self.weights.index, self._groups, self.weights, values, strict=True
            ):
                rows.append((option, criterion, group, weight, value, weight * value))
        names = ["option", "criterion", "group", "weight", "value", "contribution"]
        frame = pd.DataFrame(rows, columns=names).astype(dict.fromkeys(names[:3], "str"))
        frame.attrs.update(self.table.attrs)
        return frame

    @property
    def leader(self) -> str:
        """The id of the first option."""
        return str(self.table["option"].iloc[0])

    def display(self) -> Display:
        """Return the ranking for a notebook or a terminal."""
        shown = self.table[["label", "rank", "total", "gate", "gate_reason", "dominated_by", "missing_weight"]]
        table = mark_table(shown, "Points of 100, ranks and must-haves")
        head = f"{self.title}: score by the weights of {self.weights_name}"
        return Display(head, [table], synthetic=bool(self.table.attrs.get("synthetic")))


def score_appraisal(appraisal: Appraisal, weights: str | Mapping[str, float] | None = None) -> Score:
    """Score an appraisal; see `Appraisal.score`."""
    name, shares = appraisal.weights_of(weights)
    ids = [option.id for option in appraisal.options]
    states = [appraisal.gate_states[option] for option in ids]
    table = pd.DataFrame(
        {
            "option": pd.Series(ids, dtype="str"),
            "label": pd.Series([option.label for option in appraisal.options], dtype="str"),
            "total": additive_value(appraisal.best_values, shares),
            "gate": pd.Series([state.answer for state in states], dtype="str"),
            "gate_reason": pd.Series([state.reason for state in states], dtype="str"),
            "dominated_by": pd.Series(_find_dominators(appraisal), dtype="str"),
            "missing_weight": [_missing_weight(appraisal, option, shares) for option in ids],
        }
    )
    level = table["total"].round(9)  # totals that differ by rounding alone share a rank
    table.insert(3, "rank", level.where(table["gate"] != "no").rank(ascending=False, method="min").astype("Int64"))
    order = table.assign(level=level).sort_values(["rank", "level"], ascending=[True, False], kind="stable").index
    table = table.loc[order].reset_index(drop=True)
    table.attrs["weights"] = name
    series = pd.Series(shares, index=[criterion.id for criterion in appraisal.criteria], name="weight")
    groups = tuple(criterion.group for criterion in appraisal.criteria)
    return Score(name, series, appraisal.stamp(table), appraisal.title, appraisal.best_values, groups, tuple(ids))


def _find_dominators(appraisal: Appraisal) -> list[str]:
    pairs = appraisal.dominance()
    pairs = pairs[pairs["relation"] == "dominates"]
    return [", ".join(pairs.loc[pairs["over"] == option.id, "option"]) for option in appraisal.options]


def _missing_weight(appraisal: Appraisal, option: str, shares: Floats) -> float:
    absent = [missing_share(appraisal.cells[option, criterion.id]) for criterion in appraisal.criteria]
    return float(sum(share * weight for share, weight in zip(absent, shares, strict=True)))
