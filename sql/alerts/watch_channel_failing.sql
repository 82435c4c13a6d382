-- aias_private.watch_channel_failing: channels through which nothing gets.
--
-- Caller    aias_private.evaluate_alerts, for the rules of the source channel_failing.
-- Promise   minutes since the first failure after something last got through.
create or replace function aias_private.watch_channel_failing(p_window interval)
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
        c.tenant_id,
        c.name,
        extract(epoch from aias_private.now() - c.failing_since)::double precision / 60,
        jsonb_build_object('kind', c.kind, 'error', c.last_error)
    from aias_private.channels as c
    where c.failing_since is not null and c.is_enabled
$$;
revoke execute on function aias_private.watch_channel_failing(interval) from public;
comment on function aias_private.watch_channel_failing(interval) is
'The channels that fail, with for how many minutes.';
