-- aias_private.watch_audit_broken: guards of the audit log that are missing or off, and what the looks at its chain found.
--
-- Caller    aias_private.evaluate_alerts, for the rules of the source audit_broken.
-- Promise   one row per table that could be changed or truncated, and one per seal (key: seal and its number) under which the last
--           look found something wrong: it ends when a later look at that seal finds all well. The window is not used.
-- requires: aias_private.nil_uuid
-- requires: aias_private.audit_guards_off
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
        g.table_name,
        g.off_count::double precision,
        jsonb_build_object('guards', g.guards)
    from aias_private.audit_guards_off() as g
    union all
    select
        aias_private.nil_uuid(),
        'seal ' || f.bad_seal,
        1,
        jsonb_strip_nulls(
            jsonb_build_object(
                'finding', f.finding, 'first_bad_id', f.first_bad_id, 'reason', f.reason, 'verified_at', f.verified_at
            )
        )
    from (
        select distinct on (v.bad_seal)
            v.id, v.bad_seal, v.finding, v.first_bad_id, v.reason, v.verified_at
        from aias_private.audit_verifications as v
        where not v.is_ok and v.bad_seal is not null
        order by v.bad_seal, v.id desc
    ) as f
    where not exists (
        select
        from aias_private.audit_verifications as w
        where w.id > f.id and w.is_ok and w.from_seal <= f.bad_seal and w.to_seal >= f.bad_seal
    )
$$;
revoke execute on function aias_private.watch_audit_broken(interval) from public;
comment on function aias_private.watch_audit_broken(interval) is
'The tables of the audit log that lack a guard, and the seals under which something was found wrong.';
