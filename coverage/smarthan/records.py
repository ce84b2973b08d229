"""Frozen records without the cost of `dataclasses`, whose import alone takes longer than a cold look-up may.

A type checker sees a frozen dataclass. At run time a record does what is used of one: keyword and positional arguments,
defaults, equality, a readable form, `replace`, and no assignment.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar, dataclass_transform
    from typing import NamedTuple as NamedTuple

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

    class NamedTuple(tuple):
        """A tuple with named places, declared as `typing.NamedTuple` is and as frugal to load as the records.

        Examples
        --------
        >>> class Pair(NamedTuple):
        ...     one: int
        ...     other: int = 0
        >>> one, other = Pair(1)
        >>> Pair(1)._replace(other=other + 2), Pair(1).one, Pair._fields
        (Pair(one=1, other=2), 1, ('one', 'other'))
        """

        __slots__ = ()

        def __init_subclass__(cls):
            cls._fields = cls.__match_args__ = tuple(cls.__annotations__)
            cls._defaults = {name: cls.__dict__[name] for name in cls._fields if name in cls.__dict__}
            cls._last = tuple(cls._defaults.values())  # a tuple's defaults stand at its end
            for place, name in enumerate(cls._fields):
                setattr(cls, name, property(lambda self, place=place: self[place]))

        def __new__(cls, *given, **named):
            missing = len(cls._fields) - len(given)
            if not named and 0 <= missing <= len(cls._last):
                return tuple.__new__(cls, given + cls._last[len(cls._last) - missing :])
            values = _settle(cls.__name__, cls._fields, cls._defaults, given, named)
            return tuple.__new__(cls, (values[name] for name in cls._fields))

        def __getnewargs__(self):
            return tuple(self)

        def _asdict(self):
            return dict(zip(self._fields, self, strict=True))

        def _replace(self, **changes):
            return type(self)(**{**self._asdict(), **changes})

        def __repr__(self):
            shown = ", ".join(f"{name}={value!r}" for name, value in self._asdict().items())
            return f"{type(self).__name__}({shown})"

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
        cls._made = [(name, value.make) for name, value in cls._defaults.items() if isinstance(value, _Fresh)]
        cls._checks = hasattr(cls, "__post_init__")
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
        cls = type(self)
        values = _settle(cls.__name__, cls.__record_fields__, cls._defaults, given, named)
        for name, make in cls._made:
            if type(values[name]) is _Fresh:
                values[name] = make()
        self.__dict__.update(values)
        if cls._checks:
            self.__post_init__()

    def _settle(kind, names, defaults, given, named):
        """Return every field with its value."""
        values = {**defaults, **named}
        if given:
            if len(given) > len(names):
                raise TypeError(f"{kind}: {len(given)} values given for {len(names)} fields")
            values.update(zip(names, given, strict=False))
        if len(values) != len(names) or any(name in named for name in names[: len(given)]):
            _refuse(kind, names, given, named, values)
        return values

    def _refuse(kind, names, given, named, values):
        missing = [name for name in names if name not in values]
        unknown = [name for name in named if name not in names or name in names[: len(given)]]
        fault = f"{unknown[0]!r} is no field of it, or is given twice" if unknown else f"{missing[0]!r} is missing"
        raise TypeError(f"{kind}: {fault}")

    def _eq(self, other):
        return self.__dict__ == other.__dict__ if type(other) is type(self) else NotImplemented

    def _hash(self):
        return hash(tuple(getattr(self, name) for name in self.__record_fields__))

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

__all__ = ["NamedTuple", "fresh", "names_of", "record", "replace"]
