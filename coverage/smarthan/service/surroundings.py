"""What stands around an answer: its sector, its outward code, the codes beside that, as shares and on a small map."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from smarthan.coverage.postcodes.rules import parse_postcode

from .maps import CLASSES, class_of, draw_around
from .parts import answer_key, roll_up

if TYPE_CHECKING:
    import datetime as dt

    from smarthan.coverage.postcodes.rules import Postcode

    from .holder import Served
    from .workplace import Workplace


@dataclass(frozen=True)
class Area:
    """One line of the table of surroundings: what, how much of it is covered, of how many."""

    key: str
    kind: str
    share: float | None
    weight: float

    @property
    def shown(self) -> str:
        """The share in words. Only a share of everything is called 100 %."""
        if self.share is None:
            return "not known"
        return f"{min(self.share, 0.999) if self.share < 1 else 1:.1%}"


@dataclass(frozen=True)
class Picture:
    """The surroundings of an answer.

    Attributes
    ----------
    areas : list of Area
        The sector, the outward code, then the outward codes beside it, the least covered first.
    drawn : dict or None
        As `draw_around` gives it.
    basis : str
        What the shares are of.
    """

    areas: list[Area]
    drawn: dict[str, Any] | None
    basis: str
    classes: list[str] = field(default_factory=lambda: [words for _, words in CLASSES])


async def see_around(work: Workplace, served: Served, place: Postcode, day: dt.date) -> Picture | None:
    """Return the surroundings of a place; None where its outward code is not in the release."""
    if place.outward is None:
        return None
    shares = await _outward_shares(work, served, day)
    if place.outward not in shares:
        return None
    drawn = await work.work(
        lambda: draw_around(place.outward or "", {code: share for code, (share, _) in shares.items()})
    )
    # The map names the same outward codes, so that each may stand for the other.
    near = drawn["near"] if drawn else {}
    others = [
        Area(code, "beside it" if shown else "near, beyond the map", *shares.get(code, (None, 0.0)))
        for code, shown in near.items()
        if shown or code in shares
    ]
    others.sort(key=lambda area: (area.share if area.share is not None else 2, area.key))
    own = [Area(place.outward, "outward code", *shares[place.outward])]
    sector = await _sector(work, served, place, day)
    basis = "premises" if served.mapped.has_premises else "postcodes"
    return Picture([*sector, *own, *others], drawn, basis)


async def _sector(work: Workplace, served: Served, place: Postcode, day: dt.date) -> list[Area]:
    if place.sector is None:
        return []
    answer = await answer_key(work, served, place.sector, None, day)
    if answer.status != "OK":
        return []
    return [Area(place.sector, "sector", answer.share, 0)]


async def _outward_shares(work: Workplace, served: Served, day: dt.date) -> dict[str, tuple[float | None, float]]:
    """Return covered share and weight of each outward code."""
    kept = served.tables.get(("shares", day))
    if kept is not None:
        return kept
    table = await roll_up(work, served, ("outward",), day)
    found = {
        code: (None if share != share else float(share), float(weight))
        for code, share, weight in zip(table["outward"], table["share_covered"], table["weight"], strict=True)
    }
    return served.tables.put(("shares", day), found)


async def warm(work: Workplace, served: Served, day: dt.date) -> None:
    """Work the picture of some place out beforehand, so that the first visitor need not wait for it."""
    shares = await _outward_shares(work, served, day)
    if shares:
        await see_around(work, served, parse_postcode(next(iter(shares))), day)


__all__ = ["Area", "Picture", "class_of", "see_around", "warm"]
