-- aias_private.watch_audit_broken: guards of the audit log that are missing or off.
--
-- Caller    aias_private.evaluate_alerts, for the rules of the source audit_broken.
-- Promise   per partition that could be changed or truncated one row; what the verification of the chain finds is raised by itself.
-- requires: aias_private.nil_uuid
-- requires: aias_private.refuse_audit_change
create or replace function aias_private.watch_audit_broken(p_window interval)
returns table (
    tenant_id uuid,
    key text,
    value double precision,
    details jsonb
)
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select
        aias_private.nil_uuid(),
        p.relid::regclass::text,
        (3 - count(t.oid))::double precision,
        jsonb_build_object('guards', coalesce(jsonb_agg(t.tgname) filter (where t.oid is not null), '[]'))
    from pg_catalog.pg_partition_tree('aias_private.audit_log') as p
    -- update, delete and truncate, each refused by a trigger that is on: 16 and 8 are for rows, 32 for the whole
    cross join (values (8), (16), (32)) as g (operation)
    left join pg_catalog.pg_trigger as t
        on t.tgrelid = p.relid
        and t.tgfoid = 'aias_private.refuse_audit_change()'::regprocedure
        and t.tgenabled <> 'D'
        and t.tgtype & g.operation <> 0
    where p.isleaf
    group by p.relid
    having count(t.oid) < 3
$$;
revoke execute on function aias_private.watch_audit_broken(interval) from public;
comment on function aias_private.watch_audit_broken(interval) is
'The partitions of the audit log that lack a guard, with how many.';
