-- aias_private.blow_fuses: count what gave up for good, and blow the fuses of what did so too often.
--
-- Caller    record_errors, in its transaction, with the same failures: of each `fuses`, an array of {"tenant_id" (of the
--           failure), "scope", "name", "failure_count"}.
-- Promise   a fuse blows when a task or a workflow gave up for the same reason as often as its rule says within its time,
--           counted by ten seconds; once until it is released, with one alert. From the commit on no job of it starts (as under a
--           pause): workers are told at once. What waits and what comes is diverted by aias_private.divert.
--           The engine's own tasks have no fuse: executions are their workflow's.
-- Returns   whether one blew.
-- requires: aias_private.nil_uuid
create or replace function aias_private.blow_fuses(p_failures jsonb)
returns boolean
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := aias_private.now();
    v_slice constant timestamptz := date_bin('10 seconds', v_now, '2000-01-01 00:00+00');
    v_key record;
    v_rule record;
    v_count bigint;
    v_fuse uuid;
    v_pause text;
    v_reason text;
    v_blew boolean := false;
begin
    for v_key in
        with given as materialized (
            select
                coalesce(f.tenant_id, aias_private.nil_uuid()) as tenant_id,
                u.scope,
                u.name,
                f.fingerprint,
                sum(u.failure_count)::bigint as failure_count
            from jsonb_to_recordset(p_failures) as f (
                tenant_id uuid, fingerprint text, fuses jsonb, last_at timestamptz
            )
            cross join jsonb_to_recordset(f.fuses) as u (scope text, name text, failure_count bigint)
            where
                (u.scope <> 'task' or u.name not like 'aias.%')
                -- told late: it failed before the fuse was released, which has forgiven it
                and not exists (
                    select
                    from aias_private.fuses as o
                    where
                        o.tenant_id = coalesce(f.tenant_id, aias_private.nil_uuid())
                        and o.scope = u.scope
                        and o.name = u.name
                        and o.released_at > f.last_at
                )
            group by 1, 2, 3, 4
        ),
        counted as (
            insert into aias_private.fuse_failures as c (tenant_id, scope, name, fingerprint, at, failure_count)
            select g.tenant_id, g.scope, g.name, g.fingerprint, v_slice, g.failure_count
            from given as g
            order by g.tenant_id, g.scope, g.name, g.fingerprint
            on conflict (tenant_id, scope, name, fingerprint, at) do update
            set failure_count = c.failure_count + excluded.failure_count
            returning c.tenant_id, c.scope, c.name, c.fingerprint, c.failure_count
        )
        select
            k.tenant_id,
            k.scope,
            k.name,
            k.fingerprint,
            k.failure_count,
            w.id as workflow_id
        from counted as k
        left join aias_private.workflows as w
            on k.scope = 'workflow' and w.tenant_id = k.tenant_id and w.name = k.name and w.deleted_at is null
        order by k.tenant_id, k.scope, k.name, k.fingerprint
    loop
        continue when v_key.scope = 'workflow' and v_key.workflow_id is null;
        select r.failure_count, r.within, r.is_enabled into v_rule
        from aias_private.fuse_rules as r
        where r.scope = v_key.scope and r.name in (v_key.name, '*')
        order by r.name = '*'
        limit 1;
        continue when not found or not v_rule.is_enabled;
        -- the slice of now is counted above, and not seen by a query of the same statement
        select coalesce(sum(c.failure_count), 0) into v_count
        from aias_private.fuse_failures as c
        where
            c.tenant_id = v_key.tenant_id
            and c.scope = v_key.scope
            and c.name = v_key.name
            and c.fingerprint = v_key.fingerprint
            and c.at > v_now - v_rule.within
            and c.at < v_slice;
        v_count := v_count + v_key.failure_count;
        continue when v_count < v_rule.failure_count;
        v_pause := case v_key.scope
            when 'workflow' then 'fuse:workflow:' || v_key.workflow_id
            else 'fuse:task:' || v_key.name || ':' || v_key.tenant_id
        end;
        v_fuse := null;
        insert into aias_private.fuses (
            tenant_id, scope, name, workflow_id, group_id, fingerprint, key, reason, failure_count, within
        )
        select
            v_key.tenant_id,
            v_key.scope,
            v_key.name,
            v_key.workflow_id,
            g.id,
            v_key.fingerprint,
            v_pause,
            left(format('%s: %s', g.type, g.message), 1000),
            v_count,
            v_rule.within
        from (select 1) as one
        left join aias_private.error_groups as g on g.fingerprint = v_key.fingerprint
        on conflict (tenant_id, scope, name) where released_at is null do nothing
        returning id, reason into v_fuse, v_reason;
        continue when v_fuse is null;
        v_blew := true;
        insert into aias_private.pauses (tenant_id, scope, name, key, reason, paused_by)
        values (
            v_key.tenant_id,
            'fuse',
            v_key.scope || ' ' || v_key.name,
            v_pause,
            left(format('the fuse %s blew: %s', v_fuse, v_reason), 1000),
            'system'
        )
        on conflict (tenant_id, scope, name) do update set key = excluded.key, reason = excluded.reason;
        perform aias_private.raise_alert(
            'fuse_blown',
            nullif(v_key.tenant_id, aias_private.nil_uuid()),
            v_pause,
            'critical',
            format(
                'The %s %s gave up %s times within %s for the same reason: what follows goes to the dead letters',
                v_key.scope, v_key.name, v_count, v_rule.within
            ),
            jsonb_build_object(
                'fuse_id', v_fuse,
                'scope', v_key.scope,
                'name', v_key.name,
                'reason', v_reason,
                'failure_count', v_count,
                'release', format('aias fuse release %s', v_fuse)
            )
        );
        perform pg_notify('aias_control', jsonb_build_object('type', 'paused', 'key', v_pause)::text);
    end loop;
    return v_blew;
end;
$$;
revoke execute on function aias_private.blow_fuses(jsonb) from public;
comment on function aias_private.blow_fuses(jsonb) is
'Counts what gave up for good, and blows the fuses of what did so too often.';
