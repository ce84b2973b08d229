"""A house's own special postcodes, in TOML: areas and whole codes added to the shipped table."""

from __future__ import annotations

import os
import re

from smarthan.settings import Key, SettingsError, SettingsProblem, load_toml

_ENTRY = Key(
    "table",
    keys={
        "kind": Key("text", required=True, allowed=("OUTSIDE_GB", "NON_GEOGRAPHIC")),
        "problem": Key("text", required=True),
        "note": Key("text", required=True),
    },
)
_MODEL = {"areas": Key("table", items=_ENTRY), "codes": Key("table", items=_ENTRY)}
_FORMS = {
    "areas": (re.compile("[A-Z]{1,2}", re.ASCII), "one or two capital letters"),
    "codes": (re.compile("[A-Z0-9]{2,5} [A-Z0-9]{3}", re.ASCII), "a code such as 'SW99 9AA', in capitals"),
}


def read_special(path: str | os.PathLike[str]) -> dict[str, dict[str, dict[str, str]]]:
    """Read special areas and codes, to be added to the shipped table or to replace entries of it.

    Parameters
    ----------
    path : path
        A TOML file of tables `[areas.XX]` and `[codes."XM4 5HQ"]`, each with kind (OUTSIDE_GB or NON_GEOGRAPHIC),
        problem (a word) and note (a sentence for people).

    Returns
    -------
    dict
        "areas" and "codes": the facts by area or by spaced code.

    Raises
    ------
    SettingsError
        When the file cannot be read, or an area, code or fact is not of the form above.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "special.toml"
    ...     _ = path.write_text('[areas.QA]\\nkind = "NON_GEOGRAPHIC"\\nproblem = "test"\\nnote = "ours"\\n')
    ...     read_special(path)["areas"]["QA"]["problem"]
    'test'
    """
    values = load_toml(path, _MODEL)
    found = {name: values.get(name, {}) for name in _FORMS}
    problems = [
        SettingsProblem("toml_value", None, f"{name}.{key}", f"`{name}.{key}`: {key[:64]!r} is not {words}")
        for name, (form, words) in _FORMS.items()
        for key in found[name]
        if not form.fullmatch(key)
    ]
    if problems:
        raise SettingsError(path, problems)
    return found
