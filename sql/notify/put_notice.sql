-- aias_private.put_notice: put a notice into the outbox, for all channels that take it or for some of them.
--
-- Caller    aias_private.post_notice, and the alerts, whose rules may name channels (p_channels; null: all).
-- Promise   in the caller's transaction: one row per channel that is enabled and takes the kind and the severity, and a job that
--           sends them; all of it once per tenant and key: the second time nothing happens and null comes back. What is
--           shown on the page is delivered with it. A null tenant means the operators.
-- Locks     none; two callers with one key wait for each other at its unique index.
-- Errors    JR422 the severity is unknown, or a text is missing.
-- requires: aias_private.insert_job
-- requires: aias_private.nil_uuid
-- requires: aias_private.severity_rank
create or replace function aias_private.put_notice(
    p_tenant uuid,
    p_kind text,
    p_severity text,
    p_title text,
    p_body text,
    p_details jsonb,
    p_dedup_key text,
    p_channels text[]
)
returns uuid
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant constant uuid := coalesce(p_tenant, aias_private.nil_uuid());
    v_now constant timestamptz := aias_private.now();
    v_notice uuid;
    v_sent integer;
begin
    if aias_private.severity_rank(p_severity) is null then
        raise exception 'a severity is info, warning or critical, not %', coalesce(quote_literal(p_severity), 'null')
            using errcode = 'JR422', column = 'p_severity';
    end if;
    if coalesce(p_title, '') = '' or p_body is null or coalesce(p_dedup_key, '') = '' then
        raise exception 'a notice has a title, a body and a key' using errcode = 'JR422', column = 'p_title';
    end if;
    insert into aias_private.notices as n (tenant_id, kind, severity, title, body, details, dedup_key, created_at)
    values (
        v_tenant, p_kind, p_severity, left(p_title, 500), left(p_body, 20000), coalesce(p_details, '{}'), left(p_dedup_key, 500),
        v_now
    )
    on conflict (tenant_id, dedup_key) do nothing
    returning n.id into v_notice;
    if v_notice is null then
        return null;
    end if;
    insert into aias_private.channels (tenant_id, name, kind)
    values (v_tenant, 'dashboard', 'dashboard')
    on conflict (tenant_id, name) do nothing;
    with told as (
        insert into aias_private.notice_deliveries (tenant_id, notice_id, channel_id, status, next_at, finished_at)
        select
            v_tenant,
            v_notice,
            c.id,
            case when c.kind = 'dashboard' then 'delivered' else 'pending' end,
            case when c.kind <> 'dashboard' then v_now end,
            case when c.kind = 'dashboard' then v_now end
        from aias_private.channels as c
        where
            c.tenant_id = v_tenant
            and c.is_enabled
            and aias_private.severity_rank(p_severity) >= aias_private.severity_rank(c.min_severity)
            and (c.kinds is null or p_kind = any(c.kinds))
            -- the page shows everything, whatever the rule names
            and (p_channels is null or c.kind = 'dashboard' or c.name = any(p_channels))
        order by c.id
        returning status
    )
    select count(*) into v_sent from told where told.status = 'pending';
    if v_sent > 0 then
        perform aias_private.insert_job(
            'aias.deliver_notices', '{}', l.queue_name, l.base_priority, null, null, null, null
        )
        from aias_private.lanes as l
        where l.name = 'critical';
    end if;
    return v_notice;
end;
$$;
revoke execute on function
aias_private.put_notice(uuid, text, text, text, text, jsonb, text, text[]) from public;
comment on function aias_private.put_notice(uuid, text, text, text, text, jsonb, text, text[]) is
'Puts a notice into the outbox of the channels that take it, once per key; returns its id, null when it was there.';
