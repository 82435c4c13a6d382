-- aias.discard_dead_letter: settle a dead letter without trying again.
--
-- Errors    JR404 no such dead letter; JR409 it is resolved.
-- requires: aias_private.record_audit
-- requires: aias_private.caller_actor
create or replace function aias.discard_dead_letter(
    p_dead_letter uuid,
    p_reason text
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_letter aias_private.dead_letters;
begin
    select d.* into v_letter
    from aias_private.dead_letters as d
    where
        d.id = p_dead_letter
        and (aias_private.caller_sees_all() or d.tenant_id is not distinct from aias_private.caller_tenant());
    if not found then
        raise exception 'there is no dead letter %', coalesce(p_dead_letter::text, 'null')
            using errcode = 'JR404', column = 'p_dead_letter';
    end if;
    update aias_private.dead_letters as d
    set
        resolution = 'discarded',
        resolved_at = aias_private.now(),
        resolved_by = aias_private.caller_actor(),
        resolved_reason = left(p_reason, 1000)
    where d.tenant_id = v_letter.tenant_id and d.id = p_dead_letter and d.resolution is null;
    if not found then
        raise exception 'the dead letter % was resolved before', p_dead_letter
            using errcode = 'JR409', column = 'p_dead_letter';
    end if;
    perform aias_private.record_audit(
        v_letter.tenant_id,
        'dead_letter.discarded',
        'dead_letter',
        p_dead_letter::text,
        jsonb_build_object(
            'reason', left(p_reason, 1000),
            'resolution', 'discarded',
            'before', jsonb_build_object('resolution', null, 'reason', v_letter.reason)
        )
    );
end;
$$;
revoke execute on function aias.discard_dead_letter(uuid, text) from public;
grant execute on function aias.discard_dead_letter(uuid, text) to aias_app, aias_admin;
comment on function aias.discard_dead_letter(uuid, text) is 'Settles a dead letter without trying again; it stays on record.';
