"""The keys that `appraisal.toml` may hold, and the columns of the tables beside it."""

from __future__ import annotations

from smarthan.settings import Key, Model

FORMAT = "smarthan-appraisal/1"
STATUSES = ("draft", "agreed", "published")
CONFIDENCES = ("high", "medium", "low")
EVIDENCE_KINDS = ("measurement", "model", "survey", "claim", "decision")
DISTRIBUTIONS = ("pert", "triangular", "uniform", "normal", "beta")
GATE_ANSWERS = ("yes", "no", "unknown")

# Share of the range, or chance of a neighbouring word, when a score states neither low and high nor counts: assumed,
# and stated again in every appraisal that leaves [confidence] out (docs/assumptions.md).
SPREAD = {"high": 0.05, "medium": 0.15, "low": 0.30}

# Beyond these no range, cost or number of premises means anything, and sums lose their last digits: assumed.
_LARGEST, _MOST_BUILDINGS = 1e12, 100_000

_TEXT = Key("text", required=True)
_WORD = Key("text")
_SIZED = Key("number", low=-_LARGEST, high=_LARGEST)
_COST = Key("number", low=0, high=_LARGEST)
OPTION = {"id": _TEXT, "label": _TEXT, "family": _WORD, "trial": Key("list", items=_TEXT)}
GATE = {"id": _TEXT, "label": _TEXT}
CRITERION = {
    "id": _TEXT,
    "label": _TEXT,
    "group": _WORD,
    "unit": _WORD,
    "better": Key("text", allowed=("high", "low")),
    "range": Key("list", items=_SIZED),
    "value": Key(("text", "list"), items=Key("list", items=_SIZED)),
    "scale": _WORD,
    "outside": Key("text", allowed=("refuse", "clip")),
}
LEVEL = {"id": _TEXT, "value": Key("number", required=True, low=0, high=100), "means": _WORD}
TRIAL = {
    "id": _TEXT,
    "label": _WORD,
    "criterion": _TEXT,
    "options": Key("list", required=True, items=_TEXT),
    "design": Key("text", allowed=("binomial",)),
    "dwellings_per_building": Key("number", low=1, high=_LARGEST),
    "icc": Key("number", low=0, high=1),
    "setup": _COST,
    "per_building": _COST,
    "delay_months": _COST,
    "delay_cost_per_month": _COST,
    "max_buildings": Key("integer", low=5, high=_MOST_BUILDINGS),
}
_MONEY = {
    "criterion": _TEXT,
    "premises": Key("number", required=True, low=1, high=_LARGEST),
    "price_base": Key("integer"),
    "present_year": Key("integer"),
}
_MISSING = {
    "scores": Key("text", allowed=("widest", "refuse")),
    "outside": Key("text", allowed=("refuse", "clip")),
}
_SHARE = Key("number", low=0, high=1)

MODEL: Model = {
    "format": _TEXT,
    "id": _TEXT,
    "title": _TEXT,
    "status": Key("text", required=True, allowed=STATUSES),
    "synthetic": Key("boolean", required=True),
    "decision": _TEXT,
    "baseline": _WORD,
    "as_of": Key("date", required=True),
    "max_regret": Key("number", low=0, high=100),
    "max_shortlist": Key("integer", low=1),
    "options": Key("list", required=True, items=Key("table", keys=OPTION)),
    "gates": Key("list", items=Key("table", keys=GATE)),
    "criteria": Key("list", required=True, items=Key("table", keys=CRITERION)),
    "trials": Key("list", items=Key("table", keys=TRIAL)),
    "scales": Key("table", items=Key("list", items=Key("table", keys=LEVEL))),
    "agreed": Key("table", keys={"on": Key("date"), "by": _WORD, "minute": _WORD}),
    "missing": Key("table", keys=_MISSING),
    "money": Key("table", keys=_MONEY),
    "confidence": Key("table", keys=dict.fromkeys(CONFIDENCES, _SHARE)),
}

SCORE_COLUMNS = (
    *("option", "criterion", "assessor", "level", "best", "low", "high", "dist"),
    *("n", "k", "p", "evidence", "confidence", "note"),
)
WEIGHT_COLUMNS = ("assessor", "criterion", "swing", "rank", "weight", "low", "high", "note")
EVIDENCE_COLUMNS = ("id", "title", "kind", "date", "where", "quality", "owner")
TABLES = {"scores": SCORE_COLUMNS, "weights": WEIGHT_COLUMNS, "evidence": EVIDENCE_COLUMNS}
# Columns without which a table says nothing; the others may be left out of the header.
NEEDED = {
    "scores": ("option", "criterion", "assessor"),
    "weights": ("assessor", "criterion"),
    "evidence": ("id", "title", "kind", "date", "quality"),
}
