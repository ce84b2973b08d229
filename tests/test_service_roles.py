"""Roles are data, denied by default; a file with an unknown word is refused."""

import hashlib
from pathlib import Path

import pytest

from smarthan.service import Role, local_roles, read_roles
from smarthan.service.roles import read_key
from smarthan.service.vocabulary import ACTIONS, COLUMNS, GRAINS
from smarthan.settings import SettingsError

PLAIN = 'version = 1\n[role.IS]\nallow = ["lookup_postcode"]\ngrain = "POSTCODE"\n'
HASH = hashlib.sha256(b"secret").hexdigest()


def write(folder: Path, text: str) -> Path:
    path = folder / "roles.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_role_may_do_only_what_it_names(tmp_path: Path) -> None:
    role = read_roles(write(tmp_path, PLAIN)).roles["IS"]
    allowed = [(action, grain) for action in ACTIONS for grain in GRAINS if role.may(action, grain)]
    assert allowed == [("lookup_postcode", "AREA"), ("lookup_postcode", "OUTWARD"), ("lookup_postcode", "POSTCODE")]
    assert (role.batch_max, role.per_second, role.per_day, role.columns) == (0, 20, 20_000, frozenset(COLUMNS))


def test_the_shipped_roles_are_those_of_the_duis_and_ours() -> None:
    roles = read_roles()
    assert set(roles.roles) == {"IS", "ES", "GS", "RSA", "ED", "GT", "OU", "analyst", "public"}
    assert roles.keys == ()
    assert [name for name, role in roles.roles.items() if role.may("download")] == []
    assert [name for name, role in roles.roles.items() if role.grain == "UPRN"] == ["IS", "ES", "GS", "RSA", "ED", "GT"]
    assert roles.roles["public"].batch_max == 100


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (('"lookup_postcode"', '"lookup_postcodes"'), "lookup_postcodes"),
        (('"POSTCODE"', '"HOUSE"'), "HOUSE"),
        (("grain =", "grane ="), "Nearest: grain"),
        (("version = 1", "version = 2"), "allowed: 1"),
        (("version = 1\n", ""), '"version" is missing'),
        (("[role.IS]", "[rolle.IS]"), "rolle"),
        (('grain = "POSTCODE"\n', 'grain = "POSTCODE"\ncolumns = ["postcodes"]\n'), "postcodes"),
        (('grain = "POSTCODE"\n', 'grain = "POSTCODE"\nper_second = 0\n'), "1 or more"),
        (('grain = "POSTCODE"\n', 'grain = "POSTCODE"\nbatch_max = true\n'), "a whole number"),
        (("[role.IS]", '[role."a b"]'), "a name has letters"),
        (('["lookup_postcode"]\n', '["duis"]\ncolumns = ["available"]\n'), "the schemas want them"),
    ],
    ids=lambda part: str(part)[:24],
)
def test_an_unknown_word_refuses_the_file(tmp_path: Path, change: tuple[str, str], words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        read_roles(write(tmp_path, PLAIN.replace(*change)))


@pytest.mark.parametrize(
    ("key", "words"),
    [
        (f'id = "a"\nrole = "XX"\nsha256 = "{HASH}"', '"XX" is not in the file'),
        ('id = "a"\nrole = "IS"\nsha256 = "secret"', "64 hexadecimal digits"),
        (f'id = "a"\nrole = "IS"\nsha256 = "{HASH.upper()}"', "in lower case"),
        (f'id = "a"\nrole = "IS"\nkey = "secret"\nsha256 = "{HASH}"', "key"),
        (
            f'id = "a"\nrole = "IS"\nsha256 = "{HASH}"\n[[key]]\nid = "b"\nrole = "IS"\nsha256 = "{HASH}"',
            "more than one",
        ),
        (f'id = "a"\nrole = "IS"\nsha256 = "{HASH}"\n[duis_codes]\nOK = "I0"', "no status without rows"),
        (f'id = "a"\nrole = "IS"\nsha256 = "{HASH}"\n[duis_codes]\nDENIED = "E 2"', "1 to 30 letters"),
    ],
    ids=["unknown role", "the key itself", "upper case", "unknown field", "twice", "code of OK", "code with a blank"],
)
def test_a_key_that_cannot_be_right_refuses_the_file(tmp_path: Path, key: str, words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        read_roles(write(tmp_path, f"{PLAIN}[[key]]\n{key}\n"))


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    text = PLAIN.replace("POSTCODE", "HOUSE").replace("lookup_postcode", "fly")
    with pytest.raises(SettingsError) as told:
        read_roles(write(tmp_path, text))
    assert [problem.line for problem in told.value.problems] == [3, 4]


def test_a_key_stands_for_its_role(tmp_path: Path) -> None:
    roles = read_roles(write(tmp_path, f'{PLAIN}[[key]]\nid = "a"\nrole = "IS"\nsha256 = "{HASH}"\n'))
    caller = roles.find_caller(b"Bearer secret")
    assert caller is not None
    assert caller.role.name == "IS"
    assert caller.key == hashlib.sha256(b"a").hexdigest()[:12]
    assert roles.find_caller(None) is None, "there is no public role"
    assert roles.find_caller(b"Bearer " + HASH.encode()) is None, "the hash is not the key"


@pytest.mark.parametrize("header", [b"", b"Bearer", b"Bearer  ", b"Basic x", b"Basic YWJj", b"Token abc", b"\xff\xfe"])
def test_a_header_without_a_key_gives_none(header: bytes) -> None:
    assert read_key(header) is None


def test_without_a_file_everything_but_the_download_is_allowed() -> None:
    role: Role | None = local_roles().anonymous
    assert role is not None
    assert {action for action in ACTIONS if not role.may(action, "UPRN")} == {"download"}
