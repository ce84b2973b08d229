"""Which cells to hide: the primary ones, and as few others as keep every hidden cell from being worked out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy import sparse

from .attack import TOLERANCE, Attack, Program, extreme_rows, solve
from .lattice import Lattice


@dataclass
class Pattern:
    """The cells of a lattice: which are published, which of those are hidden, which can still be hidden.

    Attributes
    ----------
    lattice : Lattice
    attacks : sequence of Attack
        One a measure; the pattern must hold against each.
    protection : float
        How wide the interval of every hidden cell must be.
    guarded : array of bool
        Published and hidden: must not be worked out.
    shown : array of bool
        Known to the reader.
    movable : array of bool
        Shown, and could be hidden; a figure already published elsewhere could not.
    cost : array of float
        What hiding a cell loses.
    exposed : set of int
        Guarded cells that nothing still hideable can protect.
    """

    lattice: Lattice
    attacks: Sequence[Attack]
    protection: float
    guarded: np.ndarray
    shown: np.ndarray
    movable: np.ndarray
    cost: np.ndarray
    exposed: set[int] = field(default_factory=set)

    @property
    def hidden(self) -> np.ndarray:
        """What the reader does not know: guarded cells, and sums that the table does not hold."""
        return self.lattice.possible & ~self.shown

    def grow(self) -> None:
        """Hide more cells until every guarded one is protected or exposed, the narrowest interval first."""
        while any(self._grow_against(attack) for attack in self.attacks):
            pass

    def shrink(self, candidates: np.ndarray) -> None:
        """Show again each candidate, largest first, without which every guarded cell stays protected."""
        for cell in sorted(candidates.tolist(), key=lambda cell: (-self.cost[cell], cell)):
            if not self._pins(cell):
                self._try_showing(cell)

    def _grow_against(self, attack: Attack) -> bool:
        """Return whether any cell had to be hidden against one attack."""
        program, grown = Program.of(self.lattice, self.hidden), False
        while (cell := self._narrowest(attack.widths(), self.guarded)) is not None:
            if attack.width(program, cell) >= self.protection:
                continue
            added = self._widen(attack, program, cell)
            if added is None:
                self.exposed.add(cell)
                continue
            self.guarded[added], self.shown[added], self.movable[added] = True, False, False
            program, grown = Program.of(self.lattice, self.hidden), True
        return grown

    def _narrowest(self, widths: np.ndarray, guarded: np.ndarray) -> int | None:
        """Return the guarded cell of the narrowest interval that is too narrow; ties by order of the labels."""
        cells = np.flatnonzero(guarded & (widths < self.protection - TOLERANCE))
        cells = cells[~np.isin(cells, list(self.exposed))] if self.exposed else cells
        return int(cells[np.argmin(widths[cells])]) if len(cells) else None

    def _widen(self, attack: Attack, program: Program, cell: int) -> np.ndarray | None:
        """Return the cheapest shown cells that must be hidden too for a cell to reach its protection, or None.

        One cell alone often widens nothing: in a table with both totals it takes a rectangle. So the way by which the
        cell could move up is sought as a whole, each shown cell on it costing its value times how far it moves.
        """
        low, _ = attack.interval(program, cell)
        needed = low + self.protection - attack.table[cell]
        free, moved = np.flatnonzero(self.hidden), np.flatnonzero(self.movable)
        matrix = self.lattice.equations
        matrix = sparse.hstack([matrix[:, free], matrix[:, moved], -matrix[:, moved]], format="csr")
        cost = np.concatenate([np.zeros(len(free)), self.cost[moved], self.cost[moved]])
        bounds = np.column_stack([np.zeros(len(cost)), np.full(len(cost), np.inf)])
        bounds[: len(free), 0] = attack.floor[free]
        bounds[len(free) + len(moved) :, 1] = -attack.floor[moved]
        place = int(np.searchsorted(free, cell))
        bounds[place] = needed
        found = solve(cost, matrix[np.diff(matrix.indptr) > 0], bounds)
        if found is None:
            return None
        ups, downs = found[len(free) : len(free) + len(moved)], found[len(free) + len(moved) :]
        deviations = np.zeros(self.lattice.size)
        deviations[free], deviations[moved] = found[: len(free)], ups - downs
        attack.keep(deviations)
        return moved[np.abs(ups - downs) > TOLERANCE]

    def _pins(self, cell: int) -> bool:
        """Return whether showing a cell would leave a guarded cell alone in a sum."""
        equations = self.lattice.equations
        lines = equations[equations[:, [cell]].nonzero()[0]]
        hidden = self.hidden
        hidden[cell] = False
        alone = (abs(lines) @ hidden.astype(float)) == 1
        return bool(((abs(lines) @ (hidden & self.guarded).astype(float))[alone] == 1).any())

    def _try_showing(self, cell: int) -> None:
        """Show a cell if every guarded cell stays protected; else leave all as it was."""
        guarded, hidden = self.guarded.copy(), self.hidden
        guarded[cell] = hidden[cell] = False
        program = Program.of(self.lattice, hidden)
        left = [self._hold(attack, program, guarded, cell) for attack in self.attacks]
        if any(found is None for found in left):
            return
        for attack, found in zip(self.attacks, left, strict=True):
            attack.found = found if found is not None else attack.found
        self.guarded, self.shown[cell], self.movable[cell] = guarded, True, True

    def _hold(self, attack: Attack, program: Program, guarded: np.ndarray, cell: int) -> np.ndarray | None:
        """Return tables that prove every guarded cell protected with one more cell shown, or None."""
        before = attack.found
        attack.found = attack.found_with(cell)
        while (narrow := self._narrowest(attack.widths(), guarded)) is not None:
            if attack.width(program, narrow) < self.protection - TOLERANCE:
                found = np.vstack([before, attack.found])
                attack.found = found[extreme_rows(found)]
                return None
        proof, attack.found = attack.found, before
        return proof
