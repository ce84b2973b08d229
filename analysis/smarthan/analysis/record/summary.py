"""The appraisal summary table: every option by gates, cost, criteria, total with interval, rank, and its main doubt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from smarthan.analysis.appraisal.judgements import best_score
from smarthan.analysis.scoring.values import Floats
from smarthan.analysis.simulation.totals import total_limits
from smarthan.analysis.simulation.uncertainty import look_out

from .markup import show_table
from .results import Results
from .words import labels_of, say_cell, with_error

if TYPE_CHECKING:
    from smarthan.analysis.appraisal.model import Appraisal
    from smarthan.analysis.appraisal.parts import Criterion, Option
    from smarthan.analysis.simulation.runs import Simulation

COLUMNS = ["option", "label", "part", "item", "name", "value", "unit", "says"]
_SEEN = {
    "advice": "Advice",
    "rank": "Rank",
    "total": "Points",
    "interval": "5 to 95 % of draws",
    "first": "First in draws",
    "cost": "Cost",
    "gates": "Must-haves",
    "doubt": "Main doubt",
}
Row = tuple[str, str, float | None, str, str]  # part, item, value, unit, says


@dataclass(frozen=True)
class SummaryTable:
    """The appraisal summary table.

    Attributes
    ----------
    weights_name : str
        Whose weights the totals use.
    table : DataFrame
        Tidy: option, label, part (advice, rank, total, interval, low, high, first, cost, gates, doubt; gate and
        criterion, one row each), item (id of the gate or criterion), name, value (a number, or missing), unit, says
        (the same in words). Options as the score ranks them.
    """

    weights_name: str
    table: pd.DataFrame

    def wide(self) -> pd.DataFrame:
        """Return one row an option, for reading: advice, rank, points with interval, first, cost, must-haves, doubt."""
        kept = self.table[self.table["part"].isin(list(_SEEN))]
        wide = kept.pivot(index="label", columns="part", values="says").loc[list(dict.fromkeys(kept["label"]))]
        wide = wide[[part for part in _SEEN if part in wide]].rename(columns=_SEEN)
        frame = wide.reset_index().rename(columns={"label": "Option"}).rename_axis(columns=None)
        frame.attrs.update(self.table.attrs)
        return frame

    def performance(self) -> pd.DataFrame:
        """Return one row a criterion, one column an option: the scores in words and numbers."""
        kept = self.table[self.table["part"].eq("criterion")]
        wide = kept.pivot(index="name", columns="label", values="says")
        wide = wide.loc[list(dict.fromkeys(kept["name"])), list(dict.fromkeys(kept["label"]))]
        frame = wide.reset_index().rename(columns={"name": "Criterion"}).rename_axis(columns=None)
        frame.attrs.update(self.table.attrs)
        return frame

    def _repr_html_(self) -> str:
        head = f"Appraisal summary table, weights of {self.weights_name}"
        return show_table(self.wide(), head) + show_table(self.performance(), "Performance matrix")

    def __repr__(self) -> str:
        return str(self)

    def __str__(self) -> str:
        return f"Appraisal summary table, weights of {self.weights_name}\n{self.wide().to_string(index=False)}"


def summarise(appraisal: Appraisal, results: Results, weights: str | Mapping[str, float] | None = None) -> SummaryTable:
    """Return the summary table of an appraisal; see `Appraisal.summary_table`."""
    name, shares = appraisal.weights_of(weights)
    order = appraisal.score(weights).table
    options = {option.id: option for option in appraisal.options}
    totals = {row.option: (row.total, row.rank) for row in order.itertuples()}
    simulated = _simulated(results.simulation, shares)
    labels, rows = labels_of(appraisal), []
    for option in (options[each] for each in order["option"]):
        parts: list[Row] = [
            ("advice", "", None, "", _advise(appraisal, option.id, results)),
            *_gate_rows(appraisal, option.id),
            _cost_row(appraisal, option.id),
            *_criterion_rows(appraisal, option.id),
            *_total_rows(*totals[option.id], simulated.get(option.id)),
            _first_row(simulated, option.id),
            _doubt_row(appraisal, option.id, shares),
        ]
        rows += [_label(labels, option, part) for part in parts]
    frame = pd.DataFrame(rows, columns=COLUMNS)
    frame = frame.astype({column: "float64" if column == "value" else "str" for column in COLUMNS})
    frame.attrs["weights"] = name
    return SummaryTable(name, appraisal.stamp(frame))


def _label(labels: Mapping[str, str], option: Option, row: Row) -> tuple[object, ...]:
    part, item, value, unit, says = row
    return option.id, labels[option.id], part, item, labels.get(item, _SEEN.get(part, part)), value, unit, says


def _simulated(simulation: Simulation | None, shares: Floats) -> dict[str, dict[str, float]]:
    if simulation is None:
        return {}
    limits = total_limits(simulation, shares).set_index("option")
    first = simulation.confidence().set_index("option")[["first_share", "first_se"]]
    return {option: {**limits.loc[option].to_dict(), **first.loc[option].to_dict()} for option in simulation.options}


def _advise(appraisal: Appraisal, option: str, results: Results) -> str:
    baseline = " (the do-minimum)" if option == appraisal.baseline else ""
    if appraisal.gate_states[option].answer == "no":
        return f"out at a must-have{baseline}"
    if results.decision is None:
        return f"in the running{baseline}"
    return f"{'shortlist' if option in results.decision.shortlist else 'not shortlisted'}{baseline}"


def _gate_rows(appraisal: Appraisal, option: str) -> Iterator[Row]:
    state = appraisal.gate_states[option]
    yield "gates", "", state.chance, "chance", "passes all" if state.answer == "yes" else state.reason
    table = appraisal.gates()
    for row in table[table["option"] == option].itertuples():
        words = {"yes": "passes", "no": "fails", "unknown": f"not known, chance {row.chance:g}"}[row.answer]
        yield "gate", row.gate, row.chance, "chance", words


def _cost_row(appraisal: Appraisal, option: str) -> Row:
    if appraisal.money is None:
        return "cost", "", None, "", "no cost criterion is named"
    criterion = next(each for each in appraisal.criteria if each.id == appraisal.money.criterion)
    return (
        "cost",
        criterion.id,
        _number(appraisal, option, criterion),
        criterion.unit,
        say_cell(appraisal, option, criterion),
    )


def _criterion_rows(appraisal: Appraisal, option: str) -> Iterator[Row]:
    for criterion in appraisal.criteria:
        number = _number(appraisal, option, criterion)
        yield "criterion", criterion.id, number, criterion.unit or "word", say_cell(appraisal, option, criterion)


def _number(appraisal: Appraisal, option: str, criterion: Criterion) -> float | None:
    score = best_score(appraisal.cells[option, criterion.id], criterion)
    return score if isinstance(score, float) else None


def _total_rows(total: float, rank: object, simulated: Mapping[str, float] | None) -> Iterator[Row]:
    is_out = pd.isna(rank)
    yield "rank", "", None if is_out else float(rank), "", "out" if is_out else str(rank)  # type: ignore[arg-type]
    yield "total", "", total, "points", f"{total:.1f}"
    if simulated is None:
        yield "interval", "", None, "points", "not simulated"
        return
    low, high = simulated["low"], simulated["high"]
    yield "interval", "", None, "points", f"{low:.1f} to {high:.1f}"
    yield "low", "", low, "points", f"{low:.1f}"
    yield "high", "", high, "points", f"{high:.1f}"


def _first_row(simulated: Mapping[str, Mapping[str, float]], option: str) -> Row:
    if option not in simulated:
        return "first", "", None, "share", "has no rank" if simulated else "not simulated"
    share, error = simulated[option]["first_share"], simulated[option]["first_se"]
    return "first", "", share, "share", with_error(share, error)


def _doubt_row(appraisal: Appraisal, option: str, shares: Floats) -> Row:
    """Return the score whose doubt moves the option's total most: weight times the standard deviation of its points."""
    spreads = []
    for criterion, weight in zip(appraisal.criteria, shares, strict=True):
        outlook = look_out(appraisal.cells[option, criterion.id], criterion, appraisal.spread)
        spreads.append((float(weight * outlook.variance**0.5), criterion))
    sd, widest = max(spreads, key=lambda each: each[0])
    if sd == 0:
        return "doubt", "", 0.0, "points", "no score is in doubt"
    says = f"{widest.label} ({say_cell(appraisal, option, widest)}): ± {sd:.1f}"
    return "doubt", widest.id, sd, "points", says
