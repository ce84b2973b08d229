"""Small appraisals, written as the files that people edit and read as any other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from smarthan.analysis import Appraisal, read_appraisal

HEADER = "option,criterion,assessor,level,best,low,high,dist,n,k,p,evidence,confidence,note"
CRITERIA = {
    "cost": 'label = "Cost", group = "Money", unit = "GBP", better = "low", range = [0, 100], value = "linear"',
    "reach": 'label = "Reach", group = "Homes", unit = "share", better = "high", range = [0, 1], value = "linear"',
    "calm": 'label = "Calm", group = "Homes", scale = "calm"',
}
SCALES = 'calm = [{id = "loud", value = 0, means = "a"}, {id = "quiet", value = 100, means = "b"}]'


def write_appraisal(
    folder: Path,
    rows: Sequence[str],
    *,
    criteria: Sequence[str] = ("cost", "reach"),
    options: Sequence[str] = ("one", "two"),
    weights: Mapping[str, Sequence[float]] | None = None,
    gates: Sequence[str] = (),
    more: str = "",
) -> Appraisal:
    """Write an appraisal and read it.

    Rows are "option,criterion,assessor,level,best,low,high" and what of the other cells is needed.
    """
    listed = ", ".join(f'{{id = "{name}", label = "Option {name}"}}' for name in options)
    entries = "\n".join(f'[[criteria]]\nid = "{name}"\n{_lines(CRITERIA[name])}' for name in criteria)
    must = ", ".join(f'{{id = "{name}", label = "Is {name}"}}' for name in gates)
    (folder / "appraisal.toml").write_text(
        f'format = "smarthan-appraisal/1"\nid = "small"\ntitle = "Small"\nstatus = "draft"\nsynthetic = true\n'
        f'decision = "Which?"\nbaseline = "{options[0]}"\nas_of = 2013-06-30\nmax_regret = 0.5\nmax_shortlist = 1\n'
        f"options = [{listed}]\n{f'gates = [{must}]' if must else ''}\n{entries}\n"
        f"[scales]\n{SCALES if 'calm' in criteria else ''}\n"
        f'[missing]\nscores = "widest"\noutside = "refuse"\n'
        f"[confidence]\nhigh = 0.05\nmedium = 0.15\nlow = 0.3\n{more}\n"
    )
    width = HEADER.count(",")
    filled = [row + "," * (width - row.count(",")) for row in rows]
    (folder / "scores.csv").write_text("\n".join([HEADER, *filled]) + "\n")
    stated = weights or {"panel": [50.0] * len(criteria)}
    swings = [
        f"{name},{criterion},{swing},,,,,"
        for name, points in stated.items()
        for criterion, swing in zip(criteria, points, strict=True)
    ]
    (folder / "weights.csv").write_text(
        "\n".join(["assessor,criterion,swing,rank,weight,low,high,note", *swings]) + "\n"
    )
    (folder / "evidence.csv").write_text(
        "id,title,kind,date,where,quality,owner\nE1,Note,claim,2013-01-01,note.md,low,panel\n"
    )
    return read_appraisal(folder)


def _lines(pairs: str) -> str:
    """Split `a = 1, b = [0, 1]` at the commas outside brackets."""
    depth, out = 0, []
    for letter in pairs:
        depth += (letter == "[") - (letter == "]")
        out.append("\n" if letter == "," and depth == 0 else letter)
    return "".join(out).replace("\n ", "\n")


PLAIN = (
    "one,cost,panel,,20,10,40",
    "one,reach,panel,,0.6,0.5,0.9",
    "two,cost,panel,,50,30,60",
    "two,reach,panel,,0.9,0.7,1",
)
