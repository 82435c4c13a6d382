-- aias_private.note_sent_mails: keep of the outbox how the mails of sequences went, before retention drops it.
--
-- Caller    the schedule onboarding, every minute; until then aias.onboarding_progress reads the outbox itself.
-- Plan      onboarding_mails_outbox_idx, notice_deliveries_once_key.
-- requires: aias_private.nil_uuid
create or replace function aias_private.note_sent_mails()
returns integer
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_count integer;
begin
    update aias_private.onboarding_mails as m
    set
        state = case
            when d.status = 'delivered' then 'sent'
            when d.doubt_count > 0 then 'in_doubt'
            else 'failed'
        end,
        finished_at = d.finished_at
    from aias_private.notice_deliveries as d
    where
        d.tenant_id = aias_private.nil_uuid()
        and d.notice_id = m.notice_id
        and (
            m.state = 'queued' and d.status in ('delivered', 'failed', 'discarded')
            or m.state in ('failed', 'in_doubt') and d.status = 'delivered'
        );
    get diagnostics v_count = row_count;
    return v_count;
end;
$$;
revoke execute on function aias_private.note_sent_mails() from public;
grant execute on function aias_private.note_sent_mails() to aias_worker;
comment on function aias_private.note_sent_mails() is 'Keeps of the outbox how the mails of sequences went; returns of how many.';
