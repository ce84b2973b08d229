"""Frozen records without the cost of `dataclasses`, whose import alone takes longer than a cold look-up may.

A type checker sees a frozen dataclass. At run time a record does what is used of one: keyword and positional arguments,
defaults, equality, a readable form, `replace`, and no assignment.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar, dataclass_transform

    T = TypeVar("T")

    def fresh(*, factory: Callable[[], T]) -> T:
        """Stand for a default that is made anew for every record."""
        return factory()

    @dataclass_transform(frozen_default=True, field_specifiers=(fresh,))
    def record(cls: type[T]) -> type[T]:
        """Make a class with annotated fields a frozen record."""
        return cls

    def replace(instance: T, /, **changes: Any) -> T:
        """Return a record with some fields changed."""
        return instance

    def names_of(cls: type) -> tuple[str, ...]:
        """Return the names of a record's fields, in order."""
        return ()

else:

    class _Fresh:
        def __init__(self, factory):
            self.make = factory

    def fresh(*, factory):
        """Stand for a default that is made anew for every record."""
        return _Fresh(factory)

    def names_of(cls):
        """Return the names of a record's fields, in order.

        Examples
        --------
        >>> @record
        ... class Pair:
        ...     one: int
        ...     other: int = 0
        >>> names_of(Pair), Pair(1), replace(Pair(1), other=2) == Pair(1, 2)
        (('one', 'other'), Pair(one=1, other=0), True)
        """
        return cls.__record_fields__

    def record(cls):
        """Make a class with annotated fields a frozen record."""
        cls.__record_fields__ = tuple(cls.__annotations__)
        cls._defaults = {name: cls.__dict__[name] for name in cls.__record_fields__ if name in cls.__dict__}
        cls.__match_args__ = cls.__record_fields__
        for name, method in _METHODS.items():
            if name not in cls.__dict__:
                setattr(cls, name, method)
        return cls

    def replace(instance, /, **changes):
        """Return a record with some fields changed."""
        values = {name: getattr(instance, name) for name in instance.__record_fields__}
        return type(instance)(**{**values, **changes})

    def _init(self, *given, **named):
        names, kind = self.__record_fields__, type(self).__name__
        if len(given) > len(names):
            raise TypeError(f"{kind}: {len(given)} values given for {len(names)} fields")
        values = dict(zip(names, given, strict=False))
        unknown = [name for name in named if name not in names or name in values]
        if unknown:
            raise TypeError(f"{kind}: {unknown[0]!r} is no field of it, or is given twice")
        values.update(named)
        for name in names:
            if name not in values:
                if name not in self._defaults:
                    raise TypeError(f"{kind}: {name!r} is missing")
                default = self._defaults[name]
                values[name] = default.make() if isinstance(default, _Fresh) else default
        self.__dict__.update({name: values[name] for name in names})
        after = getattr(self, "__post_init__", None)
        if after is not None:
            after()

    def _eq(self, other):
        return self.__dict__ == other.__dict__ if type(other) is type(self) else NotImplemented

    def _hash(self):
        return hash(tuple(self.__dict__.values()))

    def _repr(self):
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__record_fields__)
        return f"{type(self).__name__}({shown})"

    def _frozen(self, name, value=None):
        raise AttributeError(f"{type(self).__name__}.{name} cannot be changed; use replace")

    _METHODS = {
        "__init__": _init,
        "__eq__": _eq,
        "__hash__": _hash,
        "__repr__": _repr,
        "__setattr__": _frozen,
        "__delattr__": _frozen,
    }

__all__ = ["fresh", "names_of", "record", "replace"]
