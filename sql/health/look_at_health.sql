-- aias_private.look_at_health: look at one check of the database now, and keep what is found.
--
-- Caller    the periodic tasks of health, `aias health --check`, each in a transaction of its own.
-- Promise   as aias_private.note_health. A check that can't be made fails, with the reason as its problem.
-- Returns   whether the status has changed.
-- Errors    JR404 there is no such check; JR422 it is one that only a process can make.
-- requires: aias_private.note_health
create or replace function aias_private.look_at_health(p_check text)
returns boolean
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_started constant timestamptz := clock_timestamp();
    v_runs_in text;
    v_problems jsonb;
begin
    select c.runs_in into v_runs_in from aias_private.health_checks as c where c.name = p_check;
    if not found then
        raise exception 'there is no check %', coalesce(quote_literal(p_check), 'null')
            using errcode = 'JR404', column = 'p_check';
    end if;
    if v_runs_in <> 'sql' then
        raise exception 'the check % is made outside of the database', p_check
            using errcode = 'JR422', column = 'p_check';
    end if;
    begin
        execute format(
            'select coalesce(jsonb_agg(to_jsonb(c)), ''[]'') from aias_private.%I() as c', 'check_' || p_check
        ) into v_problems;
    exception
        -- a time limit of the caller's own is the caller's
        when query_canceled then raise;
        when others then
            v_problems := jsonb_build_array(jsonb_build_object('object', p_check, 'problem', left(sqlerrm, 1000)));
    end;
    return aias_private.note_health(
        p_check, extract(epoch from clock_timestamp() - v_started) * 1000, v_problems, null
    );
end;
$$;
revoke execute on function aias_private.look_at_health(text) from public;
comment on function aias_private.look_at_health(text) is
'Looks at one check now, keeps what it finds, and says whether that is a change.';
