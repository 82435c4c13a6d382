-- aias_private.unready_connection: which connection keeps a workflow from doing its work.
--
-- Caller    aias.set_workflow_enabled. The kind of a step's connection is the first word of its action.
-- Promise   a sentence about the first connection, by kind and name, that is there and not connected, or that a step names
--           or needs and is not there; null where all is well. Steps of http need no connection, so an absent one is none.
-- Plan      integrations_kind_name_key.
create or replace function aias_private.unready_connection(
    p_tenant uuid,
    p_definition jsonb
)
returns text
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    with needed as (
        select distinct split_part(s.step ->> 'action', '.', 1) as kind, s.step ->> 'connection' as name
        from jsonb_path_query(p_definition, 'strict $.** ? (@.action.type() == "string")') as s (step)
    ),

    found as (
        select n.kind, coalesce(n.name, i.name) as name, i.id, i.status, i.status_reason
        from needed as n
        left join aias_private.integrations as i
            on i.tenant_id = p_tenant and i.kind = n.kind and (n.name is null and not i.is_sample or i.name = n.name)
        where
            i.id is not null
            or n.kind in ('shopify', 'wave', 'slack', 'email')
            or (n.kind = 'http' and n.name is not null)
    )

    select case
        when f.id is null and f.name is null then 'there is no ' || f.kind || ' connection: connect one'
        when f.id is null then 'there is no ' || f.kind || ' connection ' || quote_literal(f.name)
        else 'the connection ' || f.kind || ':' || f.name || ' is ' || f.status || ' (' || f.status_reason || ')'
    end
    from found as f
    where f.status is distinct from 'connected'
    order by f.kind, f.name
    limit 1
$$;
revoke execute on function aias_private.unready_connection(uuid, jsonb) from public;
comment on function aias_private.unready_connection(uuid, jsonb) is
'Says which connection of a definition''s steps is missing or not connected; null for none.';
