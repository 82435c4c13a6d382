-- aias_private.steps_after: a step of a definition and all that comes after it.
--
-- Promise   "after" follows needs, from a step to its fallback, and from the fallback to what needs the step.
create or replace function aias_private.steps_after(
    p_definition jsonb,
    p_step text
)
returns setof text
language sql
immutable
set search_path = pg_catalog, pg_temp
as $$
    with recursive edges as (
        select n.need as source, s.step ->> 'id' as target
        from jsonb_array_elements(p_definition -> 'steps') as s(step)
        cross join jsonb_array_elements_text(coalesce(nullif(s.step -> 'needs', 'null'), '[]')) as n(need)
        union all
        select s.step ->> 'id', s.step #>> '{on_failure,step}'
        from jsonb_array_elements(p_definition -> 'steps') as s(step)
        where s.step #>> '{on_failure,step}' is not null
        union all
        -- what needs a step sees its fallback's output instead
        select s.step #>> '{on_failure,step}', d.step ->> 'id'
        from jsonb_array_elements(p_definition -> 'steps') as s(step)
        inner join jsonb_array_elements(p_definition -> 'steps') as d(step)
            on coalesce(nullif(d.step -> 'needs', 'null'), '[]') ? (s.step ->> 'id')
        where s.step #>> '{on_failure,step}' is not null
    ),
    reached as (
        select p_step as id
        union
        select e.target
        from edges as e
        inner join reached as r on r.id = e.source
    )
    select r.id from reached as r
$$;
revoke execute on function aias_private.steps_after(jsonb, text) from public;
comment on function aias_private.steps_after(jsonb, text) is 'A step of a definition and all that comes after it.';
