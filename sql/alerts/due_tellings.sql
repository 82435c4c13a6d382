-- aias_private.due_tellings: which alerts somebody is to be told of just now.
--
-- Caller    aias_private.tell_alerts.
-- Promise   one row per alert and audience: opened (not told yet), still (open, and told so long ago that it is time again) or resolved
--           (told, and over). Acknowledged alerts are due only when they end. Rules whose last notice to the same audience is too
--           fresh are left for a later minute, whole: what comes meanwhile is told together.
-- Plan      alerts_open_idx and alert_tellings_open_idx: what was told to its end is not looked at.
-- requires: aias_private.is_silenced
-- requires: aias_private.nil_uuid
create or replace function aias_private.due_tellings()
returns table (
    tenant_id uuid,
    alert_id uuid,
    audience text,
    recipient uuid,
    phase text,
    is_silenced boolean
)
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    with looked_at as (
        select a.tenant_id, a.id, a.rule_tenant_id, a.rule, a.key, a.status
        from aias_private.alerts as a
        where a.status <> 'resolved'
        union
        select a.tenant_id, a.id, a.rule_tenant_id, a.rule, a.key, a.status
        from aias_private.alert_tellings as k
        inner join aias_private.alerts as a on a.tenant_id = k.tenant_id and a.id = k.alert_id
        where not k.is_resolution_told
    ),

    told as (
        select
            a.tenant_id,
            a.id,
            a.rule_tenant_id,
            a.rule,
            a.key,
            x.audience,
            case when x.audience = 'tenant' then a.tenant_id else aias_private.nil_uuid() end as recipient,
            case
                when a.status = 'resolved' and k.told_at is not null and not k.is_resolution_told then 'resolved'
                when a.status = 'open' and k.told_at is null then 'opened'
                when a.status = 'open' and k.told_at + r.renotify_every <= aias_private.now() then 'still'
            end as phase,
            coalesce(r.group_every, interval '5 minutes') as group_every
        from looked_at as a
        left join aias_private.alert_rules as r on r.tenant_id = a.rule_tenant_id and r.name = a.rule
        cross join lateral unnest(coalesce(r.tells, '{operators}')) as x (audience)
        left join aias_private.alert_tellings as k
            on k.tenant_id = a.tenant_id and k.alert_id = a.id and k.audience = x.audience
        where x.audience = 'operators' or a.tenant_id <> aias_private.nil_uuid()
    )

    select
        t.tenant_id,
        t.id,
        t.audience,
        t.recipient,
        t.phase,
        aias_private.is_silenced(t.recipient, t.rule, t.key)
    from told as t
    left join aias_private.alert_paces as p
        on p.tenant_id = t.recipient and p.rule_tenant_id = t.rule_tenant_id and p.rule = t.rule
    where
        t.phase is not null
        and (p.told_at is null or p.told_at + t.group_every <= aias_private.now())
$$;
revoke execute on function aias_private.due_tellings() from public;
comment on function aias_private.due_tellings() is 'The alerts that tenants or operators are to be told of just now.';
