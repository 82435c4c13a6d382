"""The SQL calls of guidance, one function each: steps, next actions, help. The caller owns the connection."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row, scalar_row

from aias.errors import NotFound, translated

__all__ = [
    "Help",
    "NextAction",
    "OnboardingStep",
    "dismiss_guidance",
    "help_for",
    "next_action",
    "onboarding_steps",
    "owner_of",
]

Connection = AsyncConnection[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class OnboardingStep:
    """A step of the wizard; not taken where ``done_at`` is none."""

    position: int
    step: str
    done_at: datetime | None
    is_done: bool
    time_taken: timedelta | None
    """From the sign-up to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NextAction:
    """What a person best does next, in the person's language."""

    action: str
    title: str
    why: str
    detail: str
    path: str
    """Where in the HTTP API it is done."""
    score: int
    is_urgent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """A help text; ``name`` is what it is dismissed by."""

    name: str
    title: str
    body: str
    language: str


async def onboarding_steps(conn: Connection, tenant: str) -> list[OnboardingStep]:
    """Give the steps from the sign-up to a working automation, with the time of each.

    Raises:
        NotFound: there is no such tenant.
    """
    async with conn.cursor(row_factory=class_row(OnboardingStep)) as cursor:
        await cursor.execute(
            "select s.position, s.step, s.done_at, s.is_done, s.time_taken"
            " from aias.onboarding_steps as s where s.tenant = %s order by s.position",
            (tenant,),
        )
        found = await cursor.fetchall()
    if not found:
        raise NotFound(f"there is no tenant {tenant!r}", argument="p_tenant")
    return found


async def owner_of(conn: Connection, tenant: str, email: str | None = None) -> UUID:
    """Give the person with this address, or the tenant's first owner.

    Raises:
        NotFound: there is nobody.
    """
    async with conn.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(
            "select u.id from aias.users as u inner join aias.tenants as t on t.id = u.tenant_id"
            " where t.slug = %(tenant)s"
            " and case when %(email)s::text is null then u.role = 'owner' else lower(u.email) = lower(%(email)s) end"
            " order by u.id limit 1",
            {"tenant": tenant, "email": email},
        )
        found = await cursor.fetchone()
    if found is None:
        raise NotFound(f"{tenant!r} has no {'owner' if email is None else 'such person'}", argument="p_user")
    return found


async def next_action(conn: Connection, user: UUID, *, language: str | None = None) -> NextAction | None:
    """Give what a person best does next.

    Raises:
        NotFound: there is no such person.
    """
    async with translated(), conn.cursor(row_factory=class_row(NextAction)) as cursor:
        await cursor.execute(
            "select n.action, n.title, n.why, n.detail, n.path, n.score, n.is_urgent"
            " from aias.next_action(%s, %s) as n",
            (user, language),
        )
        return await cursor.fetchone()


async def help_for(
    conn: Connection, user: UUID, *, page: str, state: str = "", language: str | None = None
) -> Help | None:
    """Give what a page tells a person in a state; None where there is nothing, or it was dismissed.

    Raises:
        NotFound: there is no such person.
    """
    async with translated(), conn.cursor(row_factory=class_row(Help)) as cursor:
        await cursor.execute(
            "select h.name, h.title, h.body, h.language from aias.help_for(%s, %s, %s, %s) as h",
            (user, page, state, language),
        )
        return await cursor.fetchone()


async def dismiss_guidance(
    conn: Connection, user: UUID, *, kind: Literal["help", "action"], name: str, is_dismissed: bool = True
) -> bool:
    """Hide a help text or a proposal from a person, or show it again; gives whether that changed something.

    Raises:
        NotFound: there is no such person.
        InvalidArgument: there is no such help text or action.
    """
    async with translated(), conn.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute("select aias.dismiss_guidance(%s, %s, %s, %s)", (user, kind, name, is_dismissed))
        (changed,) = await cursor.fetchall()
        return changed
