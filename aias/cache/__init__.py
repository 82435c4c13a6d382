"""The cache: values that can be computed again, in PostgreSQL and for seconds in each process.

::

    plans = await cache.through("plans", "all", lambda: list_plans(conn), ttl=300, tags=["plans"])

A value is computed once for all processes that want it at a time. It is given out until its time is over or a change of
one of its tags commits; triggers on plans, lanes, tenants, workflows and integrations (with what their checks found)
make such changes by themselves, under those names. The cache lost, slow or away costs time and never an answer.
"""

from aias.cache.cache import Cache
from aias.cache.queries import CacheStats, cache_invalidate, cache_stats, tend_cache

__all__ = ["Cache", "CacheStats", "cache_invalidate", "cache_stats", "tend_cache"]
