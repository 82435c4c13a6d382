"""Installing samples: workflows of the tenant's industry, and connections to the local servers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import structlog
from psycopg import AsyncConnection

from aias.errors import ConfigurationError
from aias.integrations import connect
from aias.onboarding import samples_queries as queries
from aias.onboarding.samples_models import load_simulators, samples_for
from aias.onboarding.samples_queries import SignedUp
from aias.settings import Settings, get_settings
from aias.workflows import apply_workflow

__all__ = ["CONNECTION", "install_samples", "sign_up"]

_log = structlog.stdlib.get_logger(__name__)

CONNECTION = "sample"
"""The name of the samples' connections."""


async def install_samples(conn: AsyncConnection[Any], tenant_id: UUID, *, settings: Settings | None = None) -> bool:
    """Install what a tenant's samples lack, in one transaction; false where they are not due.

    Workflows that are there stay as they are, also the tenant's own of such a name. Samples that need a server which
    AIAS_SIMULATORS does not name are left out. Connections are pointed to where the servers are now.

    Raises:
        ConfigurationError: AIAS_SIMULATORS can't be read, or there is no usable master key.
    """
    used = settings or get_settings()
    servers = load_simulators(used).connections()
    async with conn.transaction():
        due = await queries.begin_samples(conn, tenant_id)
        if due is None:
            return False
        industry, samples = samples_for(due.industry)
        needed = sorted({kind for sample in samples for kind in sample.kinds})
        for kind in needed:
            if kind in servers:
                config, secret = servers[kind]
                await connect(
                    conn,
                    tenant=due.tenant,
                    kind=kind,
                    name=CONNECTION,
                    config=config,
                    secret=secret,
                    settings=used,
                    is_sample=True,
                )
        taken = await queries.taken_names(conn, due.tenant)
        for sample in samples:
            if sample.workflow["name"] not in taken and all(kind in servers for kind in sample.kinds):
                applied = await apply_workflow(conn, due.tenant, sample.definition(industry, CONNECTION))
                await queries.mark_sample(conn, tenant_id, applied.workflow_id)
        await queries.settle_samples(conn, tenant_id, [kind for kind in needed if kind not in servers])
    return True


async def sign_up(
    conn: AsyncConnection[Any],
    *,
    tenant: str,
    email: str,
    name: str | None = None,
    industry: str | None = None,
    plan: str = "free",
    company: str | None = None,
    settings: Settings | None = None,
) -> SignedUp:
    """Make a tenant with its owner, a key and its samples: what the answer names can be used at once.

    One transaction. Where the samples can't be installed here, a worker does it.

    Raises:
        Forbidden: the caller is no administrator.
        NotFound: there is no such plan.
        Conflict: the slug is taken.
        InvalidArgument: the slug, the address or a name is not valid.
    """
    async with conn.transaction():
        made = await queries.sign_up(
            conn, tenant=tenant, email=email, name=name, industry=industry, plan=plan, company=company
        )
        try:
            await install_samples(conn, made.tenant_id, settings=settings)
        except ConfigurationError as error:
            _log.warning("the samples are left to a worker", tenant=tenant, reason=error.message)
    return made
