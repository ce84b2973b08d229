"""The releases themselves: which there are, what is in them by area, what changed, and one to take away."""

from __future__ import annotations

import datetime as dt
import functools
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from smarthan.coverage.lookup.statuses import OK
from smarthan.service.access import allow
from smarthan.service.downloads import MEDIA
from smarthan.service.holder import Served
from smarthan.service.parts import describe_release, grain_of, records, roll_up, without_premises
from smarthan.service.refusals import Refusal
from smarthan.service.replies import etag_of, matches, write_json
from smarthan.service.schemas import Difference, ReleaseList, RollUp, answers
from smarthan.service.visits import Visit
from smarthan.service.workplace import answer_json, answer_unkept, workplace_of

from .lookups import DayQuery

router = APIRouter(prefix="/v1", tags=["releases"])

RELEASE_ID = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"
_LISTED = (
    *("release_id", "current", "condition", "as_of", "published", "source", "row_count", "locations"),
    *("share_covered", "synthetic", "licence", "note"),
)


class RollUpQuery(DayQuery):
    """What to group by, and the day asked."""

    by: str = Field(
        "area",
        description="area, outward, sector, lad, region, country, csp_region, region_family, generation, likelihood; "
        "several with commas",
        max_length=128,
        json_schema_extra={"enum": ["area", "outward", "lad", "region", "country", "csp_region", "region,generation"]},
    )


class DiffQuery(BaseModel):
    """Two releases, and what the net change is shown by."""

    model_config = ConfigDict(extra="forbid")
    before: str = Field(description="id of the earlier release", json_schema_extra={"pattern": RELEASE_ID})
    after: str = Field(description="id of the later release", json_schema_extra={"pattern": RELEASE_ID})
    by: Literal["area", "lad", "region", "country"] | None = Field(None, description="adds the net change of each")


class DownloadQuery(BaseModel):
    """A release, and the form it is wanted in."""

    model_config = ConfigDict(extra="forbid")
    release: str | None = Field(
        None, description="default: the one in force", json_schema_extra={"pattern": RELEASE_ID}
    )
    format: Literal["parquet", "csv"] = "parquet"


@router.get("/releases", summary="List the releases", responses=answers(ReleaseList, cached=False))
async def list_releases(request: Request, visit: Annotated[Visit, Depends(allow("releases"))]) -> Response:
    """List the releases, oldest first. The current one is that which this answer comes from."""
    work, served = workplace_of(request), visit.served
    assert served is not None
    rows = await work.open(lambda: work.holder.listed(served))
    current = served.release.release_id
    listed = [{**{name: row.get(name) for name in _LISTED}, "current": row["release_id"] == current} for row in rows]
    visit.note(OK, len(listed))
    return answer_unkept({"current": current, "notes": list(served.notes), "releases": listed})


@router.get("/rollup", summary="Shares of each state by area", responses=answers(RollUp, 404, 422))
async def rollup(
    request: Request,
    visit: Annotated[Visit, Depends(allow("rollup"))],
    query: Annotated[RollUpQuery, Query()],
) -> Response:
    """Roll the release up: premises in each state and the covered share, each location counted once."""
    by = tuple(name.strip() for name in query.by.split(","))
    role = visit.enter("rollup", grain_of(by))
    work = workplace_of(request)
    served, day = await work.pick(visit, query.as_of)
    visit.charge(1)
    table = await roll_up(work, served, by, day)
    visit.note(OK, len(table))
    shown = table if "premises" in role.columns else without_premises(table)
    about = {"by": list(by), "counted": table.attrs["counted"]}
    body = await work.work(
        lambda: write_json(
            {**describe_release(served, day), "synthetic": served.release.synthetic, **about, "rows": records(shown)}
        )
    )
    return answer_json(request, visit, served, day, body)


@router.get("/diff", summary="What changed between two releases", responses=answers(Difference, 404, 422, cached=False))
async def diff(
    request: Request,
    visit: Annotated[Visit, Depends(allow("diff"))],
    query: Annotated[DiffQuery, Query()],
) -> Response:
    """Say what changed: added and removed, gained and lost, plans fulfilled, slipped and overdue; premises; alarms."""
    work = workplace_of(request)
    visit.charge(1)
    before, after = [
        await work.open(functools.partial(work.holder.named, name)) for name in (query.before, query.after)
    ]
    visit.release_id = after.release.release_id
    document = await work.work(lambda: _compare(before, after, query.by))
    visit.note(OK, 1)
    return answer_unkept(document)


def _compare(before: Served, after: Served, by: str | None) -> dict[str, Any]:
    from smarthan.coverage import diff as compare

    try:
        return compare(before.matrix, after.matrix).to_dict(by)
    except ValueError as error:
        raise Refusal("BAD_PARAMETER", str(error)) from None


@router.get(
    "/matrix/download",
    summary="Take a release away",
    response_class=FileResponse,
    responses=answers(None, 404, 422, content={media: {} for media in MEDIA.values()}),
)
async def download(
    request: Request,
    visit: Annotated[Visit, Depends(allow("download"))],
    query: Annotated[DownloadQuery, Query()],
) -> Response:
    """Send a release as one file, which `read_matrix` reads: as much of it as the role may see."""
    work, role = workplace_of(request), visit.role
    assert role is not None
    assert visit.served is not None
    served = visit.served
    if query.release is not None:
        name = query.release
        served = await work.open(lambda: work.holder.named(name))
    visit.release_id = served.release.release_id
    etag = etag_of(served, role, dt.date.min)
    given = request.headers.get("if-none-match")
    if matches(given.encode("latin-1") if given else None, etag):
        return Response(status_code=304, headers={"etag": etag.decode()})
    visit.charge(1)
    path = await work.work(lambda: work.downloads.prepare(served, role, query.format))
    visit.note(OK, served.release.row_count)
    headers = {"etag": etag.decode(), "cache-control": "private, no-cache"}
    filename = f"{served.release.release_id}.{query.format}"
    return FileResponse(path, media_type=MEDIA[query.format], filename=filename, headers=headers)
