-- aias_private.note_health: keep what a look at a check found, and tell of a change.
--
-- Caller    aias_private.look_at_health, and what looks at a check outside of the database.
-- Promise   the result is kept, with its latency; the check's state is this one. Where its status has changed an alert of the rule
--           health_failing opens or ends, in the same transaction: never for a result that is like the last one, and none where a rule of its
--           own tells of the same. p_problems is an array of {"object", "problem"}; of more than 20 the first are kept, and their number.
-- Returns   whether the status has changed.
-- Locks     the check's row, until the transaction ends.
-- Errors    JR404 there is no such check.
-- requires: aias_private.raise_alert
-- requires: aias_private.resolve_alert
create or replace function aias_private.note_health(
    p_name text,
    p_latency_ms double precision,
    p_problems jsonb,
    p_figures jsonb
)
returns boolean
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := aias_private.now();
    v_count constant integer := jsonb_array_length(p_problems);
    v_status constant text := case when v_count = 0 then 'ok' else 'failing' end;
    v_first constant jsonb := jsonb_path_query_array(p_problems, '$[0 to 19]');
    v_check aias_private.health_checks;
begin
    select c.* into v_check from aias_private.health_checks as c where c.name = p_name for update;
    if not found then
        raise exception 'there is no check %', p_name using errcode = 'JR404', column = 'p_check';
    end if;
    insert into aias_private.health_results (id, name, checked_at, status, latency_ms, problem_count, problems, figures)
    values (
        aias_private.uuid7(), p_name, v_now, v_status, greatest(p_latency_ms, 0), v_count, v_first, coalesce(p_figures, '{}')
    );
    update aias_private.health_checks as c
    set
        status = v_status,
        since = case when c.status = v_status then c.since else v_now end,
        checked_at = v_now,
        latency_ms = greatest(p_latency_ms, 0),
        problem_count = v_count,
        problems = v_first
    where c.name = p_name;
    if v_check.status = v_status then
        return false;
    end if;
    if v_check.told_by is null and v_status = 'failing' then
        perform aias_private.raise_alert(
            'health_failing',
            null,
            p_name,
            v_check.severity,
            format('The check %s fails: %s', p_name, (v_first -> 0 ->> 'object') || ' ' || (v_first -> 0 ->> 'problem')),
            jsonb_build_object('check', p_name, 'problem_count', v_count, 'problems', v_first)
        );
    elsif v_check.told_by is null then
        perform aias_private.resolve_alert('health_failing', null, p_name);
    end if;
    -- the first look that finds nothing is news to nobody
    return not (v_check.status = 'unknown' and v_status = 'ok');
end;
$$;
revoke execute on function aias_private.note_health(text, double precision, jsonb, jsonb) from public;
comment on function aias_private.note_health(text, double precision, jsonb, jsonb) is
'Keeps what a look at a check found, opens or ends its alert where that is a change, and says whether it is.';
