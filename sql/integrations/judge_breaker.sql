-- aias_private.judge_breaker: open the breaker of a connection whose calls fail too often.
--
-- Caller    note_upstream_calls, for each connection that was called.
-- Promise   when at least min_calls were made in the last minute (in parts of ten seconds) and error_percent of them failed, the
--           gate closes: for open_for, doubled each time since the gate was last open for longest_open, which is the most. So a breaker
--           opens at most ten times in an hour, whatever its upstream does, and each opening and closing is told once.
-- Locks     the gate's row.
-- requires: aias_private.note_breaker
-- requires: aias_private.shut_gate
-- requires: aias_private.upstream_rule
create or replace function aias_private.judge_breaker(
    p_tenant uuid,
    p_integration uuid,
    p_kind text,
    p_connection text
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_rule constant aias_private.upstream_rules := aias_private.upstream_rule(p_kind);
    v_calls integer;
    v_failures integer;
    v_until timestamptz;
begin
    select sum(b.call_count), sum(b.failure_count) into v_calls, v_failures
    from aias_private.breaker_windows as b
    where
        b.tenant_id = p_tenant
        and b.integration_id = p_integration
        and b.started_at > aias_private.now() - interval '1 minute';
    if v_calls < v_rule.min_calls or v_failures * 100 < v_rule.error_percent * v_calls or v_calls is null then
        return;
    end if;
    if exists (
        select
        from aias_private.gates as g
        where g.tenant_id = p_tenant and g.kind = p_kind and g.connection = p_connection and g.status = 'closed'
    ) then
        return;
    end if;
    v_until := aias_private.shut_gate(
        p_tenant,
        p_kind,
        p_connection,
        'breaker',
        format('%s of its last %s calls failed', v_failures, v_calls),
        null,
        v_rule.open_for,
        v_rule.longest_open
    );
    if v_until is not null then
        perform aias_private.note_breaker(
            p_tenant, p_integration, p_kind, p_connection, 'open', v_calls, v_failures, v_until
        );
    end if;
end;
$$;
revoke execute on function aias_private.judge_breaker(uuid, uuid, text, text) from public;
comment on function aias_private.judge_breaker(uuid, uuid, text, text) is
'Opens the breaker of a connection whose calls fail too often.';
