-- aias.settle_privacy_request: note that a privacy request was seen to.
--
-- Errors    JR404 no such request; JR409 it is settled; JR422 the note is missing or too long.
-- requires: aias_private.caller_actor
-- requires: aias_private.record_audit
create or replace function aias.settle_privacy_request(
    p_request uuid,
    p_note text
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_request aias_private.privacy_requests;
begin
    if p_note is null or length(p_note) not between 1 and 2000 then
        raise exception 'a note says in 1 to 2000 characters what was done' using errcode = 'JR422', column = 'p_note';
    end if;
    select r.* into v_request
    from aias_private.privacy_requests as r
    where
        r.id = p_request
        and (aias_private.caller_sees_all() or r.tenant_id is not distinct from aias_private.caller_tenant())
    for update;
    if not found then
        raise exception 'there is no privacy request %', coalesce(p_request::text, 'null')
            using errcode = 'JR404', column = 'p_request';
    end if;
    if v_request.status = 'settled' then
        raise exception 'the privacy request % is settled', p_request using errcode = 'JR409', column = 'p_request';
    end if;
    update aias_private.privacy_requests as r
    set status = 'settled', note = p_note, settled_at = aias_private.now(), settled_by = aias_private.caller_actor()
    where r.tenant_id = v_request.tenant_id and r.id = p_request;
    perform aias_private.record_audit(
        v_request.tenant_id,
        'privacy.settled',
        'privacy_request',
        p_request::text,
        jsonb_build_object('note', p_note, 'status', 'settled', 'before', jsonb_build_object('status', v_request.status))
    );
end;
$$;
revoke execute on function aias.settle_privacy_request(uuid, text) from public;
grant execute on function aias.settle_privacy_request(uuid, text) to aias_app, aias_admin;
comment on function aias.settle_privacy_request(uuid, text) is 'Notes that a privacy request was seen to, and how.';
