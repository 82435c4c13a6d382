"""Every place where something of a person could lie is known."""

from __future__ import annotations

from typing import Any

import psycopg

Tx = psycopg.Connection[Any]


def test_every_text_of_a_tenants_table_is_declared_or_listed_as_holding_nothing_of_people(tx: Tx) -> None:
    found = tx.execute(
        """
        select c.relname || '.' || a.attname
        from pg_class as c
        join pg_attribute as t on t.attrelid = c.oid and t.attname = 'tenant_id' and not t.attisdropped
        join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        where c.relnamespace = 'aias_private'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
            and a.atttypid = any ('{text,jsonb,text[],varchar,json}'::regtype[])
            and not exists (
                select from aias_private.personal_data as d where d.table_name = c.relname and d.column_name = a.attname
            )
        order by 1
        """
    ).fetchall()
    assert [name for (name,) in found] == [], "add a line to sql/privacy/personal_data.sql"


def test_what_is_declared_exists_and_can_be_erased(tx: Tx) -> None:
    missing = tx.execute(
        """
        select d.table_name || '.' || d.column_name from aias_private.personal_data as d
        where aias_private.personal_table(d.table_name) is not null and not exists (
            select from pg_attribute as a
            where a.attrelid = aias_private.personal_table(d.table_name) and a.attname = d.column_name
        )
        """
    ).fetchall()
    assert missing == []
    stuck = tx.execute(
        """
        select d.table_name || '.' || d.column_name
        from aias_private.personal_data as d
        join pg_attribute as a on a.attrelid = aias_private.personal_table(d.table_name) and a.attname = d.column_name
        where d.action in ('delete', 'anonymize') and (
            -- batches go by the primary key
            not exists (select from pg_index as i where i.indrelid = a.attrelid and i.indisprimary)
            or (
                d.action = 'anonymize' and (
                    a.atttypid not in ('text'::regtype, 'jsonb'::regtype)
                    or exists (
                        select from pg_index as i
                        where i.indrelid = a.attrelid and i.indisprimary and a.attnum = any (i.indkey::smallint[])
                    )
                )
            )
        )
        """
    ).fetchall()
    assert stuck == []
