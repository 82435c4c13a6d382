-- aias.rotate_webhook: note that a webhook's secret was changed, and give it another token where one is given.
--
-- Caller    aias.triggers.rotate_webhook() in Python, which seals the new secret beside the old one in the same transaction.
-- Promise   with p_token_hash the former address is gone from the commit on.
-- Errors    JR404 no such webhook; JR422 a token is given as its SHA-256.
-- requires: aias_private.record_audit
-- requires: aias_private.webhook_by_id
create or replace function aias.rotate_webhook(
    p_webhook uuid,
    p_token_hash bytea default null
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_webhook constant aias_private.webhooks := aias_private.webhook_by_id(p_webhook);
begin
    if octet_length(p_token_hash) <> 32 then
        raise exception 'a token is given as its SHA-256' using errcode = 'JR422', column = 'p_token_hash';
    end if;
    update aias_private.webhooks as w
    set token_hash = coalesce(p_token_hash, w.token_hash), rotated_at = aias_private.now(), version = w.version + 1
    where w.tenant_id = v_webhook.tenant_id and w.id = p_webhook;
    perform aias_private.record_audit(
        v_webhook.tenant_id,
        'webhook.rotated',
        'webhook',
        p_webhook::text,
        jsonb_build_object(
            'name', v_webhook.name,
            'token', p_token_hash is not null,
            'version', v_webhook.version + 1,
            'before', jsonb_build_object('version', v_webhook.version, 'rotated_at', v_webhook.rotated_at)
        )
    );
end;
$$;
revoke execute on function aias.rotate_webhook(uuid, bytea) from public;
grant execute on function aias.rotate_webhook(uuid, bytea) to aias_app, aias_admin;
comment on function aias.rotate_webhook(uuid, bytea) is
'Notes that a webhook''s secret was changed, and gives it another token where one is given.';
