-- aias_private.json_problems_at: problems found inside a value, told from the value around it.
--
-- Caller    the checks, on their way back: paths are built for problems only, so a good value costs none.
-- Promise   each problem's path starts with the step; the order stays.
create or replace function aias_private.json_problems_at(
    p_step text,
    p_problems jsonb[]
)
returns jsonb[]
language sql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
    select
        array_agg(
            jsonb_build_object('path', p_step || (p.problem ->> 'path'), 'message', p.problem -> 'message')
            order by p.place
        )
    from unnest(p_problems) with ordinality as p (problem, place)
$$;

revoke execute on function aias_private.json_problems_at(text, jsonb[]) from public;

comment on function aias_private.json_problems_at(text, jsonb[]) is
'The same problems with a step put before each path.';
