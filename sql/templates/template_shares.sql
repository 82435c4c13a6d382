-- aias_private.template_shares: which templates other tenants run, as shares that tell of nobody.
--
-- Promise   k-anonymous with k = 5: a share is given only where at least five other tenants are counted in it and at least five
--           of them run the template, and it is rounded to tenths. No name, id or exact count leaves this function.
-- Returns   similar_tenants: of the tenants of the same industry that run any template; runs_with: of the tenants of any
--           industry that run a template that this tenant runs too (with_template).
-- requires: aias_private.industry_word
-- Plan      template_uses_template_idx and the keys; one pass over the uses that are current.
create or replace function aias_private.template_shares(
    p_tenant uuid
)
returns table (
    template text,
    reason text,
    with_template text,
    share numeric
)
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    with runs as materialized (
        select distinct
            u.tenant_id,
            u.template,
            aias_private.industry_word(t.industry) as industry
        from aias_private.template_uses as u
        inner join aias_private.workflows as w
            on
                u.tenant_id = w.tenant_id
                and u.workflow_id = w.id
                and u.workflow_version = w.current_version
        inner join aias_private.tenants as t on u.tenant_id = t.id
        where w.deleted_at is null and w.is_enabled
    ),

    peers as (
        select distinct
            r.tenant_id,
            'similar_tenants' as reason,
            null::text as with_template
        from runs as r
        where
            r.tenant_id <> p_tenant
            and r.industry = (
                select aias_private.industry_word(t.industry) from aias_private.tenants as t where t.id = p_tenant
            )
        union all
        select
            r.tenant_id,
            'runs_with' as reason,
            own.template as with_template
        from runs as own
        inner join runs as r on own.template = r.template and r.tenant_id <> p_tenant
        where own.tenant_id = p_tenant
    ),

    groups as (
        select
            p.reason,
            p.with_template,
            count(*) as peer_count
        from peers as p
        group by p.reason, p.with_template
        having count(*) >= 5
    ),

    counted as (
        select
            r.template,
            p.reason,
            p.with_template,
            count(*) as run_count
        from peers as p
        inner join runs as r on p.tenant_id = r.tenant_id
        where r.template is distinct from p.with_template
        group by r.template, p.reason, p.with_template
        having count(*) >= 5
    )

    select
        c.template,
        c.reason,
        c.with_template,
        greatest(round(c.run_count::numeric / g.peer_count, 1), 0.1) as share
    from counted as c
    inner join groups as g on c.reason = g.reason and c.with_template is not distinct from g.with_template
$$;
revoke execute on function aias_private.template_shares(uuid) from public;
comment on function aias_private.template_shares(uuid) is
'Which templates other tenants run, as rounded shares of at least five tenants.';
