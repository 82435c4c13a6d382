-- aias_private.take_delivery: store what came in by a webhook, and start what it starts.
--
-- Caller    the intake of webhooks, after it has verified the delivery and decided on it. p_delivery is an object {"delivery_id",
--           "source_event_id", "topic", "account", "headers", and of the request "trace_parent", "correlation_id", "request_id"};
--           p_outcome: start (with p_input), filtered or failed (with p_error).
-- Promise   the delivery and what it starts are one transaction. A delivery that came before is answered as then, starts nothing
--           and is counted; the same id with another body is kept as a conflict, audited, and starts nothing. So is the same body
--           and topic under another id within the webhook's replay_window, as a duplicate: ids are not part of what is signed
--           everywhere. What an operator replays is no duplicate. Shopify's privacy topics are
--           recorded as requests with their day (30 days), and what is stored of the customer is looked for by a job.
--           A webhook that was changed, rotated, disabled or removed since p_version takes nothing, nor does one of whose secrets
--           one was good until p_until: what was decided is out of date.
-- Returns   no row: find the webhook and decide again. p_version null: whatever it is like now.
-- Locks     the delivery id's row, then the body's, until the transaction that made it ends.
-- requires: aias.emit_event
-- requires: aias_private.given_trace_parent
-- requires: aias_private.insert_tenant_job
-- requires: aias_private.launch_workflow
-- requires: aias_private.record_audit
-- requires: aias_private.span_id
-- requires: aias_private.trace_parent
create or replace function aias_private.take_delivery(
    p_tenant uuid,
    p_webhook uuid,
    p_delivery jsonb,
    p_payload jsonb,
    p_body_hash bytea,
    p_outcome text,
    p_input jsonb,
    p_error jsonb,
    p_version text,
    p_until timestamptz
)
returns table (
    id uuid,
    status text,
    execution_id uuid,
    is_duplicate boolean
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_id constant uuid := aias_private.uuid7();
    v_webhook aias_private.webhooks;
    v_known aias_private.idempotency_keys;
    v_topic constant text := p_delivery ->> 'topic';
    v_body_key constant text := encode(sha256(p_body_hash || convert_to(coalesce(v_topic, ''), 'UTF8')), 'hex');
    v_is_privacy boolean;
    v_execution uuid;
    v_event uuid;
    v_request uuid;
    v_error jsonb := p_error;
    v_status text := p_outcome;
    v_trace_parent constant text := aias_private.given_trace_parent(p_delivery ->> 'trace_parent');
begin
    -- who acts is the webhook, under the delivery's span
    perform
        set_config('aias.actor', 'webhook', true),
        set_config('aias.actor_kind', 'trigger', true),
        set_config(
            'aias.traceparent', aias_private.trace_parent(v_id, v_trace_parent, aias_private.span_id(v_id)), true
        ),
        set_config('aias.correlation_id', coalesce(p_delivery ->> 'correlation_id', ''), true),
        set_config('aias.request_id', coalesce(p_delivery ->> 'request_id', ''), true);
    select w.* into v_webhook
    from aias_private.webhooks as w
    inner join aias_private.integrations as i on i.tenant_id = w.tenant_id and i.id = w.integration_id
    where
        w.tenant_id = p_tenant
        and w.id = p_webhook
        and (p_version is null or w.is_enabled and w.version || '.' || i.credential_version = p_version)
        and (p_until is null or p_until > aias_private.now());
    if not found then
        return;
    end if;
    -- waits for another transaction that is just taking the same delivery
    insert into aias_private.idempotency_keys as k (tenant_id, scope, key, target, request_hash)
    values (p_tenant, 'webhook:' || p_webhook, p_delivery ->> 'delivery_id', v_id::text, p_body_hash)
    on conflict (tenant_id, scope, key) do nothing;
    if not found then
        select k.* into strict v_known
        from aias_private.idempotency_keys as k
        where k.tenant_id = p_tenant and k.scope = 'webhook:' || p_webhook and k.key = p_delivery ->> 'delivery_id';
        if v_known.request_hash = p_body_hash then
            return query
            update aias_private.webhook_deliveries as d
            set duplicate_count = d.duplicate_count + 1
            where d.tenant_id = p_tenant and d.id = v_known.target::uuid
            returning d.id, d.status, d.execution_id, true;
            return;
        end if;
        v_status := 'conflict';
        v_error := jsonb_build_object(
            'type', 'Conflict', 'message', 'the delivery id came before with another body', 'delivery', v_known.target
        );
        perform aias_private.record_audit(
            p_tenant,
            'webhook.conflict',
            'webhook',
            p_webhook::text,
            jsonb_build_object('name', v_webhook.name, 'delivery_id', p_delivery ->> 'delivery_id', 'delivery', v_id)
        );
    end if;
    if v_status <> 'conflict' and v_webhook.replay_window > interval '0' and p_delivery ->> 'replayed_from_id' is null then
        -- waits for another transaction that is just taking the same body
        insert into aias_private.idempotency_keys as k (tenant_id, scope, key, target, request_hash)
        values (p_tenant, 'webhook_body:' || p_webhook, v_body_key, v_id::text, p_body_hash)
        on conflict (tenant_id, scope, key) do update
        set target = excluded.target, created_at = excluded.created_at
        where k.created_at <= excluded.created_at - v_webhook.replay_window;
        if not found then
            v_status := 'duplicate';
            v_error := jsonb_build_object(
                'type', 'Replay', 'message', 'the same body came before under another delivery id', 'delivery', (
                    select k.target
                    from aias_private.idempotency_keys as k
                    where k.tenant_id = p_tenant and k.scope = 'webhook_body:' || p_webhook and k.key = v_body_key
                )
            );
            perform aias_private.record_audit(
                p_tenant,
                'webhook.duplicate',
                'webhook',
                p_webhook::text,
                jsonb_build_object('name', v_webhook.name, 'delivery_id', p_delivery ->> 'delivery_id', 'delivery', v_id)
            );
        end if;
    end if;
    v_is_privacy := v_status not in ('conflict', 'duplicate')
        and v_webhook.style = 'shopify'
        and coalesce(v_topic in ('customers/data_request', 'customers/redact', 'shop/redact'), false);
    if v_is_privacy then
        v_status := 'recorded';
        insert into aias_private.privacy_requests as r (
            tenant_id, kind, account, customer_id, order_ids, delivery_id, due_at
        )
        values (
            p_tenant,
            v_topic,
            coalesce(p_payload ->> 'shop_domain', p_delivery ->> 'account', ''),
            p_payload #>> '{customer,id}',
            array(
                select o.id
                from jsonb_array_elements_text(
                    case jsonb_typeof(coalesce(p_payload -> 'orders_to_redact', p_payload -> 'orders_requested'))
                        when 'array' then coalesce(p_payload -> 'orders_to_redact', p_payload -> 'orders_requested')
                        else '[]'
                    end
                ) as o(id)
            ),
            v_id,
            aias_private.now() + interval '30 days'
        )
        returning r.id into v_request;
        perform aias_private.insert_tenant_job(
            p_tenant, 'aias.search_private_data', jsonb_build_object('request_id', v_request), null
        );
        perform aias_private.record_audit(
            p_tenant, 'privacy.requested', 'privacy_request', v_request::text,
            jsonb_build_object('kind', v_topic, 'delivery', v_id)
        );
    elsif v_status = 'start' then
        begin
            if v_webhook.workflow_id is null then
                v_event := aias.emit_event(
                    (select t.slug from aias_private.tenants as t where t.id = p_tenant),
                    left(v_webhook.style || coalesce('.' || v_topic, ''), 200),
                    p_input,
                    p_delivery ->> 'delivery_id',
                    'webhooks/' || v_webhook.name,
                    p_delivery ->> 'account'
                );
                v_status := 'emitted';
            else
                v_execution := aias_private.launch_workflow(
                    p_tenant,
                    v_webhook.workflow_id,
                    p_input,
                    jsonb_build_object('origin', 'webhook', 'origin_id', p_webhook),
                    jsonb_build_object('webhook', v_webhook.name, 'delivery', v_id)
                );
                v_status := 'started';
            end if;
        exception
            when sqlstate 'JR404' or sqlstate 'JR409' or sqlstate 'JR422' or sqlstate 'JR429' then
                v_status := 'failed';
                v_error := jsonb_build_object('type', 'NotStarted', 'message', sqlerrm);
        end;
    end if;
    if v_status = 'failed' then
        perform aias_private.record_audit(
            p_tenant,
            'webhook.failed',
            'webhook',
            p_webhook::text,
            jsonb_build_object('name', v_webhook.name, 'delivery', v_id, 'error', v_error)
        );
    end if;
    insert into aias_private.webhook_deliveries as d (
        tenant_id, id, webhook_id, delivery_id, source_event_id, topic, account, headers, payload, body_hash, status,
        execution_id, event_id, error, replayed_from_id, trace_parent, correlation_id, request_id
    )
    values (
        p_tenant, v_id, p_webhook, p_delivery ->> 'delivery_id', p_delivery ->> 'source_event_id', v_topic,
        p_delivery ->> 'account', coalesce(p_delivery -> 'headers', '{}'), p_payload, p_body_hash, v_status, v_execution, v_event,
        v_error, (p_delivery ->> 'replayed_from_id')::uuid, v_trace_parent, p_delivery ->> 'correlation_id',
        p_delivery ->> 'request_id'
    );
    return query select v_id, v_status, v_execution, false;
end;
$$;
revoke execute on function
aias_private.take_delivery(uuid, uuid, jsonb, jsonb, bytea, text, jsonb, jsonb, text, timestamptz) from public;
grant execute on function
aias_private.take_delivery(uuid, uuid, jsonb, jsonb, bytea, text, jsonb, jsonb, text, timestamptz) to aias_worker;
comment on function aias_private.take_delivery(uuid, uuid, jsonb, jsonb, bytea, text, jsonb, jsonb, text, timestamptz) is
'Stores what came in by a webhook and starts what it starts, in one transaction.';
