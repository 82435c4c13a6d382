"""What a database's schema really is, object by object, as text.

One source for three uses: ``check`` compares two dumps by name, ``bin/dump-schema`` writes one to
``tests/snapshots/schema.sql`` to be read in every diff, and the tests of the catalog look things up in it.

Covered: the schemas ``aias``, ``aias_private`` and ``aias_archive``, and the engine's objects in ``public``. Left
out, because they come and go while the system runs: partitions made for a time range (a default partition counts),
and what retention moved into ``aias_archive``. Owners are left out too: whoever migrates owns.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import LiteralString

import psycopg
from psycopg.rows import class_row

__all__ = ["CatalogObject", "read_catalog", "render"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogObject:
    """One object of the schema; (kind, name) is unique."""

    kind: str
    """``table``, ``column``, ``constraint``, ``index``, ``trigger``, ``policy``, ``view``, ``function``, ..."""
    name: str
    """Qualified; for parts of a table ``schema.table.part``."""
    belongs_to: str
    """The object under which it is listed: a table for its columns, itself for a table."""
    position: int
    """Order among its kind: the rank of a column."""
    definition: str
    """SQL, or the like of it; equal exactly where the objects are."""


# Relations that the dump is about. Objects that hang on a relation are found through this.
_RELATIONS: LiteralString = """
    with relation as (
        select
            c.oid, c.relkind, c.relpersistence, c.reloptions, c.relacl, c.relowner, c.relrowsecurity,
            c.relforcerowsecurity, c.relreplident, c.relispartition,
            n.nspname || '.' || c.relname as name
        from pg_class as c
        inner join pg_namespace as n on n.oid = c.relnamespace
        where (
                n.nspname in ('aias', 'aias_private', 'aias_archive')
                or (n.nspname = 'public' and c.relname like 'procrastinate%')
            )
            and (not c.relispartition or pg_get_expr(c.relpartbound, c.oid) = 'DEFAULT')
            and not (n.nspname = 'aias_archive' and c.relname ~ '_[0-9]{4}_[0-9]{2}$')
    ),
    routine as (
        select p.*, n.nspname || '.' || p.proname as name,
            n.nspname || '.' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')' as signature
        from pg_proc as p
        inner join pg_namespace as n on n.oid = p.pronamespace
        where (
                n.nspname in ('aias', 'aias_private', 'aias_archive')
                or (n.nspname = 'public' and p.proname like 'procrastinate%')
            )
            and p.prokind in ('f', 'p')
    ),
    schema as (
        select n.* from pg_namespace as n where n.nspname in ('aias', 'aias_private', 'aias_archive')
    ),
    own_type as (
        select t.*, n.nspname || '.' || t.typname as name
        from pg_type as t
        inner join pg_namespace as n on n.oid = t.typnamespace
        left join pg_class as c on c.oid = t.typrelid
        where (
                n.nspname in ('aias', 'aias_private', 'aias_archive')
                or (n.nspname = 'public' and t.typname like 'procrastinate%')
            )
            and (t.typtype in ('e', 'd') or (t.typtype = 'c' and c.relkind = 'c'))
    )
"""

_SCHEMAS: LiteralString = """
    select 'schema' as kind, nspname::text as name, nspname::text as belongs_to, 0 as position,
        'create schema ' || nspname || ';' as definition
    from schema
"""

_TABLES: LiteralString = """
    select 'table' as kind, name, name as belongs_to, 0 as position,
        concat_ws(
            ' ',
            case relpersistence when 'u' then 'create unlogged table' else 'create table' end,
            name,
            case when relispartition then (
                select 'partition of ' || h.inhparent::regclass::text || ' default'
                from pg_inherits as h where h.inhrelid = relation.oid
            ) end,
            case when relkind = 'p' then 'partition by ' || pg_get_partkeydef(oid) end,
            'with (' || nullif(array_to_string(reloptions, ', '), '') || ')',
            case when relrowsecurity then 'enable row level security' end,
            case when relforcerowsecurity then 'force row level security' end,
            case when relreplident <> 'd' then 'replica identity ' || relreplident::text end
        ) || ';' as definition
    from relation
    where relkind in ('r', 'p')
"""

_COLUMNS: LiteralString = """
    select 'column' as kind, r.name || '.' || a.attname as name, r.name as belongs_to,
        (rank() over (partition by r.oid order by a.attnum))::integer as position,
        concat_ws(
            ' ',
            '    ' || a.attname,
            format_type(a.atttypid, a.atttypmod),
            (
                select 'collate ' || o.collname from pg_collation as o
                where o.oid = a.attcollation and o.collname <> 'default'
            ),
            case a.attidentity
                when 'a' then 'generated always as identity'
                when 'd' then 'generated by default as identity'
            end,
            case when a.attgenerated = '' then 'default ' else 'generated always as ' end
                || pg_get_expr(d.adbin, d.adrelid),
            case when a.attnotnull then 'not null' end
        ) as definition
    from relation as r
    inner join pg_attribute as a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef as d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where r.relkind in ('r', 'p') and not r.relispartition
"""

# Not null is told with the column: PostgreSQL 18 has a constraint for it, earlier versions have none.
_CONSTRAINTS: LiteralString = """
    select 'constraint' as kind, r.name || '.' || c.conname as name, r.name as belongs_to, 0 as position,
        'alter table ' || r.name || ' add constraint ' || c.conname || ' ' || pg_get_constraintdef(c.oid) || ';'
            as definition
    from pg_constraint as c
    inner join relation as r on r.oid = c.conrelid
    where c.contype not in ('n', 't') and c.conparentid = 0 and not r.relispartition
"""

_INDEXES: LiteralString = """
    select 'index' as kind, r.name || '.' || x.relname as name, r.name as belongs_to, 0 as position,
        pg_get_indexdef(i.indexrelid) || case when i.indisvalid then ';' else '; -- INVALID' end as definition
    from pg_index as i
    inner join relation as r on r.oid = i.indrelid
    inner join pg_class as x on x.oid = i.indexrelid
    where not r.relispartition
        and not exists (select from pg_constraint as c where c.conindid = i.indexrelid and c.contype in ('p', 'u', 'x'))
"""

_TRIGGERS: LiteralString = """
    select 'trigger' as kind, r.name || '.' || t.tgname as name, r.name as belongs_to, 0 as position,
        pg_get_triggerdef(t.oid)
            || case t.tgenabled when 'O' then ';' when 'D' then '; -- disabled' when 'A' then '; -- always'
                else '; -- on replicas' end as definition
    from pg_trigger as t
    inner join relation as r on r.oid = t.tgrelid
    where not t.tgisinternal and t.tgparentid = 0
"""

_POLICIES: LiteralString = """
    select 'policy' as kind, r.name || '.' || p.polname as name, r.name as belongs_to, 0 as position,
        concat_ws(
            ' ',
            'create policy ' || p.polname || ' on ' || r.name,
            case when p.polpermissive then 'as permissive' else 'as restrictive' end,
            'for ' || case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update'
                when 'd' then 'delete' else 'all' end,
            'to ' || (
                select string_agg(coalesce(o.rolname, 'public'), ', ' order by o.rolname)
                from unnest(p.polroles) as role (id) left join pg_roles as o on o.oid = role.id
            ),
            'using (' || pg_get_expr(p.polqual, p.polrelid) || ')',
            'with check (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')'
        ) || ';' as definition
    from pg_policy as p
    inner join relation as r on r.oid = p.polrelid
"""

_VIEWS: LiteralString = """
    select
        case relkind when 'v' then 'view' else 'materialized view' end as kind, name, name as belongs_to, 0 as position,
        concat_ws(
            ' ',
            case relkind when 'v' then 'create view' else 'create materialized view' end,
            name,
            'with (' || nullif(array_to_string(reloptions, ', '), '') || ')',
            'as'
        ) || chr(10) || pg_get_viewdef(oid) as definition
    from relation
    where relkind in ('v', 'm')
"""

_FUNCTIONS: LiteralString = """
    select 'function' as kind, signature as name, signature as belongs_to, 0 as position,
        rtrim(pg_get_functiondef(oid), chr(10)) || ';' as definition
    from routine
"""

_TYPES: LiteralString = """
    select 'type' as kind, t.name, t.name as belongs_to, 0 as position,
        case t.typtype
            when 'e' then 'create type ' || t.name || ' as enum (' || (
                select string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder)
                from pg_enum as e where e.enumtypid = t.oid
            ) || ');'
            when 'c' then 'create type ' || t.name || ' as (' || (
                select string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod), ', ' order by a.attnum)
                from pg_attribute as a where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped
            ) || ');'
            else concat_ws(
                ' ', 'create domain ' || t.name || ' as ' || format_type(t.typbasetype, t.typtypmod),
                'default ' || t.typdefault, case when t.typnotnull then 'not null' end,
                (
                    select string_agg('constraint ' || c.conname || ' ' || pg_get_constraintdef(c.oid), ' '
                        order by c.conname)
                    from pg_constraint as c where c.contypid = t.oid and c.contype <> 'n'
                )
            ) || ';'
        end as definition
    from own_type as t
"""

_SEQUENCES: LiteralString = """
    select 'sequence' as kind, r.name, r.name as belongs_to, 0 as position,
        'create sequence ' || r.name || ' as ' || format_type(s.seqtypid, null)
            || ' start ' || s.seqstart || ' increment ' || s.seqincrement || ';' as definition
    from pg_sequence as s
    inner join relation as r on r.oid = s.seqrelid
    where not exists (
        select from pg_depend as d
        where d.objid = r.oid and d.classid = 'pg_class'::regclass and d.deptype in ('a', 'i')
    )
"""

_STATISTICS: LiteralString = """
    select 'statistics' as kind, r.name || '.' || s.stxname as name, r.name as belongs_to, 0 as position,
        pg_get_statisticsobjdef(s.oid) || ';' as definition
    from pg_statistic_ext as s
    inner join relation as r on r.oid = s.stxrelid
"""

_COMMENTS: LiteralString = """
    , target (classid, objid, objsubid, what, belongs_to, position) as (
        select 'pg_namespace'::regclass, oid, 0, 'schema ' || nspname, nspname::text, 0 from schema
        union all
        select 'pg_class'::regclass, oid, 0,
            case relkind when 'v' then 'view ' when 'm' then 'materialized view ' when 'S' then 'sequence '
                else 'table ' end || name, name, 0
        from relation where relkind in ('r', 'p', 'v', 'm', 'S')
        union all
        select 'pg_class'::regclass, r.oid, a.attnum, 'column ' || r.name || '.' || a.attname, r.name, a.attnum
        from relation as r inner join pg_attribute as a on a.attrelid = r.oid and a.attnum > 0
        where not r.relispartition
        union all
        select 'pg_class'::regclass, i.indexrelid, 0, 'index ' || i.indexrelid::regclass::text, r.name, 0
        from pg_index as i inner join relation as r on r.oid = i.indrelid
        union all
        select 'pg_proc'::regclass, oid, 0,
            case prokind when 'p' then 'procedure ' else 'function ' end || signature, signature, 0
        from routine
        union all
        select 'pg_type'::regclass, oid, 0,
            case typtype when 'd' then 'domain ' else 'type ' end || name, name, 0
        from own_type
        union all
        select 'pg_constraint'::regclass, c.oid, 0, 'constraint ' || c.conname || ' on ' || r.name, r.name, 0
        from pg_constraint as c inner join relation as r on r.oid = c.conrelid
        union all
        select 'pg_trigger'::regclass, t.oid, 0, 'trigger ' || t.tgname || ' on ' || r.name, r.name, 0
        from pg_trigger as t inner join relation as r on r.oid = t.tgrelid
        union all
        select 'pg_policy'::regclass, p.oid, 0, 'policy ' || p.polname || ' on ' || r.name, r.name, 0
        from pg_policy as p inner join relation as r on r.oid = p.polrelid
    )
    select 'comment' as kind, 'on ' || t.what as name, t.belongs_to, t.position::integer,
        'comment on ' || t.what || ' is ' || quote_literal(d.description) || ';' as definition
    from target as t
    inner join pg_description as d on d.classoid = t.classid and d.objoid = t.objid and d.objsubid = t.objsubid
"""

# One line per grantee. An owner's own rights are left out, and so are objects that nobody granted anything on.
_PRIVILEGES: LiteralString = """
    , target (acl, owner, what, belongs_to, position) as (
        select nspacl, nspowner, 'schema ' || nspname, nspname::text, 0 from schema
        union all
        select relacl, relowner, case relkind when 'S' then 'sequence ' else 'table ' end || name, name, 0
        from relation where relkind in ('r', 'p', 'v', 'm', 'S')
        union all
        select a.attacl, r.relowner, 'column ' || r.name || '.' || a.attname, r.name, a.attnum
        from relation as r inner join pg_attribute as a on a.attrelid = r.oid and a.attnum > 0
        where not r.relispartition
        union all
        select coalesce(proacl, acldefault('f', proowner)), proowner, 'function ' || signature, signature, 0
        from routine
        union all
        select typacl, typowner, 'type ' || name, name, 0 from own_type
    )
    select 'privilege' as kind, 'on ' || t.what || ' to ' || grantee.name as name, t.belongs_to,
        t.position::integer as position,
        'grant '
            || string_agg(
                lower(g.privilege_type) || case when g.is_grantable then ' with grant option' else '' end,
                ', ' order by g.privilege_type
            )
            || ' on ' || t.what || ' to ' || grantee.name || ';' as definition
    from target as t
    cross join aclexplode(t.acl) as g
    left join pg_roles as o on o.oid = g.grantee
    cross join lateral (select coalesce(o.rolname, 'public') as name) as grantee
    where g.grantee <> t.owner
    group by t.what, t.belongs_to, t.position, grantee.name
"""

_QUERIES: tuple[LiteralString, ...] = (
    _SCHEMAS,
    _TYPES,
    _SEQUENCES,
    _TABLES,
    _COLUMNS,
    _CONSTRAINTS,
    _INDEXES,
    _STATISTICS,
    _TRIGGERS,
    _POLICIES,
    _VIEWS,
    _FUNCTIONS,
    _COMMENTS,
    _PRIVILEGES,
)

_KINDS = (
    "schema",
    "type",
    "sequence",
    "table",
    "column",
    "view",
    "materialized view",
    "function",
    "constraint",
    "index",
    "statistics",
    "trigger",
    "policy",
    "comment",
    "privilege",
)


def read_catalog(conn: psycopg.Connection) -> dict[tuple[str, str], CatalogObject]:
    """Read every object of ours and of the engine, by (kind, name), as of one moment.

    The connection must be in autocommit; its search_path does not matter.
    """
    found: dict[tuple[str, str], CatalogObject] = {}
    with conn.transaction(), conn.cursor(row_factory=class_row(CatalogObject)) as cursor:
        cursor.execute("set transaction isolation level repeatable read")
        cursor.execute("set local search_path = pg_catalog")  # so that every name is printed qualified
        for query in _QUERIES:
            for row in cursor.execute(_RELATIONS + query):
                found[row.kind, row.name] = row
    return found


def render(objects: Iterable[CatalogObject]) -> str:
    """Write the objects as text to be read: a paragraph per table, view or function with all that belongs to it."""
    paragraphs: dict[str, list[CatalogObject]] = {}
    for row in sorted(objects, key=_order):
        paragraphs.setdefault(row.belongs_to, []).append(row)
    return "\n".join("".join(f"{row.definition.rstrip()}\n" for row in paragraph) for paragraph in paragraphs.values())


def _order(row: CatalogObject) -> tuple[bool, str, int, int, str]:
    # a schema first, then what is in it by name
    return "." in row.belongs_to, row.belongs_to, _KINDS.index(row.kind), row.position, row.name
