-- aias.create_webhook: give others an address to send webhooks to.
--
-- Caller    aias.triggers.create_webhook() in Python, which makes the token, seals the secret as a connection of kind
--           webhook_in and passes both on: the token as its SHA-256.
-- Promise   with a workflow, what comes in starts it; without, it is emitted as an event of type <style>.<topic>. The condition and
--           the mapping are templates over `payload`, `topic`, `headers`; without a mapping the payload is the input.
--           Where a style does not sign the delivery's id (shopify, github), the same body within an hour is a replay.
-- Errors    JR404 no such tenant, workflow or connection; JR409 the name is taken; JR422 an argument is not valid.
-- requires: aias_private.assert_json_input
-- requires: aias_private.record_audit
-- requires: aias_private.tenant_by_slug
-- requires: aias_private.workflow_by_name
create or replace function aias.create_webhook(
    p_tenant text,
    p_name text,
    p_style text,
    p_integration uuid,
    p_token_hash bytea,
    p_workflow text default null,
    p_condition text default null,
    p_mapping jsonb default null,
    p_max_bytes integer default 1000000
)
returns uuid
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant constant uuid := aias_private.tenant_by_slug(p_tenant);
    v_workflow uuid;
    v_id uuid;
    v_why text;
    v_argument text;
begin
    if p_workflow is not null then
        v_workflow := (aias_private.workflow_by_name(v_tenant, p_workflow)).id;
    end if;
    select w.argument, w.why into v_argument, v_why
    from (
        values
        (p_name ~ '^[a-z0-9][a-z0-9_-]{0,62}$', 'p_name', 'a name is 1 to 63 small letters, digits, dashes and underscores'),
        (
            p_style in ('shopify', 'standard', 'github', 'stripe', 'wave', 'shared'),
            'p_style',
            'a style is shopify, standard, github, stripe, wave or shared'
        ),
        (octet_length(p_token_hash) = 32, 'p_token_hash', 'a token is given as its SHA-256'),
        (coalesce(length(p_condition) <= 16000, true), 'p_condition', 'a condition has at most 16,000 characters'),
        (coalesce(jsonb_typeof(p_mapping) = 'object', true), 'p_mapping', 'a mapping is a JSON object of templates'),
        (p_max_bytes between 1 and 1000000, 'p_max_bytes', 'a body has at most 1,000,000 bytes, and at least one')
    ) as w(is_fit, argument, why)
    where w.is_fit is not true
    limit 1;
    if v_why is not null then
        raise exception '%', v_why using errcode = 'JR422', column = v_argument;
    end if;
    if p_mapping is not null then
        perform aias_private.assert_json_input('p_mapping', p_mapping, 'true', 100000);
    end if;
    perform from aias_private.integrations as i
    where i.tenant_id = v_tenant and i.id = p_integration and i.kind = 'webhook_in';
    if not found then
        raise exception 'the webhook has no secret' using errcode = 'JR404', column = 'p_integration';
    end if;
    insert into aias_private.webhooks (
        tenant_id, name, style, integration_id, token_hash, workflow_id, condition, mapping, max_bytes, replay_window
    )
    values (
        v_tenant, p_name, p_style, p_integration, p_token_hash, v_workflow, p_condition, p_mapping, p_max_bytes,
        case when p_style in ('shopify', 'github') then interval '1 hour' else interval '0' end
    )
    on conflict do nothing
    returning id into v_id;
    if v_id is null then
        raise exception 'the webhook % exists', quote_literal(p_name) using errcode = 'JR409', column = 'p_name';
    end if;
    perform aias_private.record_audit(
        v_tenant,
        'webhook.created',
        'webhook',
        v_id::text,
        jsonb_strip_nulls(
            jsonb_build_object(
                'name', p_name, 'style', p_style, 'workflow', p_workflow, 'condition', p_condition, 'mapping', p_mapping
            )
        )
    );
    return v_id;
end;
$$;
revoke execute on function aias.create_webhook(text, text, text, uuid, bytea, text, text, jsonb, integer) from public;
grant execute on function aias.create_webhook(text, text, text, uuid, bytea, text, text, jsonb, integer)
to aias_app, aias_admin;
comment on function aias.create_webhook(text, text, text, uuid, bytea, text, text, jsonb, integer) is
'Gives others an address to send webhooks to, and returns the webhook''s id. Python and the command line make token and secret.';
