"""Who may ask what: the role matrix, read from a file and never from the code.

Everything is denied that a role does not allow. A file with an unknown word is refused as a whole, so that a slip of
the pen never opens a door.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smarthan.settings import Key, SettingsError, SettingsProblem, find_problems, read_toml

from .vocabulary import ACTIONS, COLUMNS, GRAINS, reaches

if TYPE_CHECKING:
    from os import PathLike

PUBLIC, LOCAL = "public", "local"  # the role of a caller without a key; the only role where there is no file
SHIPPED = "roles.toml"
LONGEST_KEY = 256  # characters of a key as presented
NOT_CARRIED = "E120101"  # response code of DUIS 12.1 for what the release does not answer; its text is not public
ROLE_DENIED = "E2"
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,31}")
_HASH = re.compile(r"[0-9a-f]{64}")

_IN_EVERY_RESPONSE = ("region_code", "available", "wan_technology", "likelihood")
_LARGEST = 1_000_000_000
_ROLE = {
    "allow": Key("list", required=True, items=Key("text", allowed=tuple(ACTIONS))),
    "grain": Key("text", required=True, allowed=GRAINS),
    "columns": Key("list", items=Key("text", allowed=COLUMNS)),
    "batch_max": Key("integer", low=0, high=_LARGEST),
    "per_second": Key("integer", low=1, high=_LARGEST),
    "per_day": Key("integer", low=1, high=_LARGEST),
}
_MODEL = {
    "version": Key("integer", required=True, allowed=(1,)),
    "role": Key("table", required=True, items=Key("table", keys=_ROLE)),
    "key": Key(
        "list",
        items=Key(
            "table",
            keys={
                "id": Key("text", required=True),
                "sha256": Key("text", required=True),
                "role": Key("text", required=True),
            },
        ),
    ),
    "duis_codes": Key("table", items=Key("text")),
}


@dataclass(frozen=True)
class Role:
    """What its holders may do; whatever is not allowed is denied.

    Attributes
    ----------
    name : str
    allow : frozenset of str
        Actions, of `smarthan.service.vocabulary.ACTIONS`.
    grain : str
        The finest answer: AREA, OUTWARD, POSTCODE or UPRN.
    columns : frozenset of str
        What answers may say beside state and region.
    batch_max : int
        Most postcodes in one request.
    per_second, per_day : int
        Requests a second, and answers a day, for each key.

    Examples
    --------
    >>> Role("guest", frozenset({"lookup_postcode"}), "POSTCODE").may("lookup_postcode", "UPRN")
    False
    """

    name: str
    allow: frozenset[str]
    grain: str
    columns: frozenset[str] = frozenset(COLUMNS)
    batch_max: int = 0
    per_second: int = 20
    per_day: int = 20_000

    def may(self, action: str, grain: str = "AREA") -> bool:
        """Return whether the role may do something at a grain."""
        return action in self.allow and reaches(self.grain, grain)


@dataclass(frozen=True)
class ApiKey:
    """A key as the file holds it: never the key itself, only its hash."""

    id: str
    sha256: str
    role: str


@dataclass(frozen=True)
class Caller:
    """Who asks.

    Attributes
    ----------
    role : Role
    key : str or None
        The first 12 digits of the hash of the key's id, as the audit names it; None for a caller without a key.
    """

    role: Role
    key: str | None = None


@dataclass(frozen=True)
class Roles:
    """The roles of a service and the keys that stand for them.

    Attributes
    ----------
    roles : mapping of str to Role
    keys : tuple of ApiKey
    duis_codes : mapping of str to str
        Status of a look-up to response code of DUIS 12.1.
    path : str
        Where they were read; "" for those without a file.

    Examples
    --------
    >>> roles = local_roles()
    >>> roles.find_caller(None).role.name, roles.find_caller(b"Bearer guess")
    ('local', None)
    """

    roles: Mapping[str, Role]
    keys: tuple[ApiKey, ...] = ()
    duis_codes: Mapping[str, str] = field(default_factory=dict)
    path: str = ""

    @property
    def anonymous(self) -> Role | None:
        """The role of a caller without a key; None where everybody needs one."""
        return self.roles.get(PUBLIC) if self.path else self.roles[LOCAL]

    @cached_property
    def _without_key(self) -> Caller | None:
        return Caller(self.anonymous) if self.anonymous else None

    def find_caller(self, authorization: bytes | None) -> Caller | None:
        """Return who presents a header `Authorization`; None for a wrong key, or where there must be one.

        The key decides alone: a role that a request claims for itself is not looked at.
        """
        if authorization is None:
            return self._without_key
        key = read_key(authorization)
        if key is None:
            return None
        digest, found = hashlib.sha256(key).hexdigest(), None
        for held in self.keys:  # all of them, so that time tells nothing
            if hmac.compare_digest(held.sha256, digest):
                found = held
        return Caller(self.roles[found.role], hash_id(found.id)) if found else None

    def code_for(self, status: str) -> str:
        """Return the response code of DUIS 12.1 for the status of a look-up that gives no row."""
        return self.duis_codes.get(status, ROLE_DENIED if status == "DENIED" else NOT_CARRIED)


def read_key(authorization: bytes) -> bytes | None:
    """Return the key of an `Authorization` header: the token of Bearer, the password of Basic; None for others.

    Examples
    --------
    >>> read_key(b"Bearer abc"), read_key(b"Basic OmFiYw=="), read_key(b"Digest abc")
    (b'abc', b'abc', None)
    """
    scheme, _, value = authorization.strip().partition(b" ")
    value = value.strip()
    if not value or len(value) > LONGEST_KEY:
        return None
    if scheme.lower() == b"bearer":
        return value
    if scheme.lower() != b"basic":
        return None
    try:
        _, colon, password = base64.b64decode(value, validate=True).partition(b":")
    except binascii.Error:
        return None
    return password if colon and password else None


def hash_id(key_id: str) -> str:
    """Return the name under which the audit knows a key."""
    return hashlib.sha256(key_id.encode()).hexdigest()[:12]


def local_roles() -> Roles:
    """Return the roles of a service without a roles file: one, `local`, for whoever sits at this machine.

    Returns
    -------
    Roles
        It may do everything but take a whole release away.

    Examples
    --------
    >>> local_roles().anonymous.may("lookup_uprn", "UPRN"), local_roles().anonymous.may("download")
    (True, False)
    """
    allowed = frozenset(ACTIONS) - {"download"}
    role = Role(LOCAL, allowed, "UPRN", batch_max=1000, per_second=100_000, per_day=_LARGEST)
    return Roles({LOCAL: role})


def read_roles(path: str | PathLike[str] | None = None) -> Roles:
    """Read the roles of a service.

    Parameters
    ----------
    path : path, optional
        A TOML file; the shipped one by default, which holds the seven user roles of DUIS, `analyst` and `public`, and
        no key.

    Returns
    -------
    Roles

    Raises
    ------
    SettingsError
        When the file cannot be read, or holds an unknown role, action, grain, column or key: every problem of it, each
        with its line where known.

    Examples
    --------
    >>> roles = read_roles()
    >>> sorted(roles.roles)[:4], roles.anonymous.name
    (['ED', 'ES', 'GS', 'GT'], 'public')
    """
    toml = read_toml(Path(str(files("smarthan.service") / SHIPPED)) if path is None else path)
    problems = find_problems(toml, _MODEL)
    if not problems:
        problems = [
            SettingsProblem(code, toml.line_of(key.rsplit(".", 1)[-1], near), key, words)
            for code, key, near, words in _cross_check(toml.values)
        ]
    if problems:
        raise SettingsError(toml.path, problems)
    roles = {name: _read_role(name, values) for name, values in toml.values["role"].items()}
    keys = tuple(ApiKey(**values) for values in toml.values.get("key", ()))
    return Roles(roles, keys, toml.values.get("duis_codes", {}), str(toml.path))


def _read_role(name: str, values: Mapping[str, Any]) -> Role:
    given: Any = {key: frozenset(value) if isinstance(value, list) else value for key, value in values.items()}
    return Role(name, **given)


def _cross_check(values: Mapping[str, Any]) -> list[tuple[str, str, str | None, str]]:
    """Return what is wrong across the tables of a file: rule code, key, the entry it stands in, words."""
    roles, keys = values["role"], values.get("key", [])
    found: list[tuple[str, str, str | None, str]] = []
    for name in roles:
        if not _NAME.fullmatch(name):
            words = f'role "{name[:40]}": a name has letters, digits, _ and -, at most 32, and starts with a letter'
            found.append(("value_not_allowed", f"role.{name}", None, words))
    for place, key in enumerate(keys):
        path, named = f"key[{place}]", key["id"]
        if key["role"] not in roles:
            words = f'key "{named[:40]}": role "{key["role"][:40]}" is not in the file; it has {", ".join(roles)}'
            found.append(("reference_unknown", f"{path}.role", named, words))
        if not _HASH.fullmatch(key["sha256"]):
            words = f'key "{named[:40]}": sha256 must be the 64 hexadecimal digits, in lower case, of the key\'s hash'
            found.append(("value_not_allowed", f"{path}.sha256", named, words))
    for what in ("id", "sha256"):
        given = [key[what] for key in keys]
        twice = sorted({value for value in given if given.count(value) > 1})
        words = "stands at more than one key"
        found += [("duplicate", f"key.{what}", None, f'{what} "{value[:12]}" {words}') for value in twice]
    found += [_check_duis(name) for name, role in roles.items() if not _can_write_duis(role)]
    found += _check_codes(values.get("duis_codes", {}))
    return found


def _can_write_duis(role: Mapping[str, Any]) -> bool:
    """Whether a role that may send 12.1 sees what the schemas want in every response."""
    return "duis" not in role["allow"] or set(_IN_EVERY_RESPONSE) <= set(role.get("columns", COLUMNS))


def _check_duis(name: str) -> tuple[str, str, str | None, str]:
    words = (
        f'role "{name}" allows duis, so its columns must hold {", ".join(_IN_EVERY_RESPONSE)}: the schemas want them'
    )
    return "value_not_allowed", f"role.{name}.columns", None, words


def _check_codes(codes: Mapping[str, str]) -> list[tuple[str, str, str | None, str]]:
    from smarthan.coverage.lookup.statuses import OK, STATUSES

    found: list[tuple[str, str, str | None, str]] = []
    for status, code in codes.items():
        if status not in STATUSES or status == OK:
            words = f'"duis_codes.{status[:40]}" is no status without rows; known: {", ".join(STATUSES[1:])}'
            found.append(("key_unknown", f"duis_codes.{status}", None, words))
        if not 1 <= len(code) <= 30 or not code.isascii() or not code.isalnum():
            words = f'"duis_codes.{status[:40]}": a response code has 1 to 30 letters and digits, such as {NOT_CARRIED}'
            found.append(("value_not_allowed", f"duis_codes.{status}", None, words))
    return found
