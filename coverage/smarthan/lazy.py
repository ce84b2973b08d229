"""Public names that load their module on first use, so that importing a room costs nothing.

Reading a table needs pandas (0.4 s); asking one postcode does not. PEP 562 lets a package offer both.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any


def lazy_names(package: str, where: Mapping[str, str]) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Return the `__getattr__` and `__dir__` of a package whose names live in its modules.

    Parameters
    ----------
    package : str
        The package's `__name__`.
    where : mapping of str to str
        Public name to the full name of the module that defines it.

    Returns
    -------
    tuple of two functions
        To be assigned to `__getattr__` and `__dir__` in the package's `__init__.py`.

    Raises
    ------
    AttributeError
        From the returned `__getattr__`, for a name that is not public.

    Examples
    --------
    >>> getattr_, dir_ = lazy_names("smarthan.example", {"sqrt": "math"})
    >>> getattr_("sqrt")(9.0), dir_()
    (3.0, ['sqrt'])
    """

    def load(name: str) -> Any:
        if name not in where:
            raise AttributeError(f"module '{package}' has no attribute '{name}'; it offers {', '.join(sorted(where))}")
        __import__(where[name])  # importlib would cost a cold look-up a millisecond
        return getattr(sys.modules[where[name]], name)

    def names() -> list[str]:
        return sorted(where)

    return load, names
