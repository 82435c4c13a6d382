"""A tenant with two people, and one row for each of them in every table that may hold something of a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, LiteralString
from uuid import UUID

import pytest
from psycopg import AsyncConnection, sql

from aias.tenants import create_tenant, create_user

Conn = AsyncConnection[Any]

SKIPPED = ("users", "audit_log")
"""Tables whose rows come about by calling the interface."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    id: UUID
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    tenant_id: UUID
    ann: Person
    bob: Person


async def places(conn: Conn) -> dict[str, dict[str, str]]:
    """Give the columns that are declared to hold something of users, with their types, by table."""
    cursor = await conn.execute(
        """
        select d.table_name, d.column_name, format_type(a.atttypid, null)
        from aias_private.personal_data as d
        join pg_attribute as a
            on a.attrelid = aias_private.personal_table(d.table_name) and a.attname = d.column_name
        where d.kind = 'user' order by 1, 2
        """
    )
    found: dict[str, dict[str, str]] = {}
    for table, column, kind in await cursor.fetchall():
        found.setdefault(table, {})[column] = kind
    return found


_FILLERS: dict[str, LiteralString] = {
    "text": "'x' || gen_random_uuid()", "uuid": "aias_private.uuid7()", "jsonb": "'{}'::jsonb",
    "bytea": "uuid_send(gen_random_uuid())",
    "boolean": "false", "date": "current_date", "interval": "interval '1 day'", "timestamp with time zone": "now()",
    "text[]": "'{}'::text[]", "uuid[]": "'{}'::uuid[]", "character varying": "'x'",
}  # fmt: skip


def _filler(column: str, kind: str) -> sql.SQL:
    """Give an expression for a column that needs a value and holds nothing of anybody."""
    if column == "class":
        return sql.SQL("'info'")  # of the two partitions of logs
    return sql.SQL(_FILLERS.get(kind, "(random() * 30000)::integer"))


async def put_everywhere(conn: Conn, tenant_id: UUID, person: Person) -> int:
    """Put a person's address and id into every declared column, one row per table; gives the number of tables.

    The rows are of no other use: constraints and triggers are off in this session, and checks are dropped.
    """
    count = 0
    text = f"asked by <{person.email.upper()}> about {person.id}."
    for table, columns in (await places(conn)).items():
        if table in SKIPPED:
            continue
        name = sql.Identifier(*table.split(".")) if "." in table else sql.Identifier("aias_private", table)
        cursor = await conn.execute(
            """
            select a.attname, format_type(a.atttypid, null), (a.attnotnull and not a.atthasdef and a.attidentity = '')
                or exists (
                    select from pg_index as i
                    where i.indrelid = a.attrelid and i.indisunique and a.attnum = any (i.indkey::smallint[])
                        and a.atttypid = 'text'::regtype
                )
            from pg_attribute as a
            where a.attrelid = aias_private.personal_table(%s) and a.attnum > 0 and not a.attisdropped
                and a.attgenerated = ''
            """,
            (table,),
        )
        values: dict[str, sql.Composable] = {}
        for column, kind, is_needed in await cursor.fetchall():
            if column == "tenant_id":
                values[column] = sql.Literal(tenant_id)
            elif column in columns:
                document = sql.SQL("jsonb_build_object('deep', jsonb_build_array({}::text))").format(f"line\n{text}")
                values[column] = {
                    "jsonb": document,
                    "uuid": sql.Literal(person.id),
                    "bytea": sql.SQL("convert_to({}, 'UTF8')").format(sql.Literal(text)),
                }.get(kind, sql.Literal(text))
            elif is_needed:
                values[column] = _filler(column, kind)
        await conn.execute(
            sql.SQL("insert into {} ({}) values ({})").format(
                name,
                sql.SQL(", ").join(map(sql.Identifier, values)),
                sql.SQL(", ").join(values.values()),
            )
        )
        count += 1
    return count


async def allow_anything(conn: Conn) -> None:
    """Drop the checks of this database and switch triggers and foreign keys off in this session."""
    await conn.execute("set session_replication_role = replica")
    await conn.execute(
        """
        do $$
        declare v record;
        begin
            for v in
                select conrelid::regclass as name, conname from pg_constraint
                where contype = 'c' and conislocal and conrelid not in (0, 'aias_private.erasures'::regclass)
                    and connamespace in ('aias_private'::regnamespace, 'public'::regnamespace)
            loop
                execute format('alter table %s drop constraint if exists %I', v.name, v.conname);
            end loop;
        end
        $$
        """
    )


@pytest.fixture
async def people(conn: Conn) -> People:
    """Ann, whose address is the end of Bob's, both of one tenant."""
    tenant_id = await create_tenant(conn, slug="shop", plan="pro")
    made: list[Person] = []
    for name, email in (("Ann", "ann@shop.example"), ("Joann", "jo.ann@shop.example")):
        user = await create_user(conn, tenant="shop", email=email, name=name)
        made.append(Person(id=user, email=email))
    return People(tenant_id=tenant_id, ann=made[0], bob=made[1])
