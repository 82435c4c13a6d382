-- aias_private.template_reasons: what speaks for each template, and what against it, at a tenant.
--
-- Returns   one row per template and reason, with its points; the sum ranks (aias.recommend_templates).
--           integration_connected   40, divided by the connections that it needs; all 40 where it needs none
--           integration_missing     0: what is to be connected first
--           industry                20 it is meant for the tenant's industry; for_everybody 8
--           similar_tenants         up to 25: the share of tenants of the industry that run it
--           runs_with               up to 15: the share of those that run what this tenant runs
--           events_come_in          10 what starts it came in within 30 days
--           already_used            -100 a workflow was made from it
--           done_by_hand            -40 a workflow of the tenant's own calls all the actions that it calls
-- requires: aias.templates
-- requires: aias_private.industry_word
-- requires: aias_private.template_shares
create or replace function aias_private.template_reasons(
    p_tenant uuid
)
returns table (
    template text,
    reason text,
    what text,
    share numeric,
    points numeric
)
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    with used as materialized (
        select
            u.template,
            u.workflow_id,
            w.name
        from aias_private.template_uses as u
        inner join aias_private.workflows as w
            on
                u.tenant_id = w.tenant_id
                and u.workflow_id = w.id
                and u.workflow_version = w.current_version
        where u.tenant_id = p_tenant and w.deleted_at is null
    ),

    own as materialized (
        select
            w.name,
            array(
                select distinct s.step ->> 'action'
                from jsonb_array_elements(v.definition -> 'steps') as s (step)
            ) as actions
        from aias_private.workflows as w
        inner join aias_private.workflow_versions as v
            on w.tenant_id = v.tenant_id and w.id = v.workflow_id and w.current_version = v.version
        where
            w.tenant_id = p_tenant
            and w.deleted_at is null
            and w.id not in (select u.workflow_id from used as u)
    ),

    needed as (
        select
            t.name,
            n.kind,
            cardinality(t.integrations) as kind_count,
            exists (
                select
                from aias_private.integrations as i
                where i.tenant_id = p_tenant and i.kind = n.kind and i.status = 'connected'
            ) as is_connected
        from aias.templates as t
        cross join lateral unnest(t.integrations) as n (kind)
    )

    select
        n.name,
        case when n.is_connected then 'integration_connected' else 'integration_missing' end,
        n.kind,
        null::numeric,
        case when n.is_connected then round(40.0 / n.kind_count, 1) else 0 end
    from needed as n
    union all
    select
        t.name,
        'no_integration_needed',
        null::text,
        null::numeric,
        40
    from aias.templates as t
    where t.integrations = '{}'
    union all
    select
        t.name,
        case when t.industries = '{}' then 'for_everybody' else 'industry' end,
        case when t.industries <> '{}' then aias_private.industry_word(c.industry) end,
        null::numeric,
        case when t.industries = '{}' then 8 else 20 end
    from aias.templates as t
    inner join aias_private.tenants as c on c.id = p_tenant
    where t.industries = '{}' or aias_private.industry_word(c.industry) = any(t.industries)
    union all
    select
        s.template,
        s.reason,
        s.with_template,
        s.share,
        round(s.share * case when s.reason = 'similar_tenants' then 25 else 15 end, 1)
    from (
        -- of several templates that others run it with, the one that says most
        select distinct on (s.template, s.reason)
            s.template,
            s.reason,
            s.with_template,
            s.share
        from aias_private.template_shares(p_tenant) as s
        order by s.template asc, s.reason asc, s.share desc, s.with_template asc
    ) as s
    union all
    select distinct
        t.name,
        'events_come_in',
        g.trigger ->> 'type',
        null::numeric,
        10
    from aias.templates as t
    cross join lateral jsonb_array_elements(t.triggers) as g (trigger)
    where
        g.trigger ->> 'kind' = 'event'
        and exists (
            select
            from aias_private.events as e
            where
                e.tenant_id = p_tenant
                and e.type = g.trigger ->> 'type'
                and e.created_at > aias_private.now() - interval '30 days'
        )
    union all
    select
        u.template,
        'already_used',
        u.name,
        null::numeric,
        -100
    from used as u
    union all
    select
        t.name,
        'done_by_hand',
        min(o.name),
        null::numeric,
        -40
    from aias.templates as t
    inner join own as o
        on array(
            select distinct s.step ->> 'action'
            from jsonb_array_elements(t.workflow -> 'steps') as s (step)
            where s.step ->> 'action' like '%.%'
        ) <@ o.actions
    where exists (
        select from jsonb_array_elements(t.workflow -> 'steps') as s (step) where s.step ->> 'action' like '%.%'
    )
    group by t.name
$$;
revoke execute on function aias_private.template_reasons(uuid) from public;
comment on function aias_private.template_reasons(uuid) is
'What speaks for each template and against it at a tenant, in points.';
