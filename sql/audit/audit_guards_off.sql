-- aias_private.audit_guards_off: what lets the audit log or its seals be changed.
--
-- Caller    verify_audit and watch_audit_broken.
-- Promise   one row per table (of the log: per partition) that lacks a trigger against updates, deletes or truncates, or has it
--           switched off: how many of the three, and which triggers are on.
-- requires: aias_private.refuse_audit_change
create or replace function aias_private.audit_guards_off()
returns table (
    table_name text,
    off_count bigint,
    guards jsonb
)
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select
        p.relid::regclass::text,
        3 - count(t.oid),
        coalesce(jsonb_agg(t.tgname) filter (where t.oid is not null), '[]')
    from (
        select l.relid from pg_catalog.pg_partition_tree('aias_private.audit_log') as l where l.isleaf
        union all
        select 'aias_private.audit_seals'::regclass
    ) as p
    -- update, delete and truncate, each refused by a trigger that is on: 16 and 8 are for rows, 32 for the whole
    cross join (values (8), (16), (32)) as g (operation)
    left join pg_catalog.pg_trigger as t
        on t.tgrelid = p.relid
        and t.tgfoid = 'aias_private.refuse_audit_change()'::regprocedure
        and t.tgenabled in ('O', 'A')
        and t.tgtype & g.operation <> 0
    group by p.relid
    having count(t.oid) < 3
$$;
revoke execute on function aias_private.audit_guards_off() from public;
comment on function aias_private.audit_guards_off() is
'The tables of the audit log and its seals that lack a guard, with how many.';
