"""The sheets of the form that technology providers fill in, each column declared once."""

from __future__ import annotations

from smarthan.analysis.appraisal.keys import CONFIDENCES
from smarthan.tables import Field, Table, register

FORMAT = "smarthan-request/1"
STATES = ("received", "accepted", "disputed", "rejected")
TOPICS = {
    "architecture": "How is the link built: devices, hops, who joins what, and what happens when one of them fails?",
    "protocols": "Which standards and versions carry the application end to end, and which parts are not standard?",
    "hardware": "Which hardware is new in the home and in the hub, who makes it, and since when is it on sale?",
    "spectrum": "Which spectrum or signalling band is used, under which rule or licence, and what limits its use?",
    "cost": "What does it cost per premises (equipment, visit, running), at which volumes and in prices of which year?",
}
CONTACT_SHEET = "contact"
CODE_FORM = r"[a-z0-9_]{1,32}"


def _words(name: str, about: str, **more: object) -> Field:
    """Declare free text: kept even where a spreadsheet would run it, for what writes it escapes it."""
    return Field(name, "text", about, verbatim=True, **more)  # type: ignore[arg-type]


def _number(name: str, about: str) -> Field:
    return Field(name, "number", about, low=-1e12, high=1e12)


ABOUT = Table(
    "about",
    "What this form belongs to. Leave it as it is.",
    (_words("key", "What is stated.", required=True), _words("value", "The statement.", required=True)),
    key=("key",),
)
PROVIDER = Table(
    "provider",
    "Who answers: one row.",
    (
        Field("provider", "identifier", "Your short name in this appraisal: a to z, 0 to 9 and _.", required=True),
        _words("organisation", "The organisation. Leave it empty where the provider is one person: see contact."),
        Field("is_person", "category", "Whether the provider is one person.", required=True, allowed=("yes", "no")),
        Field("date", "date", "The day of this answer, as 2026-01-31.", required=True),
    ),
    key=("provider",),
)
CONTACT = Table(
    CONTACT_SHEET,
    "Whom to ask. Personal: kept apart, and read by nothing that makes tables or pages.",
    (
        Field("name", "text", "Name of the person.", personal=True, required=True),
        Field("email", "text", "E-mail address.", personal=True),
        Field("phone", "text", "Telephone number.", personal=True),
    ),
)
TECHNOLOGY = Table(
    "technology",
    "Questions in words, one row an option and topic. Answer for the options you offer; leave the others empty.",
    (
        Field("option", "identifier", "The option asked about.", required=True),
        Field("topic", "category", "What the question is about.", required=True, allowed=tuple(TOPICS)),
        _words("question", "The question."),
        _words("answer", "Your answer, in words. No names, addresses or telephone numbers."),
        Field("document", "identifier", "The id of a document on the sheet documents that shows it."),
    ),
    key=("option", "topic"),
)
CLAIMS = Table(
    "claims",
    "What you claim, one row an option and criterion. Fill in the rows of the options you offer.",
    (
        Field("option", "identifier", "The option asked about.", required=True),
        Field("criterion", "identifier", "The criterion or must-have asked about.", required=True),
        _words("asks", "What is judged."),
        _words("unit", "The unit to write numbers in; word where a word is asked."),
        _words("allowed", "The agreed range, or the words."),
        _words("level", "One of the words allowed."),
        _number("best", "Your best figure, in the unit."),
        _number("low", "The least it could be. Give low and high, or neither."),
        _number("high", "The greatest it could be."),
        Field("n", "integer", "Where you have counts: how many were tested.", low=1, high=1e12),
        Field("k", "integer", "How many of those n worked.", low=0, high=1e12),
        Field("document", "identifier", "The id of a document on the sheet documents that shows it."),
        _words("note", "Anything that limits the claim: place, load, version."),
    ),
    key=("option", "criterion"),
)
DOCUMENTS = Table(
    "documents",
    "The documents that your answers rest on, handed over with this form.",
    (
        Field("id", "identifier", "A short name of yours: a to z, 0 to 9 and _.", required=True),
        _words("title", "Its title.", required=True),
        Field("date", "date", "Its day, as 2026-01-31."),
        _words("where", "File name and page."),
    ),
    key=("id",),
)
ANSWERED = (PROVIDER, TECHNOLOGY, CLAIMS, DOCUMENTS)
SHEETS = (ABOUT, PROVIDER, CONTACT, TECHNOLOGY, CLAIMS, DOCUMENTS)

REVIEWS = Table(
    "reviews",
    "What the appraisal's owner says of each claim.",
    (
        Field("provider", "identifier", "Who claims.", required=True),
        Field("option", "identifier", "Of which option.", required=True),
        Field("criterion", "identifier", "On which criterion.", required=True),
        Field("claimed", "identifier", "Digest of what was claimed when it was reviewed.", required=True),
        Field("state", "category", "received, or what the review came to.", required=True, allowed=STATES),
        _words("reviewer", "Who reviewed it."),
        _words("reason", "Why."),
        Field("confidence", "category", "How sure the reviewer is of the figure.", allowed=CONFIDENCES),
        Field("quality", "category", "How far the evidence can be relied on.", allowed=CONFIDENCES),
    ),
    key=("provider", "option", "criterion"),
)
CLAIM_COLUMNS = [
    *("provider", "option", "criterion", "level", "best", "low", "high", "n", "k", "document", "note"),
    *("state", "reviewer", "reason", "confidence", "quality", "claimed", "file", "cell"),
]
UNANSWERED_COLUMNS = ["provider", "option", "kind", "asked", "unit"]

register("request_unknown", "file", "the form is of another format, or asks for another appraisal")
register("score_outside", "row", "the figure lies outside the agreed range")
register(
    "level_unknown", "row", "the word is not one of those asked for, or stands where a number is asked, or the reverse"
)
register("order", "row", "low, best and high are not in order, or one of them lacks another")
register("counts", "row", "n and k do not go together, or no share is asked for")
register("claim_unasked", "row", "the appraisal has no such option, criterion or must-have")
register("unit_changed", "row", "the row was asked in another unit than the appraisal has now")
register("document_unknown", "row", "the document is not on the sheet documents")
register("provider_form", "row", "the short name of the provider is none")
register("claim_undocumented", "flag", "no document is named for the claim")
register("claim_changed", "row", "the claim is not what it was when it was reviewed")
register("form_refused", "flag", "a returned form could not be read and none of it counts")
