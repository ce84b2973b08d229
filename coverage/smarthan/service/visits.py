"""One request on its way through the service: who asks, what for, and what becomes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .refusals import Refusal
from .vocabulary import ACTIONS

if TYPE_CHECKING:
    from .holder import Served
    from .quotas import Quotas
    from .roles import Role


class Visit:
    """What the service and its audit know of a request.

    Attributes
    ----------
    role : Role or None
        None until the key was read.
    key : str or None
        Hashed id of the key.
    action : str or None
        What was asked for.
    outward : str or None
        The outward code asked, the most that the audit may know.
    as_of : str or None
        The day that the request names.
    release_id, status : str or None
        Which release answered, and how.
    rows : int
        Answers given.
    served : Served or None
        The release in force when the request came: all of the answer is taken from it.
    """

    __slots__ = (
        *("role", "key", "who", "quotas", "served"),
        *("action", "outward", "as_of", "release_id", "status", "rows"),
    )

    def __init__(
        self,
        *,
        role: Role | None = None,
        key: str | None = None,
        who: str = "",
        quotas: Quotas | None = None,
        served: Served | None = None,
        action: str | None = None,
        outward: str | None = None,
        status: str | None = None,
        rows: int = 0,
    ) -> None:
        self.role, self.key, self.who, self.quotas, self.served = role, key, who, quotas, served
        self.action, self.outward, self.status, self.rows = action, outward, status, rows
        self.as_of: str | None = None
        self.release_id: str | None = None

    def enter(self, action: str, grain: str = "AREA") -> Role:
        """Go on only where the role may do this at this grain.

        Raises
        ------
        Refusal
            DENIED.
        """
        self.action = action
        if self.role is None or not self.role.may(action, grain):
            self.status = "DENIED"
            name = self.role.name if self.role else "?"
            at = f" at {grain} grain" if grain != "AREA" else ""
            raise Refusal("DENIED", f"role {name} may not {ACTIONS[action]}{at}")
        return self.role

    def charge(self, answers: int) -> None:
        """Take answers from the day's allowance of the caller.

        Raises
        ------
        Refusal
            TOO_MANY.
        """
        if self.quotas is not None and self.role is not None:
            self.quotas.take_answers(self.who, self.role, answers)

    def note(self, status: str, rows: int = 1) -> None:
        """Remember how the request ended, for the audit."""
        self.status, self.rows = status, rows
