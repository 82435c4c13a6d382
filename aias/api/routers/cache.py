"""``/v1/cache``: how the cache is used, and making it forget."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from starlette.responses import Response

from aias import cache
from aias.api.caller import Caller, needs
from aias.api.models.audit import CacheNamespace, CacheShown, Invalidate
from aias.api.problems import HttpProblem
from aias.api.routing import resource

__all__ = ["router"]

router = resource("cache")


@router.get("", summary="See how the cache is used")
async def get_cache_stats(caller: Annotated[Caller, needs("cache:read")]) -> CacheShown:
    """Per namespace, of all tenants: for operators."""
    if caller.identity.tenant_id is not None:
        raise HttpProblem(HTTPStatus.FORBIDDEN, "forbidden", "how the cache is used is for operators to see")
    return CacheShown(items=[CacheNamespace.model_validate(one) for one in await cache.cache_stats(caller.conn)])


@router.post("/invalidate", status_code=204, summary="Make the cache forget")
async def invalidate_cache(caller: Annotated[Caller, needs("cache:write")], body: Invalidate) -> Response:
    """Forget a namespace, a key of it, what carries a tag, or everything; a tenant's key reaches its own values."""
    await cache.cache_invalidate(caller.conn, namespace=body.namespace, key=body.key, tag=body.tag)
    return Response(status_code=204)
