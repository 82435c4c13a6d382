-- aias.test_channel: send a message by a channel, to see whether it arrives.
--
-- Promise   it goes through the outbox like every other notice, by this channel alone, whatever severities it takes. Audited. A worker
--           sends it within seconds; the command line sends it itself.
-- Returns   the id of the delivery, by which aias.notifications shows how it went.
-- Errors    JR403 the caller can't speak for the operators; JR404 no such tenant or channel.
-- requires: aias_private.caller_actor
-- requires: aias_private.insert_job
-- requires: aias_private.nil_uuid
-- requires: aias_private.recipient
-- requires: aias_private.record_audit
create or replace function aias.test_channel(
    p_tenant text,
    p_name text
)
returns uuid
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_owner constant uuid := aias_private.recipient(p_tenant);
    v_now constant timestamptz := aias_private.now();
    v_notice constant uuid := aias_private.uuid7();
    v_channel uuid;
    v_kind text;
    v_delivery uuid;
begin
    select c.id, c.kind into v_channel, v_kind
    from aias_private.channels as c
    where c.tenant_id = v_owner and c.name = p_name;
    if not found then
        raise exception 'there is no channel %', coalesce(quote_literal(p_name), 'null')
            using errcode = 'JR404', column = 'p_name';
    end if;
    insert into aias_private.notices (tenant_id, id, kind, severity, title, body, dedup_key, created_at)
    values (
        v_owner,
        v_notice,
        'test',
        'info',
        'A test message of AIAS',
        format('%s asked for this message, to see whether the channel %s works. It does.', aias_private.caller_actor(), p_name),
        'test:' || v_notice,
        v_now
    );
    insert into aias_private.notice_deliveries as d (tenant_id, notice_id, channel_id, status, next_at, finished_at)
    values (
        v_owner,
        v_notice,
        v_channel,
        case when v_kind = 'dashboard' then 'delivered' else 'pending' end,
        case when v_kind <> 'dashboard' then v_now end,
        case when v_kind = 'dashboard' then v_now end
    )
    returning d.id into v_delivery;
    if v_kind <> 'dashboard' then
        perform aias_private.insert_job(
            'aias.deliver_notices', '{}', l.queue_name, l.base_priority, null, null, null, null
        )
        from aias_private.lanes as l
        where l.name = 'critical';
    end if;
    perform aias_private.record_audit(
        nullif(v_owner, aias_private.nil_uuid()), 'channel.tested', 'channel', v_channel::text, jsonb_build_object('name', p_name)
    );
    return v_delivery;
end;
$$;
revoke execute on function aias.test_channel(text, text) from public;
grant execute on function aias.test_channel(text, text) to aias_app, aias_admin;
comment on function aias.test_channel(text, text) is
'Sends a test message by a channel; returns the id under which aias.notifications shows how it went.';
