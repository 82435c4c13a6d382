-- aias_private.roll_up_audit: take over what the audit log of a span of time says of people, plans and first steps.
--
-- Caller    roll_up_activity. p_until as in roll_up_executions.
-- Promise   the same rows taken over twice come to the same: what is still open is read again by the next run. What was
--           done with samples says nothing of people and first steps.
-- Plan      audit_log_id_idx.
-- requires: aias_private.nil_uuid
create or replace function aias_private.roll_up_audit(
    p_from timestamptz,
    p_until timestamptz
)
returns bigint
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_first constant uuid := aias_private.uuid7_floor(p_from);
    v_last constant uuid := case
        when p_until is null then 'ffffffff-ffff-ffff-ffff-ffffffffffff' else aias_private.uuid7_floor(p_until)
    end;
    v_new jsonb;
    v_count bigint;
begin
    insert into aias_private.tenant_milestones as m (tenant_id, connected_at, first_workflow_at)
    select
        a.tenant_id,
        min(a.at) filter (where a.action = 'integration.connected'),
        min(a.at) filter (where a.action = 'workflow.applied')
    from aias_private.audit_log as a
    inner join aias_private.tenants as t on t.id = a.tenant_id
    where
        a.id >= v_first
        and a.id < v_last
        and a.action in ('integration.connected', 'workflow.applied')
        -- a sample is no step of the tenant's own
        and not coalesce((a.detail ->> 'is_sample')::boolean, false)
        and not exists (
            select from aias_private.workflows as w
            where w.tenant_id = a.tenant_id and w.is_sample and w.id::text = a.object_id
        )
    group by a.tenant_id
    order by a.tenant_id
    on conflict (tenant_id) do update
    set
        connected_at = least(m.connected_at, excluded.connected_at),
        first_workflow_at = least(m.first_workflow_at, excluded.first_workflow_at)
    where
        excluded.connected_at < coalesce(m.connected_at, 'infinity')
        or excluded.first_workflow_at < coalesce(m.first_workflow_at, 'infinity');
    insert into aias_private.plan_changes (tenant_id, audit_id, at, from_plan, to_plan, actor)
    select
        a.tenant_id,
        a.id,
        a.at,
        a.detail ->> 'from',
        a.detail ->> 'to',
        a.actor
    from aias_private.audit_log as a
    inner join aias_private.tenants as t on t.id = a.tenant_id
    where
        a.id >= v_first
        and a.id < v_last
        and a.action = 'tenant.plan_changed'
        and a.detail ->> 'from' is distinct from a.detail ->> 'to'
    on conflict (tenant_id, audit_id) do nothing;
    with added as (
        insert into aias_private.user_days as u (tenant_id, day, actor)
        select distinct
            a.tenant_id,
            (a.at at time zone 'UTC')::date,
            a.actor
        from aias_private.audit_log as a
        inner join aias_private.tenants as t on t.id = a.tenant_id
        where
            a.id >= v_first
            and a.id < v_last
            and a.actor_kind = 'user'
            and not coalesce((a.detail ->> 'is_sample')::boolean, false)
        order by 1, 2, 3
        on conflict (tenant_id, day, actor) do nothing
        returning u.tenant_id, u.day
    )
    select
        jsonb_agg(distinct jsonb_build_object('tenant_id', n.tenant_id, 'day', n.day)),
        count(*)
    into v_new, v_count
    from added as n;
    -- a person who is new on a day is new in the windows of the 30 days from then on
    insert into aias_private.active_user_days as d (tenant_id, day, daily_count, weekly_count, monthly_count)
    select
        c.tenant_id,
        c.day,
        count(distinct u.actor) filter (where u.day = c.day),
        count(distinct u.actor) filter (where u.day > c.day - 7),
        count(distinct u.actor)
    from (
        select distinct o.tenant_id, o.day
        from jsonb_to_recordset(v_new) as n(tenant_id uuid, day date)
        inner join aias_private.user_days as o
            on o.tenant_id = n.tenant_id and o.day >= n.day and o.day < n.day + 30
    ) as c
    inner join aias_private.user_days as u
        on u.tenant_id = c.tenant_id and u.day > c.day - 30 and u.day <= c.day
    group by c.tenant_id, c.day
    order by c.tenant_id, c.day
    on conflict (tenant_id, day) do update
    set
        daily_count = excluded.daily_count,
        weekly_count = excluded.weekly_count,
        monthly_count = excluded.monthly_count;
    return v_count;
end;
$$;
revoke execute on function aias_private.roll_up_audit(timestamptz, timestamptz) from public;
comment on function aias_private.roll_up_audit(timestamptz, timestamptz) is
'Takes over active people, moves between plans and first steps of tenants from the audit log of a span of time.';
