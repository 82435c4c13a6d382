"""``/v1/metrics`` and ``/metrics``: how often, how fast, how much of it failed."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from aias import metrics
from aias.api.caller import Caller, needs
from aias.api.models.base import Time
from aias.api.models.metrics import (
    Dimension,
    ErrorRateShown,
    ErrorRatesShown,
    Metric,
    ObjectiveShown,
    ObjectivesShown,
    PercentilesOfKey,
    PercentilesShown,
    SlowQueriesShown,
    SlowQueryShown,
)
from aias.api.problems import HttpProblem
from aias.api.routing import Route, resource
from aias.api.services import services_of

__all__ = ["prometheus", "router"]

router = resource("metrics")
prometheus = APIRouter(tags=["metrics"], route_class=Route)

_What = Annotated[Metric, Query(description="What is asked for.")]
_Since = Annotated[Time | None, Query(description="From this minute on; without it the last hour.")]
_Until = Annotated[Time | None, Query(description="Before this time; without it up to now.")]
_By = Annotated[Dimension | None, Query(description="What it is told apart by: not every metric by everything.")]


@router.get("/percentiles", summary="See how long things took")
async def get_percentiles(
    caller: Annotated[Caller, needs("metrics:read")],
    metric: _What,
    since: _Since = None,
    until: _Until = None,
    by: _By = None,
) -> PercentilesShown:
    """Over any window, from rollups; of the key's own tenant, or with an operator's key of all."""
    found = await metrics.percentiles(caller.conn, metric, since=since, until=until, by=by)
    return PercentilesShown(items=[PercentilesOfKey.model_validate(row) for row in found])


@router.get("/rates", summary="See how much failed")
async def get_rates(
    caller: Annotated[Caller, needs("metrics:read")],
    metric: _What,
    since: _Since = None,
    until: _Until = None,
    by: _By = None,
) -> ErrorRatesShown:
    """Over any window, from rollups; of the key's own tenant, or with an operator's key of all."""
    found = await metrics.error_rates(caller.conn, metric, since=since, until=until, by=by)
    return ErrorRatesShown(items=[ErrorRateShown.model_validate(row) for row in found])


@router.get("/slo", summary="See what is promised and what is kept")
async def get_objectives(caller: Annotated[Caller, needs("metrics:read")]) -> ObjectivesShown:
    """For the key's own tenant, or with an operator's key for all."""
    return ObjectivesShown(items=[ObjectiveShown.model_validate(row) for row in await metrics.objectives(caller.conn)])


@router.get("/slow-queries", summary="See which statements take most")
async def get_slow_queries(
    caller: Annotated[Caller, needs("metrics:read")],
    limit: Annotated[int, Query(ge=1, le=500, description="So many at most.")] = 50,
) -> SlowQueriesShown:
    """Of the last 24 hours, those that took most first: for operators."""
    _only_operators(caller)
    found = await metrics.slow_queries(caller.conn, limit=limit)
    return SlowQueriesShown(items=[SlowQueryShown.model_validate(row) for row in found])


_EXPOSITION_IS_GOOD_FOR = 2
_TEXT: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/plain": {"schema": {"type": "string"}}}, "description": "The metrics."}
}


@prometheus.get(
    "/metrics", summary="The metrics for Prometheus", response_class=Response, response_model=None, responses=_TEXT
)
async def get_metrics(request: Request, caller: Annotated[Caller, needs("metrics:read")]) -> Response:
    """Counters and histograms of all processes and tenants, and queues and workers as they are: for operators.

    Two seconds late at most: however many scrape, the database is asked once in that time.
    """
    _only_operators(caller)
    text = await services_of(request).cache.through(
        "metrics", "exposition", lambda: _exposition(caller), ttl=_EXPOSITION_IS_GOOD_FOR
    )
    return Response(text, headers={"Content-Type": metrics.CONTENT_TYPE})


async def _exposition(caller: Caller) -> str:
    return metrics.expose(*await metrics.exposed(caller.conn))


def _only_operators(caller: Caller) -> None:
    if caller.identity.tenant_id is not None:
        raise HttpProblem(HTTPStatus.FORBIDDEN, "forbidden", "that is about all tenants: for operators to see")
