-- aias_private.webhook_by_id: the webhook that a caller names, locked.
--
-- Promise   a confined caller finds its own tenant's only.
-- Errors    JR404 no such webhook.
create or replace function aias_private.webhook_by_id(p_webhook uuid)
returns aias_private.webhooks
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_webhook aias_private.webhooks;
begin
    select w.* into v_webhook
    from aias_private.webhooks as w
    where
        w.id = p_webhook
        and (aias_private.caller_sees_all() or w.tenant_id is not distinct from aias_private.caller_tenant())
    for update;
    if not found then
        raise exception 'there is no webhook %', coalesce(p_webhook::text, 'null')
            using errcode = 'JR404', column = 'p_webhook';
    end if;
    return v_webhook;
end;
$$;
revoke execute on function aias_private.webhook_by_id(uuid) from public;
comment on function aias_private.webhook_by_id(uuid) is 'The webhook that the caller names and may see, locked.';
