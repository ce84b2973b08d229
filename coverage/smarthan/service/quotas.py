"""How much a caller may still ask: requests this second, answers this day.

Answers are counted, not requests, so that nobody walks all postcodes by asking a thousand at a time.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from typing import TYPE_CHECKING

from .refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from .roles import Role

_DAY_S = 86_400


class _Account:
    """What one caller has left: requests as a bucket that fills by the second, answers of the day."""

    __slots__ = ("answers", "at", "day", "requests")

    def __init__(self, requests: float, at: float) -> None:
        self.requests, self.at = requests, at
        self.day, self.answers = 0, 0


class Quotas:
    """The accounts of the callers that came lately.

    Parameters
    ----------
    most : int
        Accounts kept; of more, the one away longest is forgotten.
    clock : function
        Seconds since 1970; the day is that of UTC.

    Examples
    --------
    >>> from smarthan.service.roles import Role
    >>> slow = Role("slow", frozenset(), "AREA", per_second=1, per_day=10)
    >>> quotas = Quotas(10, clock=lambda: 0.0)
    >>> quotas.take_request("a", slow)
    >>> quotas.take_request("a", slow)
    Traceback (most recent call last):
    smarthan.service.refusals.Refusal: more than 1 requests a second; ask again in 1 s
    """

    def __init__(self, most: int, clock: Callable[[], float] = time.time) -> None:
        self._accounts: OrderedDict[str, _Account] = OrderedDict()
        self._most, self._clock = most, clock

    def take_request(self, who: str, role: Role) -> None:
        """Take one request.

        Raises
        ------
        Refusal
            TOO_MANY, with Retry-After.
        """
        now = self._clock()
        account = self._open(who, role, now)
        account.requests = min(role.per_second, account.requests + max(now - account.at, 0.0) * role.per_second)
        account.at = now
        if account.requests < 1:
            raise _refuse(f"more than {role.per_second} requests a second", 1)
        account.requests -= 1

    def take_answers(self, who: str, role: Role, number: int) -> None:
        """Take answers of the day; more than are left are refused whole, and cost nothing.

        Raises
        ------
        Refusal
            TOO_MANY, with Retry-After.
        """
        now = self._clock()
        account = self._open(who, role, now)
        day, gone = divmod(int(now), _DAY_S)
        if account.day != day:
            account.day, account.answers = day, 0
        if account.answers + number > role.per_day:
            left = role.per_day - account.answers
            raise _refuse(f"{number:,} answers asked, {left:,} of {role.per_day:,} are left today", _DAY_S - gone)
        account.answers += number

    def _open(self, who: str, role: Role, now: float) -> _Account:
        account = self._accounts.get(who)
        if account is None:
            account = self._accounts[who] = _Account(role.per_second, now)
            if len(self._accounts) > self._most:
                self._accounts.popitem(last=False)
        else:
            self._accounts.move_to_end(who)
        return account


def _refuse(words: str, wait_s: int) -> Refusal:
    header = (b"retry-after", str(wait_s).encode())
    return Refusal("TOO_MANY", f"{words}; ask again in {wait_s:,} s", headers=(header,))
