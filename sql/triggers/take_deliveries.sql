-- aias_private.take_deliveries: store what came in by webhooks at a time, and start what it starts.
--
-- Caller    the intake of webhooks. p_deliveries is an array of objects with the arguments of take_delivery: "tenant", "webhook",
--           "delivery", "payload", "body_hash" (hexadecimal), "outcome", "input" (default: the payload), "error",
--           "version", "until".
-- Promise   one transaction for all of them, or an error and nothing: then the caller takes each by itself, so that none suffers
--           for another.
-- Returns   one row per delivery, with its place in the array, from 1; without an id where the webhook has changed.
-- Locks     those of take_delivery, in the order of tenants, webhooks and delivery ids: two calls wait for each other, never
--           mutually but for bodies that come under several ids at once; no lock is waited for longer than 200 ms.
-- Errors    55P03 a lock was waited for too long.
-- requires: aias_private.take_delivery
create or replace function aias_private.take_deliveries(p_deliveries jsonb)
returns table (
    place bigint,
    id uuid,
    status text
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
set lock_timeout = '200ms'
as $$
#variable_conflict use_column
declare
    v_one jsonb;
begin
    for place, v_one in
        select d.place, d.one
        from jsonb_array_elements(p_deliveries) with ordinality as d(one, place)
        order by d.one ->> 'tenant', d.one ->> 'webhook', d.one #>> '{delivery,delivery_id}', d.place
    loop
        select t.id, t.status into id, status
        from aias_private.take_delivery(
            (v_one ->> 'tenant')::uuid,
            (v_one ->> 'webhook')::uuid,
            v_one -> 'delivery',
            v_one -> 'payload',
            decode(v_one ->> 'body_hash', 'hex'),
            v_one ->> 'outcome',
            case when v_one ? 'input' then nullif(v_one -> 'input', 'null') else v_one -> 'payload' end,
            nullif(v_one -> 'error', 'null'),
            v_one ->> 'version',
            (v_one ->> 'until')::timestamptz
        ) as t;
        return next;
    end loop;
end;
$$;
revoke execute on function aias_private.take_deliveries(jsonb) from public;
grant execute on function aias_private.take_deliveries(jsonb) to aias_worker;
comment on function aias_private.take_deliveries(jsonb) is
'Stores what came in by webhooks at a time and starts what it starts, in one transaction.';
