"""From the rows of weights.csv to one weight set for each assessor, with every fault noted at its line."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from smarthan.analysis.scoring.values import normalise_weights
from smarthan.analysis.scoring.weights import GROUP_PREFIX, flatten_groups, group_paths, rank_order_weights

from .files import AppraisalDraft, parse_number
from .parts import Criterion, WeightRow, WeightSet
from .problems import suggest
from .structure import Structure

FILE = "weights.csv"
_SUM_TOLERANCE = 1e-9  # direct weights are typed, so they must add to 1 up to rounding of binary numbers only

Stated = dict[str, tuple[float, ...]]


def read_weights(draft: AppraisalDraft, structure: Structure) -> list[WeightSet]:
    """Return the weight sets of a draft, in the file's order; faults are noted in the draft."""
    kinds: dict[str, str] = {}
    stated: dict[str, Stated] = defaultdict(dict)
    nodes = _known_nodes(structure.criteria)
    broken: set[str] = set()
    typed: dict[str, list[WeightRow]] = defaultdict(list)
    for line, cells in draft.rows("weights"):
        before = len(draft.problems)
        _read_row(draft, line, cells, kinds, stated, nodes)
        if len(draft.problems) > before:
            broken.add(cells["assessor"])
            continue
        numbers = stated[cells["assessor"]][cells["criterion"]]
        typed[cells["assessor"]].append(WeightRow(cells["criterion"], numbers, cells["note"], line))
    sets = []
    for assessor, kind in kinds.items():
        if assessor not in broken:
            _check_unlisted(draft, assessor, stated[assessor], structure)
            built = _build_set(draft, assessor, kind, stated[assessor], structure.criteria)
            sets += [replace(built, rows=tuple(typed[assessor]))] if built else []
    return sets


def _known_nodes(criteria: tuple[Criterion, ...]) -> list[str]:
    groups = {GROUP_PREFIX + path for criterion in criteria for path in group_paths(criterion.group)}
    return [*(criterion.id for criterion in criteria), *sorted(groups)]


def _read_row(
    draft: AppraisalDraft,
    line: int,
    cells: dict[str, str],
    kinds: dict[str, str],
    stated: dict[str, Stated],
    nodes: list[str],
) -> None:
    assessor, node = cells["assessor"], cells["criterion"]

    def fault(code: str, message: str) -> None:
        draft.error(code, FILE, f"{assessor or 'nobody'}: {message}", line=line, criterion=node)

    kind = _kind_of(cells)
    if not assessor:
        return fault("required_missing", "the row names no assessor. Say whose weight it is")
    if node not in nodes:
        return fault("id_unknown", f'"{node[:64]}" is not a criterion. {suggest(node, nodes)}')
    if kind is None:
        return fault("weight_kind", "a row states one of swing, rank, weight, or low and high together")
    if kinds.setdefault(assessor, kind) != kind:
        return fault("weight_kind", f"mixes {kinds[assessor]} and {kind}; one kind for each assessor")
    if node in stated[assessor]:
        return fault("weight_twice", f"{node} is weighed twice; keep one row")
    columns = ("low", "high") if kind == "interval" else (kind,)
    numbers = [parse_number(cells[name]) for name in columns]
    for name, number in zip(columns, numbers, strict=True):
        if number is None:
            return fault("weight_nan", f'{name} is "{cells[name][:64]}"; a plain number is needed')
        if number < 0:
            return fault("weight_negative", f"{number:g}. A {'weight' if kind == 'interval' else kind} is 0 or more")
    stated[assessor][node] = tuple(number for number in numbers if number is not None)
    return None


def _kind_of(cells: dict[str, str]) -> str | None:
    kinds = [name for name in ("swing", "rank", "weight") if cells[name]]
    bounds = [name for name in ("low", "high") if cells[name]]
    if len(kinds) == 1 and not bounds:
        return kinds[0]
    return "interval" if not kinds and len(bounds) == 2 else None


def _check_unlisted(draft: AppraisalDraft, assessor: str, stated: Stated, structure: Structure) -> None:
    absent = [criterion.id for criterion in structure.criteria if criterion.id not in stated]
    if not absent:
        return
    is_draft = draft.toml is not None and draft.toml.values.get("status") == "draft"
    note = draft.warn if is_draft else draft.error
    end = "counted as 0 in this draft" if is_draft else "list each of them"
    note("weight_unlisted", FILE, f"{assessor}: no weight for {', '.join(absent)}; {end}")


def _build_set(
    draft: AppraisalDraft, assessor: str, kind: str, stated: Stated, criteria: tuple[Criterion, ...]
) -> WeightSet | None:
    fault = _find_set_fault(kind, stated, criteria)
    if fault:
        code, message = fault
        draft.error(code, FILE, f"{assessor}: {message}")
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
