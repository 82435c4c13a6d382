-- aias_private.note_sending: note how sending a message went, and decide what comes next.
--
-- Caller    the task aias.deliver_webhook. p_status is the HTTP status, null where there was no answer.
-- Promise   2xx: delivered. 410: the endpoint is disabled. Anything else is tried again after 5 seconds, 5 minutes, 30 minutes, 2,
--           5 and 10 hours (a Retry-After that asks for more is granted, up to a day), and then given up. An
--           endpoint at which nothing has arrived for five days is disabled. Both ways of disabling are audited and emitted as the event
--           aias.webhook_endpoint.disabled; what was to be sent is discarded.
-- Returns   the message's status.
-- Locks     the endpoint's row, then the message's.
-- Source    Standard Webhooks, spec/standard-webhooks.md: the schedule, 410, Retry-After.
-- requires: aias.emit_event
-- requires: aias_private.insert_tenant_job
-- requires: aias_private.record_audit
create or replace function aias_private.note_sending(
    p_tenant uuid,
    p_message uuid,
    p_attempt integer,
    p_status integer,
    p_error text,
    p_retry_after double precision
)
returns text
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    c_delays constant interval[] := array['5 s', '5 min', '30 min', '2 h', '5 h', '10 h'];
    v_now constant timestamptz := aias_private.now();
    v_message aias_private.webhook_messages;
    v_endpoint aias_private.webhook_endpoints;
    v_reason text;
    v_delay interval;
begin
    select e.* into v_endpoint
    from aias_private.webhook_endpoints as e
    inner join aias_private.webhook_messages as m on m.tenant_id = e.tenant_id and m.endpoint_id = e.id
    where m.tenant_id = p_tenant and m.id = p_message
    for update of e;
    select m.* into v_message
    from aias_private.webhook_messages as m
    where m.tenant_id = p_tenant and m.id = p_message
    for update;
    -- another worker has noted this attempt
    if v_message.status is distinct from 'pending' or v_message.attempt_count <> p_attempt then
        return v_message.status;
    end if;
    if p_status between 200 and 299 then
        update aias_private.webhook_messages as m
        set status = 'delivered', attempt_count = p_attempt + 1, last_status = p_status, last_error = null, next_at = null,
            finished_at = v_now
        where m.tenant_id = p_tenant and m.id = p_message;
        update aias_private.webhook_endpoints as e
        set failing_since = null
        where e.tenant_id = p_tenant and e.id = v_endpoint.id and e.failing_since is not null;
        return 'delivered';
    end if;
    v_delay := c_delays[p_attempt + 1] * (0.9 + 0.2 * random());
    if p_retry_after > 0 then
        v_delay := greatest(v_delay, make_interval(secs => least(p_retry_after, 86400)));
    end if;
    update aias_private.webhook_messages as m
    set
        attempt_count = p_attempt + 1,
        last_status = p_status,
        last_error = left(p_error, 500),
        status = case when c_delays[p_attempt + 1] is null then 'failed' else 'pending' end,
        next_at = v_now + v_delay,
        finished_at = case when c_delays[p_attempt + 1] is null then v_now end
    where m.tenant_id = p_tenant and m.id = p_message
    returning m.* into v_message;
    update aias_private.webhook_endpoints as e
    set failing_since = coalesce(e.failing_since, v_now)
    where e.tenant_id = p_tenant and e.id = v_endpoint.id
    returning e.* into v_endpoint;
    v_reason := case
        when p_status = 410 then 'it answered that it is gone (410)'
        when v_endpoint.failing_since <= v_now - interval '5 days' then 'nothing has arrived there for five days'
    end;
    if v_reason is not null and v_endpoint.is_enabled then
        update aias_private.webhook_endpoints as e
        set is_enabled = false, disabled_reason = v_reason, updated_at = v_now
        where e.tenant_id = p_tenant and e.id = v_endpoint.id;
        update aias_private.webhook_messages as m
        set status = 'discarded', next_at = null, finished_at = v_now
        where m.tenant_id = p_tenant and m.endpoint_id = v_endpoint.id and m.status = 'pending';
        perform aias_private.record_audit(
            p_tenant,
            'webhook_endpoint.disabled',
            'webhook_endpoint',
            v_endpoint.id::text,
            jsonb_build_object('name', v_endpoint.name, 'reason', v_reason)
        );
        perform aias.emit_event(
            (select t.slug from aias_private.tenants as t where t.id = p_tenant),
            'aias.webhook_endpoint.disabled',
            jsonb_build_object('name', v_endpoint.name, 'reason', v_reason),
            null,
            'aias',
            v_endpoint.name
        );
        return 'discarded';
    end if;
    if v_message.status = 'pending' then
        perform aias_private.insert_tenant_job(
            p_tenant, 'aias.deliver_webhook', jsonb_build_object('message_id', p_message), v_message.next_at
        );
    end if;
    return v_message.status;
end;
$$;
revoke execute on function
aias_private.note_sending(uuid, uuid, integer, integer, text, double precision) from public;
grant execute on function
aias_private.note_sending(uuid, uuid, integer, integer, text, double precision) to aias_worker;
comment on function aias_private.note_sending(uuid, uuid, integer, integer, text, double precision) is
'Notes how sending a message went, and decides what comes next.';
