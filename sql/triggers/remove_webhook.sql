-- aias.remove_webhook: take nothing by a webhook any more, and forget its secret.
--
-- Promise   its deliveries stay, as long as retention says.
-- Errors    JR404 no such webhook.
-- requires: aias_private.record_audit
-- requires: aias_private.webhook_by_id
create or replace function aias.remove_webhook(p_webhook uuid)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_webhook constant aias_private.webhooks := aias_private.webhook_by_id(p_webhook);
begin
    delete from aias_private.integrations as i
    where i.tenant_id = v_webhook.tenant_id and i.id = v_webhook.integration_id;
    perform aias_private.record_audit(
        v_webhook.tenant_id,
        'webhook.removed',
        'webhook',
        p_webhook::text,
        jsonb_build_object(
            'name', v_webhook.name,
            'before', jsonb_strip_nulls(
                to_jsonb(v_webhook) - array['tenant_id', 'id', 'token_hash', 'integration_id', 'created_at']
            )
        )
    );
end;
$$;
revoke execute on function aias.remove_webhook(uuid) from public;
grant execute on function aias.remove_webhook(uuid) to aias_app, aias_admin;
comment on function aias.remove_webhook(uuid) is 'Removes a webhook and its secret; its deliveries stay.';
