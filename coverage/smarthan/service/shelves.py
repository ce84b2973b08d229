"""What was worked out once and may be asked again: so many, and no more."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any


class Shelf:
    """A bounded memory: of more than `most` things, the one unasked longest is forgotten.

    Examples
    --------
    >>> shelf = Shelf(2)
    >>> for name in "abac":
    ...     _ = shelf.get(name) or shelf.put(name, name.upper())
    >>> shelf.get("a"), shelf.get("b"), len(shelf)
    ('A', None, 2)
    """

    def __init__(self, most: int) -> None:
        self._held: OrderedDict[Any, Any] = OrderedDict()
        self._most = most

    def get(self, key: Any) -> Any:
        """Return what stands under a key, None for nothing."""
        found = self._held.get(key)
        if found is not None:
            self._held.move_to_end(key)
        return found

    def put(self, key: Any, value: Any) -> Any:
        """Keep a value; return it."""
        self._held[key] = value
        if len(self._held) > self._most:
            self._held.popitem(last=False)
        return value

    def __len__(self) -> int:
        return len(self._held)
