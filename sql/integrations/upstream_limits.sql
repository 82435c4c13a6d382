-- aias_private.upstream_limits: under which limits the calls of a connection fall.
--
-- Caller    enter_upstream, for each call.
-- Promise   the limit that was set for the connection (aias.set_limit), else the one that its kind has for addresses like its;
--           and the bucket of points of which the upstream itself tells. No row: nothing limits it.
-- Plan      limits_key_idx and primary keys: three rows at most.
create or replace function aias_private.upstream_limits(
    p_tenant uuid,
    p_integration uuid
)
returns table (
    key text,
    unit text,
    step double precision,
    burst double precision,
    max_running integer,
    told text
)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select
        'connection:' || p_integration,
        'call',
        extract(epoch from l.rate_per)::double precision / l.rate_count,
        l.rate_burst::double precision,
        l.max_running,
        concat_ws(
            ', ', 'at most ' || l.max_running || ' calls at once', l.rate_count || ' calls per ' || l.rate_per
        )
    from (
        select o.rate_count, o.rate_per, o.rate_burst, o.max_running
        from aias_private.limits as o
        where o.key = 'connection:' || p_integration
        union all
        select r.rate_count, r.rate_per, r.rate_burst, r.max_running
        from aias_private.integrations as i
        inner join aias_private.upstream_rules as r on r.kind = i.kind
        where
            i.tenant_id = p_tenant
            and i.id = p_integration
            and (r.rate_count is not null or r.max_running is not null)
            and (r.hosts is null or coalesce(i.config ->> 'url', 'https://' || (i.config ->> 'shop')) ~ r.hosts)
            and not exists (select from aias_private.limits as o where o.key = 'connection:' || p_integration)
    ) as l
    union all
    select
        'points:' || p_integration,
        'point',
        1 / b.points_per_second,
        b.burst,
        null,
        format('%s points, %s per second', b.burst, b.points_per_second)
    from aias_private.learned_limits as b
    where b.tenant_id = p_tenant and b.integration_id = p_integration
$$;
revoke execute on function aias_private.upstream_limits(uuid, uuid) from public;
comment on function aias_private.upstream_limits(uuid, uuid) is 'The limits under which the calls of a connection fall.';
