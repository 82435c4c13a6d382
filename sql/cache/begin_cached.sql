-- aias_private.begin_cached: a value of the cache, or the right to compute it.
--
-- Caller    aias.cache, which on `lease` computes the value and calls end_cached, and on `wait` asks again.
-- Returns   one row. state: hit (with the value) | lease (the caller computes, until p_lease is over) | wait (another does).
-- Promise   of those who want the same value at a time one computes it. What was visible is remembered here, before
--           the value is computed.
-- Locks     the entry's row, until the caller's transaction ends: call it in one of its own.
-- requires: aias_private.find_cached
-- requires: aias_private.nil_uuid
create or replace function aias_private.begin_cached(
    p_tenant uuid,
    p_namespace text,
    p_key text,
    p_tags text[],
    p_lease interval
)
returns table (
    state text,
    value jsonb,
    lease uuid
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_tenant constant uuid := coalesce(p_tenant, aias_private.nil_uuid());
    v_value jsonb := aias_private.find_cached(v_tenant, p_namespace, p_key);
    v_lease constant uuid := gen_random_uuid();
    v_now constant timestamptz := aias_private.now();
begin
    if v_value is not null then
        return query values ('hit', v_value, null::uuid);
        return;
    end if;
    insert into aias_private.cache_entries as e (
        tenant_id, namespace, key, tags, lease, lease_snapshot, lease_until
    )
    values (v_tenant, p_namespace, p_key, p_tags, v_lease, pg_current_snapshot(), v_now + p_lease)
    on conflict (tenant_id, namespace, key) do update
    set
        tags = excluded.tags,
        lease = excluded.lease,
        lease_snapshot = excluded.lease_snapshot,
        lease_until = excluded.lease_until
    where e.lease is null or e.lease_until <= v_now;
    if not found then
        return query values ('wait', null::jsonb, null::uuid);
        return;
    end if;
    -- another one may have ended between the look and the lease: its value is there now
    v_value := aias_private.find_cached(v_tenant, p_namespace, p_key);
    if v_value is null then
        return query values ('lease', null::jsonb, v_lease);
        return;
    end if;
    perform aias_private.end_cached(p_tenant, p_namespace, p_key, v_lease, null, null);
    return query values ('hit', v_value, null::uuid);
end;
$$;
revoke execute on function aias_private.begin_cached(uuid, text, text, text[], interval) from public;
comment on function aias_private.begin_cached(uuid, text, text, text[], interval) is
'A value of the cache, or the right to compute it, or that another one computes it just now.';
