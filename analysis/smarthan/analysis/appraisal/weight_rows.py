"""From the rows of weights to one weight set for each assessor, with every fault noted at its line."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace

from smarthan.analysis.scoring.values import normalise_weights
from smarthan.analysis.scoring.weights import GROUP_PREFIX, flatten_groups, group_paths, rank_order_weights

from .draft import AppraisalDraft, parse_number
from .parts import Criterion, WeightRow, WeightSet
from .problems import suggest
from .structure import Structure

TABLE = "weights"
_SUM_TOLERANCE = 1e-9  # direct weights are typed, so they must add to 1 up to rounding of binary numbers only
_LARGEST = 1e12  # of points: beyond it their sum loses digits (ours)

Stated = dict[str, tuple[float, ...]]


def read_weights(draft: AppraisalDraft, structure: Structure) -> list[WeightSet]:
    """Return the weight sets of a draft, in the file's order; faults are noted in the draft."""
    sheet = _Sheet(draft, _known_nodes(structure.criteria), _find_unranged(draft))
    broken = {cells["assessor"] for line, cells in draft.rows(TABLE) if (TABLE, line) in draft.unsound}
    typed: dict[str, list[WeightRow]] = defaultdict(list)
    for line, cells in draft.sound_rows(TABLE):
        if not _read_row(sheet, line, cells):
            broken.add(cells["assessor"])
            continue
        numbers = sheet.stated[cells["assessor"]][cells["criterion"]]
        typed[cells["assessor"]].append(WeightRow(cells["criterion"], numbers, cells["note"], line))
    sets = []
    for assessor in sheet.kinds:
        if assessor not in broken:
            _check_unlisted(sheet, assessor, structure)
            built = _build_set(sheet, assessor, structure.criteria)
            sets += [replace(built, rows=tuple(typed[assessor]))] if built else []
    return sets


@dataclass
class _Sheet:
    """The rows read so far: of each assessor the kind of weight, the first line, and what is stated of each node."""

    draft: AppraisalDraft
    nodes: list[str]
    unranged: set[str]
    kinds: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    stated: dict[str, Stated] = field(default_factory=lambda: defaultdict(dict))


def _find_unranged(draft: AppraisalDraft) -> set[str]:
    """Return the criteria that have neither a range nor a scale: an error told already."""
    return {problem.criterion for problem in draft.problems if problem.code == "range_missing"}


def _known_nodes(criteria: tuple[Criterion, ...]) -> list[str]:
    groups = {GROUP_PREFIX + path for criterion in criteria for path in group_paths(criterion.group)}
    return [*(criterion.id for criterion in criteria), *sorted(groups)]


def _read_row(sheet: _Sheet, line: int, cells: dict[str, str]) -> bool:
    """Take a row up; note its first fault and return False where it has one."""
    assessor, node, kind = cells["assessor"], cells["criterion"], _kind_of(cells)
    fault = _find_row_fault(sheet, assessor, node, kind)
    columns = ("low", "high") if kind == "interval" else (kind or "",)
    numbers = [parse_number(cells[name]) if name else None for name in columns]
    fault = fault or _find_number_fault(cells, dict(zip(columns, numbers, strict=True)))
    if fault:
        code, message, column = fault
        text = f"{assessor or 'nobody'}: {message}"
        sheet.draft.error(code, TABLE, text, line=line, column=column, criterion=node)
        return False
    sheet.lines.setdefault(assessor, line)
    sheet.stated[assessor][node] = tuple(number for number in numbers if number is not None)
    return True


_Fault = tuple[str, str, str]


def _find_row_fault(sheet: _Sheet, assessor: str, node: str, kind: str | None) -> _Fault | None:
    if not assessor:
        return "required_missing", "the row names no assessor. Say whose weight it is", "assessor"
    if node not in sheet.nodes:
        return "id_unknown", f'"{node[:64]}" is not a criterion. {suggest(node, sheet.nodes)}', "criterion"
    if kind is None:
        return "weight_kind", "a row states one of swing, rank, weight, or low and high together", ""
    stated = sheet.kinds.setdefault(assessor, kind)
    if stated != kind:
        return "weight_kind", f"mixes {stated} and {kind}; one kind for each assessor", kind
    if node in sheet.stated[assessor]:
        return "weight_twice", f"{node} is weighed twice; keep one row", "criterion"
    if kind == "swing" and node in sheet.unranged:
        text = f"{node} has no range, so a swing means nothing. Agree its range first, then weigh it"
        return "weight_no_swing", text, kind
    return None


def _find_number_fault(cells: dict[str, str], numbers: dict[str, float | None]) -> _Fault | None:
    for name, number in numbers.items():
        if number is None or number > _LARGEST:
            return "weight_nan", f'{name} is "{cells[name][:64]}"; a plain number up to {_LARGEST:g} is needed', name
        if number < 0:
            what = "weight" if name in ("low", "high") else name
            return "weight_negative", f"{number:g}. A {what} is 0 or more", name
    return None


def _kind_of(cells: dict[str, str]) -> str | None:
    kinds = [name for name in ("swing", "rank", "weight") if cells[name]]
    bounds = [name for name in ("low", "high") if cells[name]]
    if len(kinds) == 1 and not bounds:
        return kinds[0]
    return "interval" if not kinds and len(bounds) == 2 else None


def _check_unlisted(sheet: _Sheet, assessor: str, structure: Structure) -> None:
    absent = [criterion.id for criterion in structure.criteria if criterion.id not in sheet.stated[assessor]]
    if not absent:
        return
    is_draft = sheet.draft.status == "draft"
    note = sheet.draft.warn if is_draft else sheet.draft.error
    end = "counted as 0 in this draft" if is_draft else "list each of them"
    text = f"{assessor}: no weight for {', '.join(absent)}; {end}"
    note("weight_unlisted", TABLE, text, line=sheet.lines[assessor])


def _build_set(sheet: _Sheet, assessor: str, criteria: tuple[Criterion, ...]) -> WeightSet | None:
    kind, stated = sheet.kinds[assessor], sheet.stated[assessor]
    fault = _find_set_fault(kind, stated, criteria)
    if fault:
        code, message = fault
        sheet.draft.error(code, TABLE, f"{assessor}: {message}", line=sheet.lines[assessor])
        return None
    ids = [criterion.id for criterion in criteria]
    if kind == "interval":
        bounds = [stated.get(name, (0.0, 0.0)) for name in ids]
        return WeightSet(assessor, kind, None, bounds=tuple((low, high) for low, high in bounds))
    numbers = {name: value[0] for name, value in stated.items()}
    if kind == "rank":
        return _build_ranked(assessor, numbers, ids)
    if any(name.startswith(GROUP_PREFIX) for name in numbers):
        leaves = flatten_groups({**dict.fromkeys(ids, 0.0), **numbers}, {c.id: c.group for c in criteria})
        return WeightSet(assessor, kind, tuple(leaves[name] for name in ids))
    return WeightSet(assessor, kind, tuple(normalise_weights([numbers.get(name, 0.0) for name in ids]).tolist()))


def _build_ranked(assessor: str, ranks: dict[str, float], ids: list[str]) -> WeightSet:
    listed = [name for name in ids if name in ranks]
    centroid = dict(zip(listed, rank_order_weights([ranks[name] for name in listed]).tolist(), strict=True))
    places = tuple(ranks.get(name, float("inf")) for name in ids)  # an unlisted criterion has weight 0
    return WeightSet(assessor, "rank", tuple(centroid.get(name, 0.0) for name in ids), ranks=places)


def _find_set_fault(kind: str, stated: Stated, criteria: tuple[Criterion, ...]) -> tuple[str, str] | None:
    grouped = any(name.startswith(GROUP_PREFIX) for name in stated)
    if grouped and kind != "swing":
        return "weight_kind", f"groups are weighed by swing, not by {kind}"
    values = [value[0] for value in stated.values()]
    if kind == "interval":
        return _find_interval_fault(stated)
    if kind == "rank":
        return ("weight_negative", "a rank is 1 or more, 1 for the most important") if min(values) < 1 else None
    if sum(values) == 0:
        return "weight_all_zero", "all weights are 0; at least one criterion must count"
    if kind == "weight" and abs(sum(values) - 1) > _SUM_TOLERANCE:
        return "weight_sum", f"direct weights add to {sum(values):.10g}; they must add to 1. For points write swing"
    return _find_group_fault(stated, criteria) if grouped else None


def _find_group_fault(stated: Stated, criteria: tuple[Criterion, ...]) -> tuple[str, str] | None:
    swings = {**dict.fromkeys((criterion.id for criterion in criteria), 0.0), **{k: v[0] for k, v in stated.items()}}
    try:
        flatten_groups(swings, {criterion.id: criterion.group for criterion in criteria})
    except ValueError as error:
        return "weight_group", str(error)
    return None


def _find_interval_fault(stated: Stated) -> tuple[str, str] | None:
    reversed_ = [name for name, (low, high) in stated.items() if low > high]
    if reversed_:
        return "order", f"low is above high for {', '.join(reversed_)}"
    least, most = (sum(pair[i] for pair in stated.values()) for i in (0, 1))
    if least > 1 or most < 1:
        return "weight_sum", f"no weights between these bounds add to 1: lows add to {least:g}, highs to {most:g}"
    return None
