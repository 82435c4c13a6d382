-- aias.replay_delivery: decide on a delivery again, with the webhook as it is now.
--
-- Promise   a job in the caller's transaction; a worker applies condition and mapping and stores the outcome as a delivery of its
--           own that names the original (replayed_from_id). Each call is one more run.
-- Returns   the job's id.
-- Errors    JR404 no such delivery, or its webhook is gone; JR409 its data were redacted.
-- requires: aias_private.insert_tenant_job
-- requires: aias_private.record_audit
create or replace function aias.replay_delivery(p_delivery uuid)
returns bigint
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_delivery aias_private.webhook_deliveries;
begin
    select d.* into v_delivery
    from aias_private.webhook_deliveries as d
    where
        d.id = p_delivery
        and (aias_private.caller_sees_all() or d.tenant_id is not distinct from aias_private.caller_tenant());
    if not found or not exists (
        select from aias_private.webhooks as w
        where w.tenant_id = v_delivery.tenant_id and w.id = v_delivery.webhook_id
    ) then
        raise exception 'there is no delivery % of a webhook that is there', coalesce(p_delivery::text, 'null')
            using errcode = 'JR404', column = 'p_delivery';
    end if;
    if v_delivery.redacted_at is not null then
        raise exception 'the data of the delivery % were redacted', p_delivery
            using errcode = 'JR409', column = 'p_delivery';
    end if;
    perform aias_private.record_audit(
        v_delivery.tenant_id,
        'webhook.replayed',
        'webhook',
        v_delivery.webhook_id::text,
        jsonb_build_object('delivery', p_delivery)
    );
    return aias_private.insert_tenant_job(
        v_delivery.tenant_id,
        'aias.replay_delivery',
        jsonb_build_object('delivery_id', p_delivery, 'replay_id', aias_private.uuid7()),
        null
    );
end;
$$;
revoke execute on function aias.replay_delivery(uuid) from public;
grant execute on function aias.replay_delivery(uuid) to aias_app, aias_admin;
comment on function aias.replay_delivery(uuid) is
'Decides on a delivery again, with the webhook as it is now; returns the id of the job that does.';
