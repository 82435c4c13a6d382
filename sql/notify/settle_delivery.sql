-- aias_private.settle_delivery: note how sending a notice went, and decide what comes next.
--
-- Caller    aias.alerts.deliver in Python. p_error null: it was taken. p_note: who of several was refused.
-- Promise   nothing changes unless the row is still being sent in this attempt: a process that comes back after its lease changes
--           nothing. What failed is tried again after 30 seconds, 1, 2, 4, 8, 15 and 30 minutes, then 1, 2, 4 and 8 hours (a Retry-After that asks for
--           more is granted, up to a day), 12 times in all; then it is failed, and shown as that. A mail to a person that
--           may have arrived is failed at once: it comes once ever. The channel says since when it fails.
-- Returns   the delivery's status; null where the attempt was not the one that counts.
-- Locks     the delivery's row, then the channel's.
create or replace function aias_private.settle_delivery(
    p_tenant uuid,
    p_delivery uuid,
    p_attempt integer,
    p_error text,
    p_note text,
    p_retry_after double precision,
    p_is_doubtful boolean
)
returns text
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    c_delays constant interval[] := array[
        '30 s', '1 min', '2 min', '4 min', '8 min', '15 min', '30 min', '1 h', '2 h', '4 h', '8 h'
    ];
    v_now constant timestamptz := aias_private.now();
    v_delay interval := c_delays[p_attempt] * (0.9 + 0.2 * random());
    v_status text;
    v_channel uuid;
begin
    if p_retry_after > 0 then
        v_delay := greatest(v_delay, make_interval(secs => least(p_retry_after, 86400)));
    end if;
    v_status := case
        when p_error is null then 'delivered'
        when v_delay is null then 'failed'
        when p_is_doubtful and exists (
            select from aias_private.notice_deliveries as d
            inner join aias_private.notices as m on m.tenant_id = d.tenant_id and m.id = d.notice_id
            where d.tenant_id = p_tenant and d.id = p_delivery and m.person_id is not null
        ) then 'failed'
        else 'pending'
    end;
    update aias_private.notice_deliveries as d
    set
        status = v_status,
        next_at = case when v_status = 'pending' then v_now + v_delay end,
        lease_until = null,
        holder = null,
        doubt_count = d.doubt_count + coalesce(p_is_doubtful, false)::integer,
        last_error = left(coalesce(p_error, p_note), 500),
        finished_at = case when v_status <> 'pending' then v_now end
    where
        d.tenant_id = p_tenant
        and d.id = p_delivery
        and d.status = 'sending'
        and d.attempt_count = p_attempt
    returning d.channel_id into v_channel;
    if v_channel is null then
        return null;
    end if;
    update aias_private.channels as c
    set
        failing_since = case when p_error is not null then coalesce(c.failing_since, v_now) end,
        last_error = left(p_error, 500)
    where
        c.tenant_id = p_tenant
        and c.id = v_channel
        and (p_error is not null or c.failing_since is not null);
    return v_status;
end;
$$;
revoke execute on function
aias_private.settle_delivery(uuid, uuid, integer, text, text, double precision, boolean) from public;
grant execute on function
aias_private.settle_delivery(uuid, uuid, integer, text, text, double precision, boolean) to aias_worker;
comment on function aias_private.settle_delivery(uuid, uuid, integer, text, text, double precision, boolean) is
'Notes how sending a notice went, and decides what comes next.';
