"""Pages from templates: everything foreign is escaped, nothing is fetched from elsewhere, no script or style inline."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from .maps import class_of
from .wording import facts_of, headline_of, sentences_of, spell_day, tone_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import jinja2

    from .refusals import Refusal
    from .workplace import Workplace


@cache
def _environment(*, strict: bool = True) -> jinja2.Environment:
    """Where a page of ours lacks a value the program is wrong; where an OpenAPI document lacks one it has none."""
    import jinja2

    found = jinja2.Environment(
        loader=jinja2.FileSystemLoader(str(files("smarthan.service") / "templates")),
        autoescape=True,
        undefined=jinja2.StrictUndefined if strict else jinja2.ChainableUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters |= {"day": spell_day, "headline": headline_of, "tone": tone_of, "sentences": sentences_of}
    found.filters |= {"facts": facts_of, "class_of": class_of}
    return found


def render_page(work: Workplace, view: Mapping[str, Any]) -> bytes:
    """Return the page for people.

    Parameters
    ----------
    work : Workplace
    view : mapping
        asked (the fields as they came), served, role, error (field, words, suggestions) or None, answer or None; with
        an answer also told, link and around.
    """
    role = view["role"]
    may = {
        "uprn": role.may("lookup_uprn", "UPRN"),
        "list": role.may("batch", "POSTCODE"),
        "most": min(role.batch_max, work.limits.batch),
        "sign_in": bool(work.roles.keys) and role is work.roles.anonymous,
    }
    defaults: dict[str, Any] = {"told": [], "link": "", "around": None}
    return _environment().get_template("page.html.j2").render({**defaults, **view, "may": may}).encode()


def render_docs(document: Mapping[str, Any]) -> bytes:
    """Return the page of the machine interface, from its OpenAPI document."""
    return _environment(strict=False).get_template("docs.html.j2").render(document=document).encode()


def render_refusal(refusal: Refusal) -> bytes:
    """Return the page of an error, for a person at a browser."""
    return _environment().get_template("error.html.j2").render(refusal=refusal).encode()
