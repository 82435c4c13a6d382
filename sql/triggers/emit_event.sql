-- aias.emit_event: say that something happened.
--
-- Promise   the event, the executions that it starts, the steps that it wakes and the jobs of those subscriptions that need a
--           worker (a condition or a mapping) are part of the caller's transaction: it rolls back, and nothing happened. The
--           same id of the same source is the same event: its id comes back, and nothing is started again.
--           A chain of events and executions ends after ten. What it starts is of the event's trace and correlation id: those of the
--           settings aias.traceparent and aias.correlation_id, else its own.
-- Locks     the key's row, until the transaction that made it ends; the type's lock, shared; the executions that are woken, in the order of their ids.
-- Errors    JR404 no such tenant; JR409 the event id stands for another event; JR422 an argument is not valid, or the chain
--           is too long.
-- requires: aias_private.assert_json_input
-- requires: aias_private.caller_actor
-- requires: aias_private.given_trace_parent
-- requires: aias_private.insert_tenant_job
-- requires: aias_private.launch_for_event
-- requires: aias_private.record_audit
-- requires: aias_private.tenant_by_slug
-- requires: aias_private.wake_for_event
create or replace function aias.emit_event(
    p_tenant text,
    p_type text,
    p_payload jsonb default '{}',
    p_event_id text default null,
    p_source text default 'aias',
    p_subject text default null,
    p_time timestamptz default null
)
returns uuid
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant constant uuid := aias_private.tenant_by_slug(p_tenant);
    v_id constant uuid := aias_private.uuid7();
    v_key constant text := coalesce(p_event_id, v_id::text);
    v_depth constant integer := coalesce(nullif(current_setting('aias.event_depth', true), ''), '0')::integer;
    v_hash bytea;
    v_known aias_private.idempotency_keys;
    v_subscription aias_private.event_subscriptions;
    v_why text;
    v_argument text;
begin
    select w.argument, w.why into v_argument, v_why
    from (
        values
        (p_type ~ '^[!-~]{1,200}$', 'p_type', 'the type of an event has 1 to 200 visible ASCII characters'),
        (length(p_source) between 1 and 200, 'p_source', 'the source of an event has 1 to 200 characters'),
        (length(v_key) between 1 and 255, 'p_event_id', 'the id of an event has 1 to 255 characters'),
        (coalesce(length(p_subject) <= 500, true), 'p_subject', 'the subject of an event has at most 500 characters'),
        (p_payload is not null, 'p_payload', 'an event has a payload'),
        (p_time is null or isfinite(p_time), 'p_time', 'the time of an event is not infinity'),
        (v_depth <= 10, 'p_type', 'events and executions follow from each other 10 deep, not deeper: do they call each other?')
    ) as w(is_fit, argument, why)
    where w.is_fit is not true
    limit 1;
    if v_why is not null then
        raise exception '%', v_why using errcode = 'JR422', column = v_argument;
    end if;
    perform aias_private.assert_json_input('p_payload', p_payload, 'true', 1000000);
    v_hash := sha256(
        convert_to(jsonb_build_object('type', p_type, 'subject', p_subject, 'payload', p_payload)::text, 'UTF8')
    );
    -- waits for another transaction that is just emitting the same event
    insert into aias_private.idempotency_keys (tenant_id, scope, key, target, request_hash)
    values (v_tenant, 'event:' || p_source, v_key, v_id::text, v_hash)
    on conflict (tenant_id, scope, key) do nothing;
    if not found then
        select k.* into strict v_known
        from aias_private.idempotency_keys as k
        where k.tenant_id = v_tenant and k.scope = 'event:' || p_source and k.key = v_key;
        if v_known.request_hash <> v_hash then
            raise exception 'the event id % of % stands for another event', quote_literal(v_key), quote_literal(p_source)
                using errcode = 'JR409', column = 'p_event_id';
        end if;
        return v_known.target::uuid;
    end if;
    insert into aias_private.events (
        tenant_id, id, source, event_id, type, subject, at, payload, depth, emitted_by, correlation_id,
        trace_parent
    )
    values (
        v_tenant, v_id, p_source, v_key, p_type, p_subject, coalesce(p_time, aias_private.now()), p_payload, v_depth,
        aias_private.caller_actor(),
        nullif(left(current_setting('aias.correlation_id', true), 200), ''),
        case
            when current_setting('aias.traceparent', true) <> ''
                then aias_private.given_trace_parent(current_setting('aias.traceparent', true))
        end
    );
    -- what executions and webhooks say is on record with them
    if v_depth = 0 and coalesce(current_setting('aias.actor_kind', true), '') <> 'trigger' then
        perform aias_private.record_audit(
            v_tenant,
            'event.emitted',
            'event',
            v_id::text,
            jsonb_strip_nulls(
                jsonb_build_object('type', p_type, 'source', p_source, 'event_id', v_key, 'subject', p_subject)
            )
        );
    end if;
    for v_subscription in
        select s.*
        from aias_private.event_subscriptions as s
        where s.tenant_id = v_tenant and s.is_enabled and p_type like s.type_like
            and (s.filter = '{}' or p_payload @> s.filter)
        order by s.id
    loop
        if v_subscription.condition is null and v_subscription.mapping is null then
            perform aias_private.launch_for_event(v_tenant, v_id, v_subscription.id, p_payload);
        else
            insert into aias_private.event_deliveries (tenant_id, event_id, subscription_id, status)
            values (v_tenant, v_id, v_subscription.id, 'pending');
            perform aias_private.insert_tenant_job(
                v_tenant,
                'aias.dispatch_event',
                jsonb_build_object('event_id', v_id, 'subscription_id', v_subscription.id),
                null
            );
        end if;
    end loop;
    perform aias_private.wake_for_event(v_tenant, v_id, false);
    if current_setting('transaction_isolation') <> 'read committed' then
        -- its snapshot may be older than steps that wait: a job, with a snapshot of its own, looks again
        perform aias_private.insert_tenant_job(
            v_tenant, 'aias.wake_for_event', jsonb_build_object('event_id', v_id), null
        );
    end if;
    return v_id;
end;
$$;
revoke execute on function aias.emit_event(text, text, jsonb, text, text, text, timestamptz) from public;
grant execute on function aias.emit_event(text, text, jsonb, text, text, text, timestamptz)
to aias_app, aias_worker, aias_admin;
comment on function aias.emit_event(text, text, jsonb, text, text, text, timestamptz) is
'Says that something happened: starts and wakes what waits for it, in the caller''s transaction; returns the event''s id.';
