-- aias.close_gate: stop every step that needs an upstream.
--
-- Promise   from a second after the commit no call passes (a worker may have asked less than a second before); steps wait and lose
--           no attempt. When p_until has passed, one step goes first, and the others when it came back well. Null: until
--           somebody opens it. Closing again replaces time and reason.
-- Locks     the gate's row.
-- Errors    JR403 the gate of a kind, and the caller is confined to a tenant; JR404 there is no such tenant or connection; JR422 an
--           argument is not valid.
-- requires: aias_private.caller_actor
-- requires: aias_private.gate_key
-- requires: aias_private.nil_uuid
-- requires: aias_private.record_audit
create or replace function aias.close_gate(
    p_gate text,
    p_until timestamptz,
    p_reason text
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_key record;
    v_before jsonb;
    v_now constant timestamptz := aias_private.now();
begin
    select k.tenant_id, k.kind, k.connection, k.name, k.integration_id into v_key
    from aias_private.gate_key(p_gate) as k;
    if p_until <= v_now or p_until > v_now + interval '10 years' then
        raise exception 'a gate is closed until a time to come, within ten years, not until %', p_until
            using errcode = 'JR422', column = 'p_until';
    elsif p_reason is null or length(p_reason) not between 1 and 500 then
        raise exception 'a reason has 1 to 500 characters' using errcode = 'JR422', column = 'p_reason';
    end if;
    select jsonb_strip_nulls(
        jsonb_build_object(
            'status', g.status, 'source', g.source, 'reason', g.reason, 'closed_by', g.closed_by, 'until', g.closed_until
        )
    ) into v_before
    from aias_private.gates as g
    where g.tenant_id = v_key.tenant_id and g.kind = v_key.kind and g.connection = v_key.connection
    for update;
    insert into aias_private.gates as g (
        tenant_id, kind, connection, name, status, source, reason, closed_by, closed_at, closed_until
    )
    values (
        v_key.tenant_id,
        v_key.kind,
        v_key.connection,
        v_key.name,
        'closed',
        'operator',
        p_reason,
        aias_private.caller_actor(),
        v_now,
        p_until
    )
    on conflict (tenant_id, kind, connection) do update
    set
        status = excluded.status,
        source = excluded.source,
        reason = excluded.reason,
        closed_by = excluded.closed_by,
        closed_at = case when g.status = 'closed' then g.closed_at else excluded.closed_at end,
        closed_until = excluded.closed_until,
        probe = null,
        probe_until = null,
        returner_until = null,
        opened_at = null;
    perform aias_private.record_audit(
        nullif(v_key.tenant_id, aias_private.nil_uuid()),
        'gate.closed',
        'gate',
        v_key.name,
        jsonb_strip_nulls(
            jsonb_build_object(
                'status', 'closed',
                'reason', p_reason,
                'until', p_until,
                'before', coalesce(v_before, '{"status": "open"}')
            )
        )
    );
end;
$$;
revoke execute on function aias.close_gate(text, timestamptz, text) from public;
grant execute on function aias.close_gate(text, timestamptz, text) to aias_app, aias_admin;
comment on function aias.close_gate(text, timestamptz, text) is
'Stops every step that needs an upstream until a time, or until the gate is opened; the steps wait and lose no attempt.';
