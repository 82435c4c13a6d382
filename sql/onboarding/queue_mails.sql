-- aias_private.queue_mails: put planned mails into the outbox.
--
-- Caller    aias_private.send_due_mails and aias.send_onboarding_mail, which hold the rows' locks.
-- Promise   one statement: the row says that the mail is in the outbox exactly where the notice is. What is not planned any more stays as
--           it is. A worker is told to send. Only ids are in the notice: name, address and language are read when it is sent.
-- requires: aias_private.insert_job
-- requires: aias_private.nil_uuid
create or replace function aias_private.queue_mails(
    p_mails uuid[],
    p_channel uuid
)
returns integer
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := aias_private.now();
    v_count integer;
begin
    with queued as (
        update aias_private.onboarding_mails as m
        set state = 'queued', queued_at = v_now, notice_id = aias_private.uuid7()
        where m.id = any(p_mails) and m.state = 'planned'
        returning m.tenant_id, m.user_id, m.sequence, m.step, m.id, m.notice_id
    ),

    noticed as (
        insert into aias_private.notices (
            tenant_id, id, kind, severity, title, body, details, dedup_key, created_at, person_tenant_id, person_id
        )
        select
            aias_private.nil_uuid(),
            q.notice_id,
            'onboarding',
            'info',
            q.sequence || ': ' || q.step,
            '',
            jsonb_build_object('mail', q.id, 'template', s.template, 'sequence', q.sequence, 'step', q.step),
            'onboarding:' || q.id,
            v_now,
            q.tenant_id,
            q.user_id
        from queued as q
        inner join aias_private.onboarding_steps as s on s.sequence = q.sequence and s.name = q.step
        returning id
    )

    insert into aias_private.notice_deliveries (tenant_id, notice_id, channel_id, status, next_at)
    select aias_private.nil_uuid(), n.id, p_channel, 'pending', v_now
    from noticed as n;
    get diagnostics v_count = row_count;
    if v_count > 0 then
        perform aias_private.insert_job(
            'aias.deliver_notices', '{}', l.queue_name, l.base_priority, null, null, null, null
        )
        from aias_private.lanes as l
        where l.name = 'critical';
    end if;
    return v_count;
end;
$$;
revoke execute on function aias_private.queue_mails(uuid[], uuid) from public;
comment on function aias_private.queue_mails(uuid[], uuid) is 'Puts planned mails of sequences into the outbox; returns how many.';
