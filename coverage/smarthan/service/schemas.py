"""The documents of the machine interface, as OpenAPI describes them."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from .refusals import CODES, HTTP_OF

_REASONS = {
    400: "Bad request",
    401: "A key is needed, or the one given is not known",
    403: "The role may not do this",
    404: "Not found: unknown is never “no coverage”",
    405: "Another method is needed",
    408: "The body did not come in time",
    413: "Too large",
    414: "The address is too long",
    415: "Another type of body is needed",
    422: "Malformed",
    429: "Too many",
    500: "A fault of the service",
    503: "No release, or no audit: nothing is answered",
}
ALWAYS = (400, 401, 403, 405, 414, 429, 500, 503)
WITH_BODY = (408, 413, 415)


class Problem(BaseModel):
    """Why a request was refused, or a question has no answer."""

    code: str = Field(description="for machines", examples=["NOT_IN_MATRIX"])
    words: str = Field(description="one sentence for people", examples=["unknown: not in this release"])
    position: int | None = Field(None, description="the character at fault, counted from 1, where there is one")


class Refused(BaseModel):
    """The body of every error; `answer` where a look-up was made and gave no answer."""

    error: Problem
    answer: Answer | None = Field(None, description="what is known all the same, of a look-up")


class Row(BaseModel):
    """What one region says of a location."""

    model_config = ConfigDict(extra="forbid")
    location_kind: str
    postcode: str | None
    address_identifier: str | None
    uprn: str | None
    csp_region: str
    region_code: str | None
    available: bool | None
    anticipated: str | None = Field(description="YYYY-MM-DD")
    wan_technology: str | None
    wan_group: str | None
    likelihood: str | None = Field(description="High, Medium or Low: given also where there is no coverage")
    auxiliary: str | None = Field(description="equipment that the installation needs")
    info: str | None
    premises: int | None
    premises_available: int | None
    state: str = Field(description="COVERED, PLANNED, OVERDUE, NOT_CONFIRMED or ERROR")
    words: str
    historical: bool = Field(False, description="of the last release that held a withdrawn postcode")


class Answer(BaseModel):
    """The answer to one question; `state` is the best over the regions, `rows` holds all of them."""

    model_config = ConfigDict(extra="forbid")
    query: str
    postcode: str | None
    uprn: str | None
    status: str = Field(description="how the look-up ended; OK whatever the state")
    state: str | None = Field(description="COVERED, PLANNED, OVERDUE, NOT_CONFIRMED, ERROR or MIXED")
    words: str
    resolution: str | None = Field(description="the grain that answered")
    degraded: bool = Field(description="a finer key was asked and a coarser one answered")
    multi_region: bool
    regions: list[str]
    best: Row | None
    worst: Row | None
    rows: list[Row]
    counts: dict[str, float] = Field(description="premises, or locations, in each state")
    share: float | None = Field(description="share covered, 0 to 1, where only a part is")
    shares: dict[str, float]
    sector: dict[str, Any] | None = Field(description="context, never the answer")
    last_held: dict[str, Any] | None
    days: int | None = Field(description="to the planned date; negative when past")
    release_id: str
    as_of: str | None = Field(description="the day the release describes")
    asked_on: str | None = Field(description="the day asked")
    age_days: int | None
    reference_vintage: str
    caveat: str
    suggestions: list[str] = Field(description="never applied")
    notes: list[str]
    problem: str | None
    position: int | None
    synthetic: bool | None


class Batch(BaseModel):
    """Many questions."""

    model_config = ConfigDict(extra="forbid")
    postcodes: list[str | None] = Field(min_length=1, max_length=1000, examples=[["SW1A 1AA", "LL57 2DG"]])
    uprns: list[str | None] | None = Field(None, max_length=1000, description="as many as postcodes")
    as_of: str | None = Field(None, description="the day asked, YYYY-MM-DD", pattern=r"^\d{4}-\d{2}-\d{2}$")


class BatchAnswer(BaseModel):
    """The answers, in the order of the questions: each with its own status."""

    release_id: str
    as_of: str | None
    asked_on: str
    counts: dict[str, int] = Field(description="answers by status")
    answers: list[Answer]


class ReleaseFacts(BaseModel):
    """One release of the store."""

    release_id: str
    current: bool
    condition: str
    as_of: str | None
    published: str | None
    source: str | None
    row_count: int | None
    locations: int | None
    share_covered: float | None
    synthetic: bool | None
    licence: str | None
    note: str | None


class ReleaseList(BaseModel):
    """The releases, oldest first; `notes` says what is wrong with the one in force, if anything is."""

    current: str
    notes: list[str]
    releases: list[ReleaseFacts]


class RollUp(BaseModel):
    """Shares of each state by area, each location counted once."""

    release_id: str
    as_of: str | None
    asked_on: str
    synthetic: bool
    by: list[str]
    counted: str
    rows: list[dict[str, Any]]


class Difference(BaseModel):
    """What changed between two releases."""

    model_config = ConfigDict(extra="allow")
    before: dict[str, Any]
    after: dict[str, Any]
    days: int | None
    basis: str
    synthetic: bool
    totals: dict[str, Any]
    changes: list[dict[str, Any]]
    alarm: bool


class Health(BaseModel):
    """Whether the service answers, and from what."""

    status: str = Field(examples=["ok"])
    release_id: str
    as_of: str | None
    notes: list[str]


def answers(model: type[BaseModel] | None, *also: int, cached: bool = True, **media: Any) -> dict[int | str, Any]:
    """Return every status of a route for OpenAPI.

    Parameters
    ----------
    model : pydantic model or None
        Of a 200; None where `media` describes it.
    also : int
        The errors beside those that every route knows.
    cached : bool
        Whether the route takes If-None-Match.
    media : dict
        `content` of a 200 that is no JSON.
    """
    described: dict[int | str, Any] = {200: {"description": "Answered", **media}}
    if model is not None:
        described[200]["model"] = model
    if cached:
        described[200]["headers"] = {"ETag": {"description": "of release, role and day", "schema": {"type": "string"}}}
        described[304] = {"description": "Not changed: If-None-Match names the answer’s ETag"}
    for http in sorted({*ALWAYS, *also}):
        described[http] = {"model": Refused, "description": describe_status(http)}
    return described


def describe_status(http: int) -> str:
    """Return what an error status means, with its machine codes."""
    codes = [code for code, (status, _) in CODES.items() if status == http]
    codes += [code for code, status in HTTP_OF.items() if status == http and code not in codes]
    return f"{_REASONS[http]}. Codes: {', '.join(codes)}"


Refused.model_rebuild()
