-- aias_private.claim_deliveries: take notices that are due, to send them.
--
-- Caller    aias.alerts.deliver in Python: the task aias.deliver_notices, and the command line for one of them (p_delivery).
-- Promise   what comes back is noted as being sent (the intent) until the lease ends, and nobody else takes it before. A row whose
--           lease has ended was being sent by a process that died: nobody knows whether it arrived (doubt_count tells). It is
--           sent again under the same id, because a notice twice is better than none; a mail to a person is not, because it
--           comes once ever: it is failed. At most 3 per channel at a time (mails to people, which may be thousands: 12), so
--           that a channel that is down does not hold up the others. What was tried 12 times is given up instead.
-- Locks     skip locked: claims never wait for each other.
-- Plan      notice_deliveries_due_idx and notice_deliveries_lease_idx.
-- Errors    JR422 the limit or the lease is out of range.
-- requires: aias_private.person_of_notice
create or replace function aias_private.claim_deliveries(
    p_holder text,
    p_limit integer,
    p_lease interval,
    p_delivery uuid
)
returns table (
    tenant_id uuid,
    id uuid,
    attempt_count integer,
    channel text,
    channel_kind text,
    config jsonb,
    sealed_id uuid,
    secret bytea,
    key_id text,
    wrapped_key bytea,
    master_key_id text,
    notice_id uuid,
    kind text,
    severity text,
    title text,
    body text,
    details jsonb,
    created_at timestamptz,
    now timestamptz,
    person jsonb
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    c_attempts constant integer := 12;
    v_now constant timestamptz := aias_private.now();
begin
    if p_limit not between 1 and 1000 or p_lease not between interval '1 second' and interval '1 hour' then
        raise exception 'a claim takes 1 to 1000 for 1 second to 1 hour, not % for %', p_limit, p_lease
            using errcode = 'JR422', column = 'p_limit';
    end if;
    update aias_private.notice_deliveries as d
    set
        status = 'failed',
        lease_until = null,
        holder = null,
        finished_at = v_now,
        doubt_count = d.doubt_count + 1,
        last_error = 'what sent it came to an end before it was known whether it had arrived'
    from aias_private.notices as m
    where
        d.status = 'sending'
        and d.lease_until <= v_now
        and m.tenant_id = d.tenant_id
        and m.id = d.notice_id
        and (d.attempt_count >= c_attempts or m.person_id is not null);
    return query
    with due as (
        select n.tenant_id, n.id, row_number() over (partition by n.tenant_id, n.channel_id order by n.id) as place
        from aias_private.notice_deliveries as n
        where
            (n.status = 'pending' and n.next_at <= v_now or n.status = 'sending' and n.lease_until <= v_now)
            and (p_delivery is null or n.id = p_delivery)
    ),

    picked as (
        select n.tenant_id, n.id
        from aias_private.notice_deliveries as n
        inner join due as u on u.tenant_id = n.tenant_id and u.id = n.id
        inner join aias_private.notices as m on m.tenant_id = n.tenant_id and m.id = n.notice_id
        where
            u.place <= case when m.person_id is null then 3 else 12 end
            -- looked at again, now that it is locked
            and (n.status = 'pending' and n.next_at <= v_now or n.status = 'sending' and n.lease_until <= v_now)
        order by n.id
        limit p_limit
        for update of n skip locked
    ),

    taken as (
        update aias_private.notice_deliveries as d
        set
            status = 'sending',
            attempt_count = d.attempt_count + 1,
            doubt_count = d.doubt_count + (d.status = 'sending')::integer,
            next_at = null,
            lease_until = v_now + p_lease,
            holder = p_holder
        from picked as p
        where d.tenant_id = p.tenant_id and d.id = p.id
        returning d.tenant_id, d.id, d.attempt_count, d.channel_id, d.notice_id
    )

    select
        t.tenant_id,
        t.id,
        t.attempt_count,
        c.name,
        c.kind,
        c.config,
        coalesce(c.integration_id, c.id),
        coalesce(i.secret, c.secret),
        coalesce(i.key_id, c.key_id),
        coalesce(k.wrapped, o.wrapped),
        coalesce(k.master_key_id, o.master_key_id),
        m.id,
        m.kind,
        m.severity,
        m.title,
        m.body,
        m.details,
        m.created_at,
        v_now,
        aias_private.person_of_notice(m.person_tenant_id, m.person_id)
    from taken as t
    inner join aias_private.channels as c on c.tenant_id = t.tenant_id and c.id = t.channel_id
    inner join aias_private.notices as m on m.tenant_id = t.tenant_id and m.id = t.notice_id
    left join aias_private.integrations as i on i.tenant_id = c.tenant_id and i.id = c.integration_id
    left join aias_private.tenant_keys as k on k.tenant_id = i.tenant_id and k.id = i.key_id
    left join aias_private.operator_keys as o on o.id = c.key_id
    order by t.id;
end;
$$;
revoke execute on function aias_private.claim_deliveries(text, integer, interval, uuid) from public;
grant execute on function aias_private.claim_deliveries(text, integer, interval, uuid) to aias_worker;
comment on function aias_private.claim_deliveries(text, integer, interval, uuid) is
'Takes notices that are due, under a lease, with their channels'' sealed secrets.';
