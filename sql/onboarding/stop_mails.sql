-- aias_private.stop_mails: a person unsubscribed: nothing is sent any more, whatever it waits for.
--
-- Promise   what is planned is skipped; what lies in the outbox and is not being sent just now is taken out. Asked again it changes nothing.
-- Locks     the person's mails first: a caller that is just putting some into the outbox is waited for, and then they are seen.
-- requires: aias_private.nil_uuid
create or replace function aias_private.stop_mails(
    p_tenant uuid,
    p_user uuid
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := aias_private.now();
begin
    insert into aias_private.mail_preferences as f (tenant_id, user_id, unsubscribed_at)
    values (p_tenant, p_user, v_now)
    on conflict (tenant_id, user_id) do update set unsubscribed_at = coalesce(f.unsubscribed_at, v_now);
    perform from aias_private.onboarding_mails as m
    where m.tenant_id = p_tenant and m.user_id = p_user and m.state in ('planned', 'queued')
    order by m.id
    for update;
    with taken_out as (
        update aias_private.notice_deliveries as d
        set status = 'discarded', next_at = null, finished_at = v_now, last_error = 'the person unsubscribed'
        from aias_private.onboarding_mails as m
        where
            m.tenant_id = p_tenant
            and m.user_id = p_user
            and m.state = 'queued'
            and d.tenant_id = aias_private.nil_uuid()
            and d.notice_id = m.notice_id
            and d.status = 'pending'
        returning d.notice_id
    )

    update aias_private.onboarding_mails as m
    set state = 'skipped', skip_reason = 'unsubscribed', queued_at = null, finished_at = v_now
    where
        m.tenant_id = p_tenant
        and m.user_id = p_user
        and (
            m.state = 'planned'
            or m.state = 'queued' and m.notice_id in (select o.notice_id from taken_out as o)
        );
end;
$$;
revoke execute on function aias_private.stop_mails(uuid, uuid) from public;
comment on function aias_private.stop_mails(uuid, uuid) is 'Stops all mails of sequences to a person who unsubscribed.';
